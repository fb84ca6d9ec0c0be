import type { AnnotationTest, FlagTest, NumberTest, TextTest } from './ast.ts'
import type { AnnotationValue } from '../model/entity.ts'

/**
 * What the operators mean (spec/query §1.4). `!=` is the negation of `=`, so it is true where there is no value, and
 * where there are several only if none is equal. Any other operator needs a value that satisfies it. Without a test it
 * is asked whether there is a value.
 */
export function textsMatch(values: readonly string[], test: TextTest | undefined): boolean {
  if (test === undefined) return values.length > 0
  const { operator, value } = test
  switch (operator) {
    case '=':
      return values.includes(value)
    case '!=':
      return !values.includes(value)
    case 'contains':
      return values.some((text) => text.includes(value))
    case 'beginswith':
      return values.some((text) => text.startsWith(value))
    case 'endswith':
      return values.some((text) => text.endsWith(value))
    default:
      return operator satisfies never
  }
}

/** Doubles, so nothing is equal to what is not a number. */
export function numberMatches(number: number | undefined, test: NumberTest | undefined): boolean {
  if (test === undefined) return number !== undefined
  const { operator, value } = test
  if (number === undefined) return operator === '!='
  switch (operator) {
    case '=':
      return number === value
    case '!=':
      return number !== value
    case '<':
      return number < value
    case '<=':
      return number <= value
    case '>':
      return number > value
    case '>=':
      return number >= value
    default:
      return operator satisfies never
  }
}

export function flagMatches(flag: boolean, test: FlagTest | undefined): boolean {
  if (test === undefined) return flag
  return (flag === test.value) === (test.operator === '=')
}

/**
 * An operator sees values of its operand's type only (spec/query §1.5). Without a test, a boolean value counts only when
 * it is true.
 */
export function annotationMatches(values: readonly AnnotationValue[], test: AnnotationTest | undefined): boolean {
  if (test === undefined) return values.some((value) => value !== false)
  switch (test.operator) {
    case '=':
      return values.includes(test.value)
    case '!=':
      return !values.includes(test.value)
    case 'contains':
    case 'beginswith':
    case 'endswith':
      return textsMatch(
        values.filter((value) => typeof value === 'string'),
        test,
      )
    default:
      return values.some((value) => typeof value === 'number' && numberMatches(value, test))
  }
}
