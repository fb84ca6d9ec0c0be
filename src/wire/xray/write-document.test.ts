import { describe, expect, test } from 'vitest'
import type { Entity } from '../../model/entity.ts'
import type { TraceRoot } from '../../model/trace.ts'
import { readSegmentDocument } from './read-segment-document.ts'
import { writeDocument } from './write-document.ts'

const everything = {
  subsegments: [
    {
      in_progress: false,
      traced: true,
      precursor_ids: ['a'],
      subsegments: null,
      sql: { url: 'u' },
      cause: 'c',
      fault: true,
      throttle: true,
      error: true,
      namespace: 'aws',
      aws: {},
      http: {},
      end_time: 2,
      start_time: 1,
      name: 's',
      id: '53995c3f42cd8ad8',
      type: 'subsegment',
      parent_id: '70de5b6f19ff9a0a',
      trace_id: '1-6a18a500-a006649127e371903a2de979',
    },
  ],
  links: [{ attributes: {}, id: 'l', trace_id: 't' }],
  traced: false,
  precursor_ids: [],
  sql: {
    preparation: 'p',
    user: 'u',
    driver_version: 'd',
    database_version: 'v',
    database_type: 't',
    sanitized_query: 's',
  },
  cause: { exceptions: [], paths: [], working_directory: 'w' },
  fault: false,
  throttle: false,
  error: false,
  namespace: 'remote',
  service: { version: '1' },
  user: 'u',
  resource_arn: 'r',
  origin: 'o',
  metadata: { default: {} },
  annotations: {},
  aws: { z: 1, a: 2 },
  http: { response: { content_length: 1, status: 200 }, request: { url: 'u', method: 'GET' } },
  in_progress: true,
  parent_id: '70de5b6f19ff9a0b',
  end_time: 2,
  trace_id: '1-6a18a500-a006649127e371903a2de979',
  start_time: 1,
  name: 'api',
  id: '70de5b6f19ff9a0a',
}

function written(document: object, kind: TraceRoot['kind'] = 'segment'): string {
  const { traceId, parentId, entity } = readSegmentDocument(JSON.stringify(document))
  return writeDocument(traceId, { kind, ...(parentId !== undefined && { parentId }), entity })
}

describe('the order of keys is that of AWS', () => {
  test('at the top', () => {
    expect(Object.keys(JSON.parse(written(everything))).join(' ')).toBe(
      'id name start_time trace_id end_time parent_id http aws annotations metadata origin resource_arn user service ' +
        'namespace error throttle fault cause sql precursor_ids traced links subsegments',
    )
  })
  test('of an open orphan', () => {
    const { http, aws, ...orphan } = { ...everything, end_time: 0, type: 'subsegment' }
    expect(written(orphan, 'orphan')).toMatch(
      /^{"id":.*"trace_id":"[^"]*","parent_id":"[^"]*","type":"subsegment","in_progress":true,"ann/,
    )
    expect([http, aws]).not.toContain(undefined)
  })
  test('of an inferred segment', () => {
    const { traceId, parentId, entity } = readSegmentDocument(JSON.stringify(everything))
    const text = writeDocument(traceId, { kind: 'inferred', parentId: parentId ?? entity.id, entity })
    expect(Object.keys(JSON.parse(text)).slice(0, 8).join(' ')).toBe(
      'id name start_time trace_id end_time parent_id inferred http',
    )
    expect(text).toContain('"inferred":true')
  })
  test('of embedded subsegments', () => {
    const [subsegment] = JSON.parse(written(everything)).subsegments
    expect(Object.keys(subsegment).join(' ')).toBe(
      'id name start_time end_time http aws namespace error throttle fault cause sql precursor_ids traced',
    )
  })
})

test('nothing is null, and empty objects that were sent are kept', () => {
  expect(written(everything)).not.toContain('null')
  expect(JSON.parse(written(everything))).toMatchObject({ annotations: {}, subsegments: [{ aws: {}, http: {} }] })
})

test('a merged tree of any depth', () => {
  const { traceId, entity } = readSegmentDocument(JSON.stringify({ ...everything, subsegments: [], links: null }))
  let deep: Entity = entity
  for (let level = 0; level < 20_000; level++) deep = { ...entity, subsegments: [deep] }
  const text = writeDocument(traceId, { kind: 'segment', entity: deep })
  expect(text.split('"subsegments":[{').length - 1).toBe(20_000)
  expect(JSON.parse(text)).toHaveProperty(['subsegments', 0, 'subsegments', 0, 'name'], 'api')
})

test('hostile keys survive the way through', () => {
  const text = JSON.stringify({ ...everything, metadata: null }).replace(
    '"metadata":null',
    '"metadata":{"__proto__":{"__proto__":{"a":[]}}}',
  )
  expect(written(JSON.parse(text))).toContain('"metadata":{"__proto__":{"__proto__":{"a":[]}}}')
})
