import fc from 'fast-check'
import { expect, test } from 'vitest'
import { searchFactsOf, type SearchFacts } from '../../model/search-facts.ts'
import { searchFactsOfText } from './find-search-facts.ts'
import { createDocumentReader } from './read-document.ts'
import { readSegmentDocument } from './read-segment-document.ts'
import { defaultReaderOptions } from './reader-options.ts'

const NOW = 1_800_000_000
const read = createDocumentReader({ ...defaultReaderOptions, maxPastSeconds: 0 })

/** What JSON can say and JavaScript does not write; it stands between `@`s until the text is made. */
const numbers = [
  '1e400',
  '-1e400',
  '-0',
  '-0.0',
  '5.0',
  '1E2',
  '12345678901234567890',
  '0.1e-400',
  '1.0000000000000001',
]
const odd = fc.constantFrom<unknown>(null, '', 'x', 0, -1, 12.5, true, false, 'TRUE', '12', [], {}, [{}], ['x', 1])
const oddText = fc.constantFrom(
  '\ud800',
  'a\udc00',
  '\0',
  '\n',
  '🙂',
  '__proto__',
  `${'🙂'.repeat(999)}ab`,
  'x'.repeat(1_001),
)
const number = fc.constantFrom(...numbers.map((one) => `@${one}@`))
const value = fc.oneof(odd, oddText, number)
const orOdd = (arbitrary: fc.Arbitrary<unknown>) => fc.oneof({ weight: 5, arbitrary }, value)
const anyOf = (...values: readonly unknown[]) => orOdd(fc.constantFrom(...values))
const fields = (model: Record<string, fc.Arbitrary<unknown>>) => fc.record(model, { requiredKeys: [] })

/** Where it is the URL of an SQL call, the password is taken out wherever it stands. */
const WITH_PASSWORD = 'postgresql://web:hunter2@db/orders'

/** Few, in both cases, so that entities repeat in one document; and many, so that they do not. */
const id = fc.oneof(fc.constantFrom('abcdef0000000001', 'ABCDEF0000000001', 'abcdef0000000002', 'abcdef0000000003'), {
  weight: 1,
  arbitrary: fc.nat(2 ** 30).map((number) => number.toString(16).padStart(16, '0')),
})
const status = anyOf(200, 299, 299.5, 300, 399, 400, 404, 429, 499, 499.9, 500, 599, 600, 99, -1, '503', '429 ', ' 500')
const http = orOdd(
  fields({
    request: orOdd(fields({ url: anyOf('https://a/', 'https://a/?b=c\nd', WITH_PASSWORD), method: anyOf('GET') })),
    response: orOdd(fields({ status })),
  }),
)
/** Of free-form members, a number that is not finite is a name too much, which rules nothing out: not of these. */
const freeOf = (...values: readonly unknown[]) =>
  fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...values) },
    odd,
    oddText,
    fc.constantFrom('@5.0@', '@1E2@', '@-0@'),
  )
const lists = freeOf(['t', 'u'], ['t', null, ''], "dict_keys(['t1', 't2'])", 'dict_keys([])')
const aws = fields({
  account_id: anyOf('111122223333', 111122223333),
  ec2: orOdd(fields({ instance_id: anyOf('i-1'), availability_zone: anyOf('a') })),
  table_name: anyOf('t'),
  table_names: lists,
  resource_names: lists,
  queue_url: anyOf('https://queue/'),
  bucket_name: freeOf('b'),
  function_name: freeOf('f', 'arn:aws:lambda:us-east-1:1:function:f:1', 'arn:aws:lambda:us-east-1:1:function:'),
})
const key = fc.constantFrom('a', 'b', 'a b', '__proto__', 'constructor', 'aws:c', 'k.é', '', '\0', 'x'.repeat(501))
const flag = anyOf(true, false, 'true', 'FALSE')
const common = {
  namespace: anyOf('aws', 'remote', 'local', 'AWS'),
  fault: flag,
  error: flag,
  throttle: flag,
  http,
  aws: orOdd(aws),
  annotations: orOdd(fc.dictionary(key, value, { maxKeys: 4 })),
  user: anyOf('u', 'v', 12, WITH_PASSWORD),
  sql: orOdd(fields({ url: anyOf(WITH_PASSWORD) })),
  precursor_ids: odd,
}
const end = fc.oneof(
  fc.record({ end_time: fc.constantFrom(NOW + 1, NOW - 5, 0, -1, '1800000002.5', 3, NOW + 90_000, '@1e308@') }),
  fc.constant({ in_progress: true }),
  fc.constant({ in_progress: true, end_time: NOW + 2 }),
)
const name = fc.constantFrom('x', 'y', 'DynamoDB', 'dynamodb', 'AmazonSQS', 's3', 'Lambda', 'sfn')
const { entity } = fc.letrec<{ entity: object }>((tie) => ({
  entity: fc
    .tuple(
      fc.record(
        { ...common, id, name, start_time: fc.constantFrom(NOW, NOW + 0.123_456_7, '1800000000') },
        {
          requiredKeys: ['id', 'name', 'start_time'],
        },
      ),
      end,
      fc.oneof(
        { maxDepth: 3, depthSize: 'small' },
        fc.constant([]),
        fc.array(fc.oneof(tie('entity'), fc.constant(null)), { maxLength: 3 }),
      ),
    )
    .map(([own, closed, subsegments]) => ({ ...own, ...closed, subsegments })),
}))
const document = fc
  .tuple(entity, fc.constantFrom({}, { type: 'subsegment' }, { type: 'Segment' }), fc.boolean())
  .map(([own, top, hasParent]) => {
    const parent = hasParent || top.type === 'subsegment' ? { parent_id: 'abcdef0000000009' } : {}
    const trace = { trace_id: '1-6b49d200-000000000000000000000001' }
    return JSON.stringify({ ...own, ...top, ...parent, ...trace }).replaceAll(/"@([^"]*)@"/g, '$1')
  })

