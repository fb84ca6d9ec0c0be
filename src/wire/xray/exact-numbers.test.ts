import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RawNumber } from '../../model/raw-number.ts'
import { hasLongNumbers, parseExact } from './exact-numbers.ts'
import { jsonText } from './json-text.ts'
import { readSegmentDocument } from './read-segment-document.ts'
import { writeDocument } from './write-document.ts'

const HEAD =
  '"id":"70de5b6f19ff9a0a","name":"a","start_time":1,"trace_id":"1-6a18a500-a006649127e371903a2de979","end_time":2'
const LONG = '12345678901234567890'

/** A document with these members as it is returned. */
function returned(members: string): string {
  const { traceId, entity } = readSegmentDocument(`{${HEAD},${members}}`)
  return writeDocument(traceId, { kind: 'segment', entity })
}

describe('come back digit by digit', () => {
  test.each([
    ['in metadata', `"metadata":{"default":{"n":${LONG},"small":1,"list":[-${LONG},{"deep":${LONG}}]}}`],
    ['of a namespace', `"metadata":{"default":${LONG}}`],
    ['annotations', `"annotations":{"n":${LONG},"b":true,"m":-${LONG}}`],
    [
      'in embedded subsegments',
      `"subsegments":[{"id":"53995c3f42cd8ad8","name":"s","start_time":1,"end_time":2,"annotations":{"n":${LONG}},"metadata":{"d":{"n":${LONG}}}}]`,
    ],
    ['with a fraction and an exponent', '"metadata":{"d":[0.12345678901234567890,1.2345678901234567890e-7]}'],
    ['even those that are infinite to a double', `"metadata":{"d":[1${'0'.repeat(400)}]}`],
  ])('%s', (_, members) => {
    expect(returned(members)).toBe(`{${HEAD},${members}}`)
  })
})

test.each([
  ['the last of two keys counts', `"annotations":{"n":${LONG},"n":5}`, '"annotations":{"n":5}'],
  ['an escaped key is the key', `"met\\u0061data":{"d":{"n":${LONG}}}`, `"metadata":{"d":{"n":${LONG}}}`],
  ['a refused annotation stays refused', `"annotations":{"not legal":${LONG}}`, '"annotations":{}'],
  ['bare NaN is null', `"metadata":{"d":[NaN,${LONG}]}`, `"metadata":{"d":[null,${LONG}]}`],
  ['elsewhere a number is a number', `"aws":{"n":${LONG}}`, '"aws":{"n":12345678901234567000}'],
  [
    'a schema field, too',
    '"http":{"response":{"content_length":9007199254740993}}',
    '"http":{"response":{"content_length":9007199254740992}}',
  ],
  ['what a double holds is left alone', '"metadata":{"d":[1234567890123456]}', '"metadata":{"d":[1234567890123456]}'],
])('%s', (_, members, expected) => {
  expect(returned(members)).toBe(`{${HEAD},${expected}}`)
})

test('nobody can send one by other means', () => {
  const members = `"metadata":{"d":{"lexeme":"</script>","n":${LONG},"__proto__":{"lexeme":"1"}}}`
  expect(returned(members)).toBe(`{${HEAD},${members}}`)
  expect(Object.isFrozen(new RawNumber('1'))).toBe(true)
})

test('annotations are doubles to everybody else', () => {
  const { entity } = readSegmentDocument(`{${HEAD},"annotations":{"n":${LONG}}}`)
  expect(entity.annotations?.get('n')).toEqual(new RawNumber(LONG))
  expect(new RawNumber(LONG).value).toBe(Number(LONG))
})

test('parses whatever JSON.parse does, and prints it again', () => {
  const json = fc.json({ maxDepth: 5 }).filter((text) => !hasLongNumbers(text))
  fc.assert(
    fc.property(json, (text) => jsonText(parseExact(text).value as never) === jsonText(JSON.parse(text) as never)),
  )
  const metadata = fc.array(fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }))
  fc.assert(
    fc.property(metadata, (numbers) => {
      const text = `{"metadata":{"d":[${numbers.join(',')}]}}`
      expect(jsonText(parseExact(text).value as never)).toBe(text)
    }),
  )
})

test('depth costs no stack', () => {
  const text = `{"metadata":${'{"a":'.repeat(50_000)}${LONG}${'}'.repeat(50_000)}}`
  expect(jsonText(parseExact(text).value as never)).toBe(text)
})
