import { expect, it } from 'vitest'
import { wrapLayers } from './wrap-layers.ts'

const column = (x: number, many: number) => Array.from({ length: many }, (_, at) => ({ x, y: at * 100 }))

it.each([
  ['nothing', []],
  ['short layers', [...column(0, 1), ...column(200, 14)]],
])('leaves %s as they are', (_, nodes) => {
  expect(wrapLayers(nodes)).toBeUndefined()
})

it('wraps a long layer, keeps its order, and puts nobody upon another', () => {
  const nodes = [...column(0, 1), ...column(200, 60), ...column(400, 3)]
  const places = wrapLayers(nodes) ?? []
  const [first, ...rest] = places
  const [long, end] = [rest.slice(0, 60), rest.slice(60)]
  expect(new Set(places.map(({ x, y }) => `${x} ${y}`)).size).toBe(64)
  expect(Math.max(...long.map(({ x }) => x))).toBeLessThan(end[0]?.x ?? 0)
  expect(Math.min(...long.map(({ x }) => x))).toBeGreaterThan(first?.x ?? 0)
  const height = Math.max(...places.map(({ y }) => y)) - Math.min(...places.map(({ y }) => y))
  const width = Math.max(...places.map(({ x }) => x))
  expect(width / height).toBeGreaterThan(1)
  expect(width / height).toBeLessThan(3)
  // Reading on in a layer never leads up by more than the shift of a column.
  expect(long.every(({ y }, at) => at === 0 || y >= (long[at - 1]?.y ?? 0) - 60)).toBe(true)
})
