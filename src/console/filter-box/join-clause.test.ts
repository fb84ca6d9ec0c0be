import { describe, expect, test } from 'vitest'
import { notClause, withClause, withGroup, withoutClause } from './join-clause.ts'

describe('withClause', () => {
  test.each([
    ['', 'fault', 'fault', 'nothing before'],
    ['  ', 'fault', 'fault', 'blank is nothing'],
    ['ok', 'fault', 'ok AND fault', 'a term'],
    ['ok OR error', 'fault', '(ok OR error) AND fault', 'OR binds less tightly'],
    ['http.url CONTAINS "a or b"', 'fault', 'http.url CONTAINS "a or b" AND fault', 'an or in a string is none'],
    ['(ok OR error)', 'fault', '((ok OR error)) AND fault', 'what was written stays'],
    ['ok !partial', 'fault', 'ok !partial AND fault', 'AND left out'],
    ['FAULT AND ok', 'fault', 'FAULT AND ok', 'it is there already'],
    ['service("a") AND !fault', 'fault', 'service("a") AND fault', 'the opposite makes place'],
    ['fault', '!fault', '!fault', 'the opposite of everything there is'],
    ['ok', 'fault OR error', 'ok AND (fault OR error)', 'the clause may have an OR'],
    ['service("a"', 'fault', 'service("a" AND fault', 'text that is none is kept'],
  ])('%s + %s = %s (%s)', (filter, clause, joined) => {
    expect(withClause(filter, clause)).toBe(joined)
  })
})

test.each([
  ['service("a")', '!service("a")'],
  ['annotation.n = 1', '!annotation.n = 1'],
  ['fault OR error', '!(fault OR error)'],
  ['!ok', 'ok'],
])('the opposite of %s is %s', (clause, opposite) => {
  expect(notClause(clause)).toBe(opposite)
})

test.each([
  ['fault', 0, ''],
  ['service("a") AND fault AND annotation.n = 1', 1, 'service("a") AND annotation.n = 1'],
  ['(ok OR error) fault duration > 1', 2, '(ok OR error) AND fault'],
  ['(ok OR error) AND fault', 1, 'ok OR error'],
])('%s without clause %i is %s', (filter, index, rest) => {
  expect(withoutClause(filter, index)).toBe(rest)
})

test.each([
  ['fault', undefined, 'fault'],
  ['fault', 'Default', 'fault'],
  ['', 'slow', 'group.name = "slow"'],
  ['ok OR error', 'a "b"', 'group.name = "a \\"b\\"" AND (ok OR error)'],
])('%s of the group %s', (filter, group, joined) => {
  expect(withGroup(filter, group)).toBe(joined)
})
