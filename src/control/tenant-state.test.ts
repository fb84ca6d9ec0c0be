import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bodiesOf, bodyOf, emptyState, fold } from './tenant-state.ts'
import type { ControlEntry } from '../store/control-log.ts'

type Entry = Omit<ControlEntry, 'tenant'>

const entry = (key: string, timeUs: number, body: string | undefined, writer = 'w'): Entry => ({
  kind: 'k',
  key,
  stamp: { timeUs, writer },
  body,
})

describe('fold', () => {
  test.each<[string, readonly Entry[], string | undefined]>([
    ['nothing is not there', [], undefined],
    ['what was set is there', [entry('a', 1, 'x')], 'x'],
    ['the last write wins', [entry('a', 1, 'x'), entry('a', 2, 'y')], 'y'],
    ['also when it is read first', [entry('a', 2, 'y'), entry('a', 1, 'x')], 'y'],
    ['the writer decides between equal times', [entry('a', 1, 'y', 'w2'), entry('a', 1, 'x', 'w1')], 'y'],
    ['what was deleted is gone', [entry('a', 1, 'x'), entry('a', 2, undefined)], undefined],
    [
      'and an older write that is read late does not bring it back',
      [entry('a', 2, undefined), entry('a', 1, 'x')],
      undefined,
    ],
    ['but a newer one does', [entry('a', 2, undefined), entry('a', 3, 'z')], 'z'],
    ['another key is another thing', [entry('b', 1, 'x')], undefined],
    ['and so is another kind', [{ ...entry('a', 1, 'x'), kind: 'other' }], undefined],
  ])('%s', (_, entries, body) => {
    expect(bodyOf(fold(emptyState, entries), 'k', 'a')).toBe(body)
  })

  test('keys that objects have of their own are keys', () => {
    const state = fold(emptyState, [entry('__proto__', 1, 'x'), { ...entry('constructor', 1, 'y'), kind: '__proto__' }])
    expect(bodiesOf(state, 'k')).toEqual([['__proto__', 'x']])
    expect(bodyOf(state, '__proto__', 'constructor')).toBe('y')
    expect(bodyOf(state, 'toString', 'toString')).toBeUndefined()
  })

  test('entries that are known already leave the same value', () => {
    const entries = [entry('a', 1, 'x'), entry('b', 2, undefined)]
    const state = fold(emptyState, entries)
    expect(fold(state, entries)).toBe(state)
    expect(fold(state, [])).toBe(state)
  })

  test('a state that was handed out never changes', () => {
    const before = fold(emptyState, [entry('a', 1, 'x')])
    fold(before, [entry('a', 2, 'y'), entry('b', 2, 'z')])
    expect(bodiesOf(before, 'k')).toEqual([['a', 'x']])
  })

  test('the order of entries, and how often they come, does not matter', () => {
    const entries = fc.uniqueArray(
      fc.record({
        kind: fc.constantFrom('k', 'l'),
        key: fc.constantFrom('a', 'b', 'c'),
        stamp: fc.record({ timeUs: fc.integer({ min: 1, max: 20 }), writer: fc.constantFrom('w1', 'w2') }),
        body: fc.option(fc.string(), { nil: undefined }),
      }),
      // What the contract promises: a call has one stamp, and names a thing once.
      { selector: ({ kind, key, stamp }) => JSON.stringify([kind, key, stamp]) },
    )
    const shown = (given: readonly Entry[]) => {
      const { kinds, timeUs } = fold(emptyState, given)
      return { timeUs, kinds: new Map(kinds) }
    }
    fc.assert(
      fc.property(
        entries.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 })),
        ),
        ([all, shuffled]) => {
          expect(shown(shuffled)).toEqual(shown(all))
          const half = shuffled.length >> 1
          const inTwo = fold(fold(emptyState, shuffled.slice(0, half)), shuffled.slice(half))
          expect(inTwo).toEqual(fold(emptyState, shuffled))
        },
      ),
      { numRuns: 200 },
    )
  })
})
