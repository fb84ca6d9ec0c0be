import { describe, expect, test } from 'vitest'
import { outlineOf } from '../../../../test/fixtures/trace-outline.ts'
import { buildRows } from './build-rows.ts'
import { criticalPath } from './critical-path.ts'
import { initialFold } from './fold.ts'
import { type RowsView } from './rows.ts'
import { nextCritical, nextMatch, nextProblem, type Direction } from './step-through.ts'
import { buildTraceModel } from './trace-model.ts'

const model = buildTraceModel(
  outlineOf([
    { depth: 0, name: 'web', service: 'web', start: 0, end: 100, flags: ['fault'] },
    { depth: 1, name: 'a', service: 'a', start: 10, end: 40, flags: ['error'] },
    { depth: 2, name: 'b', start: 10, end: 20 },
    { depth: 1, name: 'c', service: 'c', start: 50, end: 90 },
    { depth: 2, name: 'd', start: 60, end: 80, flags: ['throttle', 'error'] },
  ]),
)
const critical = criticalPath(model)
const rowsOf = (more: Partial<RowsView> = {}) =>
  buildRows(model, {
    fold: initialFold(model, { repeats: 'auto', critical }),
    hiddenServices: new Set(),
    onlyMatches: false,
    ...more,
  })

describe('steps', () => {
  test.each<[number, Direction, number, number, boolean, string]>([
    [-1, 'next', 0, 1, false, 'nothing chosen yet'],
    [0, 'next', 1, 2, false, 'on'],
    [2, 'next', 4, 3, false, 'from between'],
    [4, 'next', 0, 1, true, 'wraps'],
    [4, 'previous', 1, 2, false, 'back'],
    [0, 'previous', 4, 3, true, 'wraps back'],
  ])('problem from %i to the %s: %i, number %i, wrapped %s: %s', (from, direction, node, position, isWrapped) => {
    expect(nextProblem(model, rowsOf(), from, direction)).toEqual({ node, position, of: 3, isWrapped })
  })

  test('hidden services have no problems', () => {
    expect(nextProblem(model, rowsOf({ hiddenServices: new Set(['a']) }), 0, 'next')).toMatchObject({ node: 4, of: 2 })
  })

  test('the critical path, downwards', () => {
    const nodes = [-1, 0, 1, 2, 3, 4].map((from) => nextCritical(model, critical, rowsOf(), from, 'next')?.node)
    expect(nodes).toEqual([0, 1, 2, 3, 4, 0])
  })

  test('matches, and none', () => {
    const matches = Uint8Array.of(0, 0, 1, 1, 0)
    expect(nextMatch(model, rowsOf({ matches }), 2, 'next')).toEqual({ node: 3, position: 2, of: 2, isWrapped: false })
    expect(nextMatch(model, rowsOf({ matches: new Uint8Array(5) }), 2, 'next')).toBeUndefined()
    expect(nextMatch(model, rowsOf(), 2, 'next')).toBeUndefined()
    // Where only matches are shown, there is nothing else to go to.
    expect(nextProblem(model, rowsOf({ matches, onlyMatches: true }), 0, 'next')).toMatchObject({ node: 1, of: 2 })
  })
})
