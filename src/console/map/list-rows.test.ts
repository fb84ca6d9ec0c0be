import { describe, expect, it } from 'vitest'
import type { OwnNode } from '../../wire/own/graph.ts'
import { listRows, nextSort, readListSort } from './list-rows.ts'
import { addCounts } from './map-graph.ts'

const node = (name: string, total: number, fault: number, p95: number | undefined, type?: string): OwnNode => ({
  key: name,
  name,
  ...(type === undefined ? {} : { type }),
  names: [name],
  root: false,
  client: type === 'client',
  active: true,
  startTime: 0,
  endTime: 0,
  requests: {
    ...addCounts([]),
    total,
    fault,
    ok: total - fault,
    responseTimes: { histogram: [], ...(p95 === undefined ? {} : { p95 }) },
  },
  durations: { histogram: [] },
})
const nodes = [
  node('web', 0, 0, undefined, 'client'),
  node('web', 100, 1, 0.2),
  node('pay', 10, 2, 0.4, 'AWS::Lambda'),
  node('db', 90, 0, 0.1, 'Database::SQL'),
]
const calls = { ...addCounts([]), total: 100 }
const graph = {
  nodes,
  edges: [{ from: 'web', to: 'web', kind: 'call', startTime: 0, endTime: 0, calls, aliases: [] } as const],
}
const types = (sort: string | undefined): readonly string[] =>
  listRows(graph, readListSort(sort)).map(({ node: { type = 'web' } }) => type)

describe('listRows', () => {
  it.each([
    [undefined, ['client', 'web', 'Database::SQL', 'AWS::Lambda']],
    ['-fault', ['AWS::Lambda', 'web', 'Database::SQL', 'client']],
    ['fault', ['Database::SQL', 'web', 'AWS::Lambda', 'client']],
    ['-p95', ['AWS::Lambda', 'web', 'Database::SQL', 'client']],
    ['name', ['client', 'Database::SQL', 'AWS::Lambda', 'web']],
    ['type', ['AWS::Lambda', 'client', 'Database::SQL', 'web']],
  ])('by %s', (sort, is) => {
    expect(types(sort)).toEqual(is)
  })
})

describe('orders', () => {
  it.each([
    ['nonsense', { column: 'rate', isDown: true }],
    ['-p99', { column: 'p99', isDown: true }],
    ['name', { column: 'name', isDown: false }],
  ])('%s is read', (text, sort) => {
    expect(readListSort(text)).toEqual(sort)
  })

  it.each([
    ['-rate', 'rate', 'rate'],
    ['rate', 'rate', '-rate'],
    ['-rate', 'fault', '-fault'],
    ['-rate', 'name', 'name'],
  ] as const)('of %s, a click on %s makes %s', (before, column, after) => {
    expect(nextSort(readListSort(before), column)).toBe(after)
  })
})
