import { describe, expect, test } from 'vitest'
import {
  anEntity,
  entityId,
  segment,
  subsegment,
  TRACE_ID,
  type EntityFields,
} from '../../test/fixtures/model-documents.ts'
import { assemble } from './assemble.ts'
import type { Entity, SegmentDocument } from './entity.ts'
import type { JsonObject } from './json.ts'
import { processedDocuments, type ProcessedDocument } from './processed-documents.ts'
import { walk } from './walk.ts'

function processed(...documents: readonly SegmentDocument[]): readonly ProcessedDocument[] {
  return processedDocuments(
    assemble(
      TRACE_ID,
      1,
      documents.map((document, received) => ({ document, received })),
    ),
  )
}

const inferredOf = (documents: readonly ProcessedDocument[]) => documents.filter(({ kind }) => kind === 'inferred')

/** The first 16 digits of `printf %s "$traceId:$callId" | sha256sum`. */
const INFERRED_OF_B = '049cb038a9eaa2df'

describe('inferred segments', () => {
  test('say what the call says, and no more', () => {
    const call = anEntity('b', {
      name: 'dynamodb',
      namespace: 'aws',
      start: 0.25,
      http: { status: 500 },
      aws: { table_name: 't' },
      error: false,
      throttle: false,
      fault: true,
      cause: {
        kind: 'exceptions',
        workingDirectory: '/app',
        exceptions: [{ message: 'ours' }, { message: 'theirs', remote: true }],
      },
      sql: { url: 'u' },
      annotations: new Map([['a', 1]]),
      metadata: new Map(),
      precursorIds: [],
      links: [],
      subsegments: [anEntity('c')],
    })
    expect(inferredOf(processed(segment('a', { subsegments: [call] })))).toStrictEqual([
      {
        kind: 'inferred',
        parentId: entityId('b'),
        entity: {
          ...anEntity('1', { name: 'dynamodb', start: 0.25 }),
          id: INFERRED_OF_B,
          http: { status: 500 },
          aws: Object.assign(Object.create(null), { table_name: 't', resource_names: ['t'] }),
          origin: 'AWS::DynamoDB::Table',
          error: false,
          throttle: false,
          fault: true,
          cause: { kind: 'exceptions', exceptions: [{ message: 'theirs', remote: true }] },
          sql: { url: 'u' },
        },
      },
    ])
  })

  test('of a call in progress are in progress, and of a host have no origin', () => {
    const [inferred] = inferredOf(
      processed(segment('a', { subsegments: [anEntity('b', { namespace: 'remote', end: undefined })] })),
    )
    expect(inferred?.entity).toMatchObject({ inProgress: true })
    expect(inferred?.entity).not.toHaveProperty('endTime')
    expect(inferred?.entity).not.toHaveProperty('origin')
  })

  const call = (fields: EntityFields) => segment('a', { subsegments: [anEntity('b', fields)] })
  test.each<{ reason: string; documents: SegmentDocument[]; inferred: string[] }>([
    { reason: 'a call', documents: [call({ namespace: 'remote' })], inferred: ['b'] },
    { reason: 'local work', documents: [call({ namespace: 'local' })], inferred: [] },
    { reason: 'no namespace', documents: [call({})], inferred: [] },
    { reason: 'a segment', documents: [segment('a', { namespace: 'remote' })], inferred: [] },
    { reason: 'a traced call', documents: [call({ namespace: 'remote', traced: true })], inferred: [] },
    {
      reason: 'the other spelling',
      documents: [call({ namespace: 'remote', http: { traced: true } })],
      inferred: [],
    },
    {
      reason: 'a call whose other side reports',
      documents: [call({ namespace: 'remote' }), segment('c', { parent: 'b' })],
      inferred: [],
    },
    {
      reason: 'a call under which an independent subsegment stands',
      documents: [call({ namespace: 'remote' }), subsegment('c', 'b')],
      inferred: ['b'],
    },
    {
      reason: 'an independent subsegment',
      documents: [segment('a'), subsegment('b', 'a', { namespace: 'aws' })],
      inferred: ['b'],
    },
    { reason: 'an orphan', documents: [subsegment('b', 'f', { namespace: 'aws' })], inferred: ['b'] },
    {
      reason: 'calls within a call',
      documents: [call({ namespace: 'aws', subsegments: [anEntity('c', { namespace: 'remote' })] })],
      inferred: ['b', 'c'],
    },
  ])('$reason: $inferred', ({ documents, inferred }) => {
    expect(inferredOf(processed(...documents)).map(({ parentId }) => parentId)).toEqual(inferred.map(entityId))
  })
})

