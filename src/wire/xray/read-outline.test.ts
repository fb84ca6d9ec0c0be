import { describe, expect, test } from 'vitest'
import { catalogueFileNames, documentTexts, readCatalogueFile } from '../../../test/fixtures/catalogue.ts'
import { outlined } from '../../../test/fixtures/outlined.ts'
import type { IncomingDocument } from '../../model/document.ts'
import type { SegmentDocument } from '../../model/entity.ts'
import { walk } from '../../model/walk.ts'
import { createDocumentReader } from './read-document.ts'
import { readOutline } from './read-outline.ts'
import { readSegmentDocument } from './read-segment-document.ts'
import { defaultReaderOptions } from './reader-options.ts'

const NOW = 1_800_000_000
const read = createDocumentReader({
  ...defaultReaderOptions,
  maxPastSeconds: 0,
  maxFutureSeconds: 1e300,
})

/** The first accepted document of a text. */
function accepted(text: string): IncomingDocument {
  const [first] = read(text, NOW)
  if (first?.ok !== true) throw new Error(`not accepted: ${text.slice(0, 200)}`)
  return first.value
}

const TOP = { name: 'api', id: '70de5b6f19ff9a0a', trace_id: '1-6a18a400-a006649127e371903a2de979' }
const json = (fields: object): string => JSON.stringify({ ...TOP, start_time: NOW, end_time: NOW + 1, ...fields })

/** The outline of an accepted text, which must be what is to be kept of the whole document. */
function kept(text: string): SegmentDocument {
  const { raw } = accepted(text)
  const document = readOutline(raw)
  expect(document).toEqual(outlined(readSegmentDocument(raw)))
  return document
}

describe('an outline', () => {
  test.each(catalogueFileNames())('of %s is the document without what nobody asks for', (fileName) => {
    const file = readCatalogueFile(fileName)
    const reader = createDocumentReader({ ...defaultReaderOptions, ...file.options })
    for (const text of documentTexts(file, file.now)) {
      for (const entry of reader(text, file.now)) {
        if (!entry.ok) continue
        const { raw } = entry.value
        expect(readOutline(raw)).toEqual(outlined(readSegmentDocument(raw)))
      }
    }
  })

  test('has all that is kept', () => {
    const document = kept(
      json({
        parent_id: '70DE5B6F19FF9A0B',
        http: {
          request: { method: 'GET', url: 'http://x/', user_agent: 'curl', client_ip: '::1' },
          response: { status: '404' },
        },
        aws: {
          account_id: 12,
          ec2: { instance_id: 'i-1', availability_zone: 'a' },
          ecs: { container_arn: 'arn:c' },
          cloudwatch_logs: { arn: 'arn:l' },
          function_arn: 'arn:f',
          resource_names: ['r', 1, ''],
        },
        annotations: { a: 'x', b: 1.5, c: false, 'no key': 1, d: null, e: [1], 'aws:f': 0 },
        user: 7,
        origin: 'AWS::Lambda::Function',
        resource_arn: 'arn:r',
        error: 'true',
        throttle: false,
        links: {
          trace_id: 'x',
          id: 'ABCDEFABCDEFABCD',
          attributes: { 'aws.xray.reserved.reference_type': 'child', k: 1 },
        },
        subsegments: [
          null,
          {
            id: '70de5b6f19ff9a0c',
            name: 'DynamoDB',
            start_time: NOW,
            in_progress: true,
            namespace: 'aws',
            traced: true,
            aws: { table_names: ['t1', 't2'], operation: 'Query' },
            cause: {
              id: 'ABCDEFABCDEFABCD',
              exceptions: [
                { type: 'E', stack: [{ path: 'p' }] },
                { id: 'x', message: 'm' },
              ],
            },
            sql: { url: 'u' },
          },
          { id: '70de5b6f19ff9a0d', name: 'x', start_time: NOW, end_time: NOW, cause: 'ABCDEFABCDEFABCD' },
        ],
      }),
    )
    expect(document.entity.annotations).toEqual(
      new Map<string, unknown>([
        ['a', 'x'],
        ['b', 1.5],
        ['c', false],
        ['aws:f', 0],
      ]),
    )
    expect(document.entity.subsegments[0]).toMatchObject({
      traced: true,
      sql: {},
      cause: { id: 'abcdefabcdefabcd', exceptions: [{ type: 'E' }, { id: 'x', message: 'm' }] },
    })
  })
})

