import fc from 'fast-check'
import { expect, test } from 'vitest'
import { searchFactsOf, type SearchFacts } from '../../model/search-facts.ts'
import { createDocumentReader } from './read-document.ts'
import { readOutline } from './read-outline.ts'
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

/** Few, in both cases, so that entities repeat in one document. */
const id = fc.constantFrom('abcdef0000000001', 'ABCDEF0000000001', 'abcdef0000000002', 'abcdef0000000003')
const status = anyOf(200, 299, 299.5, 300, 399, 400, 404, 429, 499, 499.9, 500, 599, 600, 99, -1, '503', '429 ', ' 500')
const http = orOdd(
  fields({
    request: orOdd(fields({ url: anyOf('https://a/', 'https://a/?b=c\nd'), method: anyOf('GET') })),
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
  user: anyOf('u', 'v', 12),
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

const asSets = ({ names, terms, urls, ...others }: SearchFacts): unknown => ({
  ...others,
  names: [...new Set(names)].toSorted(),
  terms: [...new Set(terms)].toSorted(),
  urls: [...new Set(urls)].toSorted(),
})

test('what is found by the walk that accepts a document is what its outline says, and the document itself', () => {
  let [accepted, facts] = [0, 0]
  fc.assert(
    fc.property(document, (text) => {
      for (const entry of read(text, NOW)) {
        if (!entry.ok) continue
        const { raw, outline, search } = entry.value
        accepted += 1
        facts += search.terms.length
        const found = asSets(search)
        expect(asSets(searchFactsOf(readOutline(outline)))).toEqual(found)
        expect(asSets(searchFactsOf(readSegmentDocument(raw)))).toEqual(found)
      }
    }),
    { numRuns: 4_000 },
  )
  // Proves that what is generated is accepted, and says something.
  expect(accepted).toBeGreaterThan(2_000)
  expect(facts).toBeGreaterThan(10_000)
}, 30_000)