describe('resource names', () => {
  const names = (fields: EntityFields): unknown => {
    const [root] = processed(segment('a', { subsegments: [anEntity('b', fields)] }))
    return root?.entity.subsegments[0]?.aws?.['resource_names']
  }
  test.each<{ aws: JsonObject; expected: unknown }>([
    { aws: { table_name: 't' }, expected: ['t'] },
    { aws: { table_names: ['t1', 't2'] }, expected: ['t1', 't2'] },
    { aws: { table_names: "dict_keys(['t1', 't2'])" }, expected: ['t1', 't2'] },
    { aws: { table_names: 'dict_keys([])' }, expected: undefined },
    { aws: { table_name: 't', table_names: ['t', 'u'] }, expected: ['t', 'u'] },
    { aws: { function_name: 'f' }, expected: ['f'] },
    { aws: { function_name: 'arn:aws:lambda:us-east-1:1:function:f' }, expected: ['f'] },
    { aws: { bucket_name: 'b' }, expected: ['b'] },
    { aws: { queue_url: 'https://sqs.us-east-1.amazonaws.com/1/q' }, expected: ['q'] },
    { aws: { topic_arn: 'arn:aws:sns:us-east-1:1:t' }, expected: ['t'] },
    { aws: { endpoint_name: 'e' }, expected: ['e'] },
    { aws: { table_name: 't', resource_names: ['mine'] }, expected: ['mine'] },
    { aws: { operation: 'ListTables' }, expected: undefined },
  ])('$aws → $expected', ({ aws, expected }) => {
    expect(names({ namespace: 'aws', aws })).toEqual(expected)
  })

  test('are for AWS calls and Lambda functions only', () => {
    const aws = { function_arn: 'arn:aws:lambda:us-east-1:1:function:f', table_name: 't' }
    expect(names({ namespace: 'remote', aws })).toBeUndefined()
    const ofSegment = (origin: string): unknown => processed(segment('a', { origin, aws }))[0]?.entity.aws
    expect(ofSegment('AWS::Lambda::Function')).toEqual({ ...aws, resource_names: ['f'] })
    expect(ofSegment('AWS::Lambda')).toBe(aws)
  })

  test('leave the rest of a tree alone, and hostile keys keys', () => {
    const quiet = anEntity('c')
    const aws = JSON.parse('{"__proto__":1,"table_name":"t"}') as JsonObject
    const call = anEntity('d', { start: 1, namespace: 'aws', aws })
    const [root] = processed(segment('a', { subsegments: [quiet, anEntity('b', { start: 1, subsegments: [call] })] }))
    const [first, second] = root?.entity.subsegments ?? []
    expect(first).toBe(quiet)
    const returned = second?.subsegments[0]?.aws ?? {}
    expect(JSON.stringify(returned)).toBe('{"__proto__":1,"table_name":"t","resource_names":["t"]}')
    expect(Object.keys(aws)).toEqual(['__proto__', 'table_name'])
  })
})

test('a hundred links are returned of a trace, the first ones', () => {
  const links = (count: number) => Array.from({ length: count }, (_, n) => ({ id: `${n}` }))
  const documents = processed(
    segment('a', { links: links(60), subsegments: [anEntity('b', { links: links(30) })] }),
    segment('c', { start: 1, links: links(20) }),
    segment('d', { start: 2, links: links(5) }),
  )
  const counts = documents.flatMap(({ entity }) => Array.from(walk(entity), (one: Entity) => one.links?.length))
  expect(counts).toEqual([60, 30, 10, 0])
  expect(documents[1]?.entity.links).toEqual(links(10))
})

test('real and inferred ones are in the order of start, then id', () => {
  const call = (id: string, start: number) => anEntity(id, { start, namespace: 'remote' })
  const documents = processed(
    segment('a', { start: 1, subsegments: [call('b', 0), call('c', 2)] }),
    segment('d', { start: 2 }),
  )
  expect(documents.map(({ kind, entity, parentId }) => (kind === 'inferred' ? parentId : entity.id))).toEqual(
    ['b', 'a', 'd', 'c'].map(entityId),
  )
})

test('ten thousand calls in a chain as deep, in about a second', () => {
  let chain: readonly Entity[] = []
  for (let level = 10_000; level > 0; level--) {
    chain = [anEntity(level.toString(16), { namespace: 'aws', aws: { table_name: 't' }, subsegments: chain })]
  }
  const startMs = performance.now()
  const documents = processed(segment('ffff', { subsegments: chain }))
  expect(performance.now() - startMs).toBeLessThan(2_000)
  expect(documents).toHaveLength(10_001)
  const [deepest] = documents.map(({ entity }) => [...walk(entity)]).filter(({ length }) => length > 1)
  expect(deepest?.at(-1)?.aws).toEqual({ table_name: 't', resource_names: ['t'] })
})