describe('an outline keeps exactly', () => {
  test.each([
    ['microseconds', 1_700_000_000.123456, 1_700_000_000.123457],
    ['what Python sends', 1_700_000_000.1234567, 1_700_000_003.7654321],
    ['neighbouring doubles', 1_700_000_000.1234567, 1_700_000_000.1234567 + 2 ** -22],
    ['an end before the start', 1_700_000_100.5, 1_700_000_000.3],
    ['many hours', 1_700_000_000.1, 1_700_900_000.2],
    ['times before 2004', 0.1, 1_000_000_000.1],
    ['times after 2038', 2_500_000_000.3, 2_500_000_000.7],
    ['tiny and huge times', 5e-324, 1.7e308],
    ['a time scaled to milliseconds', 1_700_000_000.25, 1_700_000_000_250.5],
    ['negative times', -3.7, 0.1],
  ])('%s', (_, start, end) => {
    const { entity } = kept(
      json({
        start_time: start,
        end_time: end,
        subsegments: [{ ...TOP, start_time: end, end_time: start < 0 ? end : start }],
      }),
    )
    expect([entity.startTime, entity.endTime, entity.subsegments[0]?.startTime]).toEqual([start, end, end])
  })

  test.each(['\ud800', 'a\udc00b', '\u0000\u001f"\\', '\u2028', 'é'.repeat(300), '😀', '__proto__'])(
    'the text %j',
    (text) => {
      const { entity } = kept(json({ user: text, annotations: { k: text }, http: { request: { url: text } } }))
      expect([entity.user, entity.annotations?.get('k'), entity.http?.url]).toEqual([text, text, text])
    },
  )

  test('annotations with the names of members of objects', () => {
    const { entity } = kept(json({}).replace('{', '{"annotations":{"__proto__":"p","constructor":"c","10":1,"9":2},'))
    expect([...(entity.annotations ?? [])]).toEqual([
      ['9', 2],
      ['10', 1],
      ['__proto__', 'p'],
      ['constructor', 'c'],
    ])
  })

  test('the nearest double of a long number', () => {
    const { entity } = kept(json({}).replace('{', '{"annotations":{"n":12345678901234567890,"m":1e400},'))
    expect(entity.annotations).toEqual(new Map([['n', Number('12345678901234567890')]]))
  })

  test('the sign of a zero', () => {
    const zeros = '"annotations":{"n":-0,"m":0},"links":[{"attributes":{"aws.xray.reserved.n":-0.0}}]'
    const { entity } = kept(json({}).replace('{', `{${zeros},`))
    expect([...(entity.annotations?.values() ?? []), entity.links?.[0]?.attributes?.['aws.xray.reserved.n']]).toEqual([
      -0, 0, -0,
    ])
  })

  test('an upper-case id in lower case, and the first 20 links', () => {
    const links = Array.from({ length: 30 }, (_, id) => ({ id: `${id}` }))
    const { entity } = kept(json({ id: 'ABCDEFABCDEFABCD', links }))
    expect([entity.id, entity.links?.length]).toEqual(['abcdefabcdefabcd', 20])
  })
})

describe('an outline leaves out', () => {
  const child = (digit: string, fields: object = {}): object => {
    return { id: `70de5b6f19ff9a0${digit}`, name: 'x', start_time: NOW, end_time: NOW + 1, ...fields }
  }

  test.each([
    ['next to each other', [child('b'), child('B', { end_time: 0 }), child('c')], 2],
    ['in each other', [child('b', { subsegments: [child('b'), child('c')] })], 1],
    [
      'among many',
      Array.from('123456789bcdef')
        .map((digit) => child(digit))
        .concat(child('1')),
      14,
    ],
    ['and not an id that only the segment has', [child('a')], 1],
  ])('repeated subsegments: %s', (_, subsegments, count) => {
    expect(kept(json({ subsegments })).entity.subsegments).toHaveLength(count)
  })

  test('repetitions of an independent subsegment in itself', () => {
    const parent = { type: 'subsegment', parent_id: '70de5b6f19ff9a0f' }
    expect(kept(json({ ...parent, subsegments: [child('a'), child('b')] })).entity.subsegments).toHaveLength(1)
  })

  test('passwords, wherever they stand', () => {
    const url = 'postgresql://web:hunter2@db/orders'
    const text = json({ annotations: { url }, subsegments: [child('b', { sql: { url }, http: { request: { url } } })] })
    const { entity } = kept(text)
    const replaced = 'postgresql://web:***@db/orders'
    expect([entity.annotations?.get('url'), entity.subsegments[0]?.http?.url]).toEqual([replaced, replaced])
  })
})

test('256 levels and five hundred subsegments have an outline', () => {
  let deep = '{}'
  for (let level = 256; level > 0; level--) {
    deep = `{"id":"${(4096 + level).toString(16).padStart(16, '0')}","name":"x","start_time":1,"end_time":2,"subsegments":[${deep}]}`
  }
  const levels = json({}).replace('{', `{"subsegments":[${deep.replace('[{}]', '[]')}],`)
  expect([...walk(kept(levels).entity)].filter(({ name }) => name === 'x')).toHaveLength(256)
  const wide = Array.from(
    { length: 500 },
    (_, id) => `{"id":"${(4096 + id).toString(16).padStart(16, '0')}","name":"x","start_time":1,"end_time":2}`,
  )
  expect(kept(json({}).replace('{', `{"subsegments":[${wide.join(',')}],`)).entity.subsegments).toHaveLength(500)
})

test.each(['', '[', 'null', '[2,0]', '"x"', '{}', '{"trace_id":"1-2-3"}'])('%j was never accepted', (text) => {
  expect(() => readOutline(text)).toThrow(/JSON|trace_id/)
})
