import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arbitraryOutline, bigOutline, outlineOf } from '../../../../test/fixtures/trace-outline.ts'
import { criticalPath } from './critical-path.ts'
import { readFoldCode, writeFoldCode } from './fold-code.ts'
import { ALL_LEVELS, carryFold, FOLD_BITS, initialFold, openToLevel, toggleBit, type Fold } from './fold.ts'
import { buildTraceModel, idOf, type TraceModel } from './trace-model.ts'

const foldOf = (model: TraceModel, repeats: 'auto' | 'off' = 'auto') =>
  initialFold(model, { repeats, critical: criticalPath(model) })
const toggleAll = (fold: Fold, model: TraceModel, toggles: readonly number[]) =>
  toggles.reduce(
    (next, toggle) => toggleBit(next, toggle % model.count, [1, 2, 4, 8, 16][toggle % 5] ?? FOLD_BITS.open),
    fold,
  )

describe('the code of what is folded', () => {
  const model = buildTraceModel(bigOutline(3_000, 'scattered'))

  test('reads back what was written', () => {
    fc.assert(
      fc.property(
        arbitraryOutline,
        fc.array(fc.nat(), { maxLength: 20 }),
        fc.constantFrom(undefined, 1, 3, ALL_LEVELS),
        (outline, toggles, level) => {
          const drawn = buildTraceModel(outline)
          const begun = foldOf(drawn)
          const fold = toggleAll(level === undefined ? begun : openToLevel(drawn, begun, level), drawn, toggles)
          const code = writeFoldCode(drawn, fold) ?? 'too long'
          const read = code === '' ? begun : readFoldCode(drawn, begun, code)
          expect(read?.state).toEqual(fold.state)
          expect(read?.level).toBe(fold.level)
          expect(code).toMatch(/^[\w-]*$/)
        },
      ),
    )
  })

  test('nothing toggled is no code', () => {
    expect(writeFoldCode(model, foldOf(model))).toBe('')
  })

  test('three digits of checksum, one of the level, and a short distance for each', () => {
    expect(writeFoldCode(model, toggleAll(foldOf(model), model, [0, 5]))).toHaveLength(3 + 1 + 1 + 1)
  })

  test('a code for too much is none', () => {
    const fold = toggleAll(
      foldOf(model),
      model,
      Array.from({ length: 1_600 }, (_, at) => at),
    )
    expect(writeFoldCode(model, fold)).toBeUndefined()
  })

  const code = writeFoldCode(model, toggleAll(foldOf(model), model, [1_000, 2_000])) ?? ''
  test.each<[string, () => Fold | undefined]>([
    ['of another revision', () => read({ revision: 2 }, code)],
    ['of another trace', () => read({ id: '1-00000002-000000000000000000000001' }, code)],
    ['of another setting', () => readFoldCode(model, foldOf(model, 'off'), code)],
    ['of no digits', () => readFoldCode(model, foldOf(model), `${code.slice(0, 4)}*`)],
    ['cut in a number', () => readFoldCode(model, foldOf(model), `${code.slice(0, 4)}g`)],
    ['beyond the trace', () => readFoldCode(model, foldOf(model), `${code.slice(0, 4)}ggggggA`)],
    ['of nothing', () => readFoldCode(model, foldOf(model), code.slice(0, 3))],
    ['too long', () => readFoldCode(model, foldOf(model), code.padEnd(2_000, 'B'))],
  ])('no code: %s', (_, reading) => {
    expect(reading()).toBeUndefined()
  })

  function read(more: { readonly revision?: number; readonly id?: string }, text: string) {
    const other = buildTraceModel({ ...bigOutline(3_000, 'scattered'), ...more })
    return readFoldCode(other, foldOf(other), text)
  }
})

test('the next revision of a trace keeps what was folded', () => {
  const [web, a, b] = [
    { depth: 0, name: 'web', service: 'web', start: 0, end: 9, id: 'aaaaaaaaaaaaaaaa' },
    { depth: 1, name: 'a', start: 1, end: 2, id: 'bbbbbbbbbbbbbbbb' },
    { depth: 2, name: 'b', start: 1, end: 2, id: 'cccccccccccccccc' },
  ]
  const first = { depth: 1, name: 'first', start: 0, end: 1, id: 'dddddddddddddddd' }
  const before = buildTraceModel(outlineOf([web, a, b]))
  const after = buildTraceModel(outlineOf([web, first, a, b], { revision: 2 }))
  const fold = toggleBit(foldOf(before), 1, FOLD_BITS.open)
  const carried = carryFold(before, fold, after, criticalPath(after))
  const closed = [...carried.state].flatMap((bits, node) => ((bits & FOLD_BITS.open) === 0 ? [idOf(after, node)] : []))
  expect(closed).toEqual(['bbbbbbbbbbbbbbbb'])
  const levelled = carryFold(before, openToLevel(before, fold, 1), after, criticalPath(after))
  expect([levelled.level, ...levelled.state]).toEqual([1, 0, 0, 0, 0])
})
