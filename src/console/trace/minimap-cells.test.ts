import { expect, test } from 'vitest'
import { bigOutline, outlineOf } from '../../../test/fixtures/trace-outline.ts'
import { minimapCells, minimapHeight } from './minimap-cells.ts'
import { buildTraceModel } from './model/trace-model.ts'

const model = buildTraceModel(
  outlineOf([
    { depth: 0, name: 'web', service: 'web', start: 0, end: 100 },
    { depth: 1, name: 'api', service: 'api', start: 20, end: 80, flags: ['fault'] },
    { depth: 1, name: 'tiny', start: 99, end: 99 },
  ]),
)
const whole = { fromUs: 0, toUs: 100 }
const rows = (cells: Uint8Array, width: number) =>
  Array.from({ length: cells.length / width }, (_, row) => cells.slice(row * width, (row + 1) * width).join(' '))

test('bars from top to bottom, problems at their ends', () => {
  const drawn = rows(minimapCells(model, whole, { width: 10, height: 6, ratio: 1 }, undefined), 10)
  expect(drawn.filter((_, row) => row % 2 === 0)).toEqual([
    '2 2 2 2 2 2 2 2 2 2',
    '0 0 1 1 1 10 10 10 0 0',
    '0 0 0 0 0 0 0 0 0 2',
  ])
})

test('bars are apart where there is room, and no higher than they need to be', () => {
  const drawn = rows(minimapCells(model, whole, { width: 2, height: 24, ratio: 1 }, undefined), 2)
  expect(drawn.slice(0, 7)).toEqual(['2 2', '2 2', '2 2', '2 2', '2 2', '0 0', '10 10'])
  expect(minimapHeight(model)).toBe(24)
})

test('what does not match is dim', () => {
  const cells = minimapCells(model, whole, { width: 10, height: 6, ratio: 1 }, Uint8Array.of(0, 1, 0))
  const drawn = rows(cells, 10).filter((_, row) => row % 2 === 0)
  expect(drawn).toEqual(['18 18 18 18 18 18 18 18 18 18', '0 0 1 1 1 10 10 10 0 0', '0 0 0 0 0 0 0 0 0 18'])
})

test.each(['chain', 'scattered'] as const)('50,000 nodes on 64 rows: %s', (shape) => {
  const big = buildTraceModel(bigOutline(50_000, shape))
  const cells = minimapCells(
    big,
    { fromUs: 0, toUs: big.durationUs },
    { width: 1_200, height: 64, ratio: 1 },
    undefined,
  )
  const drawn = rows(cells, 1_200)
  expect(drawn).toHaveLength(64)
  expect(drawn.every((row) => /[1-9]/.test(row))).toBe(true)
})
