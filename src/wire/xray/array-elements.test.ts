import fc from 'fast-check'
import { expect, test } from 'vitest'
import { arrayElements } from './array-elements.ts'

test.each([
  ['[]', []],
  [' [ ] ', []],
  ['[1,NaN , {"a":[1,2]},"]\\",["]', ['1', 'NaN', '{"a":[1,2]}', '"]\\",["']],
  ['[""]', ['""']],
])('%s', (text, elements) => {
  expect(arrayElements(text)).toEqual(elements)
})

test('the elements of any array, with any spacing', () => {
  const json = fc.array(fc.json().map((text): unknown => JSON.parse(text)))
  fc.assert(
    fc.property(json, fc.nat(2), (values, spaces) => {
      const parsed = arrayElements(JSON.stringify(values, null, spaces)).map((text): unknown => JSON.parse(text))
      expect(parsed).toEqual(values)
    }),
  )
})
