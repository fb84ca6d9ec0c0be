import { describe, expect, test } from 'vitest'
import { completionContext } from './completion-context.ts'

/** The cursor is where the bar is. */
function at(marked: string) {
  const cursor = marked.indexOf('|')
  return completionContext(marked.replace('|', ''), cursor)
}

describe('completionContext', () => {
  test.each([
    ['|', { kind: 'empty', from: 0, typed: '' }, 'nothing yet'],
    ['  |', { kind: 'empty' }, 'blanks'],
    ['fau|', { kind: 'predicate', scope: 'trace', from: 0, typed: 'fau' }, 'half a word'],
    ['fault|', { kind: 'predicate', typed: 'fault' }, 'a whole word may be half of another'],
    ['fault AND |', { kind: 'predicate', scope: 'trace', from: 10 }, 'after AND'],
    ['fault AND http.u|', { kind: 'predicate', from: 10, typed: 'http.u' }, 'words have dots'],
    ['fault |', { kind: 'operator', field: { kind: 'flag', word: 'fault' } }, 'a flag may be compared'],
    ['(|', { kind: 'predicate', scope: 'trace', from: 1 }, 'a parenthesis alone'],
    ['!|', { kind: 'predicate', scope: 'trace', from: 1 }, 'a negation'],
    ['annotation.|', { kind: 'annotation-key', from: 0, typed: '' }, 'keys'],
    ['ok AND annotation.ten|', { kind: 'annotation-key', from: 7, typed: 'ten' }, 'keys that begin so'],
    ['annotation[a.b|', { kind: 'annotation-key', from: 0, typed: 'a.b' }, 'keys in brackets'],
    ['annotation.tenant |', { kind: 'operator', field: { kind: 'annotation', key: 'tenant' } }, 'operators'],
    ['annotation.tenant = |', { kind: 'value', field: { kind: 'annotation', key: 'tenant' }, from: 20 }, 'values'],
    ['annotation.tenant =|', { kind: 'value', from: 19 }, 'values, without a blank'],
    ['annotation.tenant = "ac|', { kind: 'value', from: 20, typed: 'ac' }, 'in a string'],
    ['annotation.tenant = "a\\"|', { kind: 'value', from: 20, typed: 'a"' }, 'with a quote in it'],
    ['annotation.tenant = tr|', { kind: 'value', from: 20, typed: 'tr' }, 'a truth'],
    ['annotation.tenant = "x" |', { kind: 'join', from: 24 }, 'a predicate is done'],
    ['http.url CONTAINS "|', { kind: 'value', field: { kind: 'text', word: 'http.url' }, from: 18, typed: '' }, 'URLs'],
    ['http.url = "annotation.|', { kind: 'value', typed: 'annotation.' }, 'a key in a string is none'],
    ['service(|', { kind: 'service', closing: ')', from: 8, typed: '' }, 'services'],
    ['service("a|', { kind: 'service', closing: ')', from: 8, typed: 'a' }, 'services in a string'],
    ['edge("a|', { kind: 'service', closing: ', ', from: 5 }, 'the first of two'],
    ['edge("a", |', { kind: 'service', closing: ')', from: 10 }, 'the second'],
    ['service(id(|', { kind: 'id-member', from: 11 }, 'members'],
    ['service(id(name: "|', { kind: 'service', closing: '', mayBeId: false }, 'the name of an id'],
    ['service("a") |', { kind: 'join' }, 'after a call'],
    ['service("a") { |', { kind: 'predicate', scope: 'service' }, 'in the braces of a service'],
    ['edge("a", "b") { |', { kind: 'predicate', scope: 'edge' }, 'of a call'],
    ['service(id(name: "a")) { |', { kind: 'predicate', scope: 'service' }, 'of an id'],
    ['rootcause.fault.exception { |', { kind: 'predicate', scope: 'causeException' }, 'of a root cause'],
    ['service("a") { fault } |', { kind: 'join' }, 'after the braces'],
    ['service("a") { fault } AND |', { kind: 'predicate', scope: 'trace' }, 'outside again'],
    ['service("a") { (|', { kind: 'predicate', scope: 'service' }, 'a parenthesis in braces'],
    ['duration > 12|', { kind: 'value', typed: '12' }, 'a number'],
    ['group.name = "|', { kind: 'value', field: { kind: 'text', word: 'group.name' } }, 'groups'],
  ] as readonly (readonly [string, object, string])[])('%s (%#)', (marked, expected, _why) => {
    expect(at(marked)).toMatchObject(expected)
  })

  test.each([['☃ |'], ['1 = |'], ['service("a", |'.replace('service', 'id')], ['service("a" |']])(
    'nothing can be offered: %s',
    (marked) => {
      const context = at(marked)
      expect(context === undefined || context.kind === 'id-member').toBe(true)
    },
  )
})