type Facts = {
  readonly texts: ReadonlySet<string>
  readonly isRoot: boolean
  readonly lastEnd: number
}

/** Names, terms and URLs are told apart by what stands before them. */
const asSets = ({ names, terms, urls, isRoot, lastEnd }: SearchFacts): Facts => ({
  texts: new Set([...names.map((name) => `name ${name}`), ...terms, ...urls.map((url) => `url ${url}`)]),
  isRoot,
  lastEnd,
})

type Sent = { readonly id: string; readonly type?: string; readonly subsegments?: readonly (Sent | null)[] }

/** Whether two subsegments have one id, so that one is left out of the whole document. */
function hasRepetition(raw: string): boolean {
  const top = JSON.parse(raw) as Sent
  const idsBelow = (entity: Sent): readonly string[] =>
    (entity.subsegments ?? []).flatMap((one) => (one === null ? [] : [one.id.toLowerCase(), ...idsBelow(one)]))
  const ids = [...(top.type === 'subsegment' ? [top.id.toLowerCase()] : []), ...idsBelow(top)]
  return new Set(ids).size < ids.length
}

test('what is found in a document as it is sent is what the whole tree says, and what repeated subsegments say', () => {
  let [accepted, repeating, facts] = [0, 0, 0]
  fc.assert(
    fc.property(document, (text) => {
      for (const entry of read(text, NOW)) {
        if (!entry.ok) continue
        const { raw, search } = entry.value
        accepted += 1
        facts += search.terms.length
        expect(searchFactsOfText(raw)).toEqual(search)
        const [found, whole] = [asSets(search), asSets(searchFactsOf(readSegmentDocument(raw)))]
        if (!hasRepetition(raw)) {
          expect(found).toEqual(whole)
          continue
        }
        repeating += 1
        expect([...whole.texts].filter((one) => !found.texts.has(one))).toEqual([])
        expect(found.isRoot).toBe(whole.isRoot)
        expect(found.lastEnd).toBeGreaterThanOrEqual(whole.lastEnd)
      }
    }),
    { numRuns: 4_000 },
  )
  // Proves that what is generated is accepted, says something, and is of both kinds.
  expect(accepted - repeating).toBeGreaterThan(1_500)
  expect(repeating).toBeGreaterThan(100)
  expect(facts).toBeGreaterThan(10_000)
}, 30_000)

test('a repeated subsegment counts, though it is left out of the whole document', () => {
  const [trace_id, start_time, end_time] = ['1-6b49d200-000000000000000000000001', NOW, NOW + 1]
  const inner = { id: 'abcdef0000000001', name: 'x', namespace: 'remote', start_time, end_time }
  const subsegments = [{ ...inner, name: 'y', user: 'u', end_time: NOW + 9 }, inner]
  const text = JSON.stringify({ trace_id, id: inner.id, name: 'api', start_time, end_time, subsegments })
  const whole = { names: ['api', 'x'], terms: [], urls: [], isRoot: true, lastEnd: NOW + 1 }
  expect(searchFactsOf(readSegmentDocument(text))).toEqual(whole)
  expect(searchFactsOfText(text)).toEqual({ ...whole, names: ['api', 'y', 'x'], terms: ['uu'], lastEnd: NOW + 9 })
})

test('a password that is taken out of the text is not found', () => {
  const call = { id: 'abcdef0000000001', name: 'db', namespace: 'remote', start_time: NOW, end_time: NOW + 1 }
  const trace = { ...call, id: 'abcdef0000000002', trace_id: '1-6b49d200-000000000000000000000001' }
  const subsegments = [{ ...call, sql: { url: WITH_PASSWORD } }]
  const [entry] = read(JSON.stringify({ ...trace, subsegments, user: WITH_PASSWORD }), NOW)
  expect(entry?.ok === true && entry.value.search.terms).toEqual(['upostgresql://web:***@db/orders'])
})

test.each(['', '[', 'null', '[]', '"x"'])('%j was never accepted', (text) => {
  expect(() => searchFactsOfText(text)).toThrow(/JSON/)
})
