import { describe, expect, it } from 'vitest'
import type { OwnCounts, OwnEdge, OwnNode } from '../../wire/own/graph.ts'
import { addCounts, edgeId, type MapGraph } from './map-graph.ts'
import { mapTruth } from './map-truth.ts'
import { stackLeaves } from './stack-leaves.ts'
import { LARGEST_MAP, neighbourhood, SMALL_MAP, visibleGraph, type Choice } from './visible-graph.ts'

const counts = (total: number, fault = 0): OwnCounts => ({ ...addCounts([]), total, ok: total - fault, fault })
const node = (key: string, requests = counts(10), more: Partial<OwnNode> = {}): OwnNode => ({
  key,
  name: key,
  names: [key],
  root: false,
  client: false,
  active: true,
  startTime: 0,
  endTime: 60,
  requests,
  durations: { histogram: [] },
  ...more,
})
const edge = (from: string, to: string, calls = counts(10)): OwnEdge => ({
  from,
  to,
  kind: 'call',
  startTime: 0,
  endTime: 60,
  calls,
  aliases: [],
})
const ALL: Choice = {
  onlyProblems: false,
  minPerMinute: 0,
  minutes: 1,
  focus: undefined,
  hops: 1,
  showAll: false,
  keep: [],
}
const keys = (graph: MapGraph): readonly string[] => graph.nodes.map(({ key }) => key)

// client → web → a → db, web → b; a fails, and so do its calls.
const SHOP = {
  nodes: [
    node('client', counts(0), { client: true }),
    node('web', counts(100)),
    node('a', counts(50, 5)),
    node('b', counts(2)),
    node('db', counts(50)),
  ],
  edges: [
    edge('client', 'web', counts(100)),
    edge('web', 'a', counts(50, 5)),
    edge('web', 'b', counts(2)),
    edge('a', 'db', counts(50)),
  ],
}

describe('visibleGraph', () => {
  it.each([
    { reason: 'everything', choice: {}, is: ['client', 'web', 'a', 'b', 'db'], lines: 4 },
    { reason: 'problems, and the ends of bad calls', choice: { onlyProblems: true }, is: ['web', 'a'], lines: 1 },
    { reason: 'busy enough', choice: { minPerMinute: 10 }, is: ['client', 'web', 'a', 'db'], lines: 3 },
    {
      reason: 'busy enough for ten minutes',
      choice: { minPerMinute: 10, minutes: 10 },
      is: ['client', 'web'],
      lines: 1,
    },
    { reason: 'around a node', choice: { focus: 'a' }, is: ['web', 'a', 'db'], lines: 2 },
    { reason: 'further around it', choice: { focus: 'a', hops: 2 }, is: ['client', 'web', 'a', 'db'], lines: 3 },
    { reason: 'a node that is gone', choice: { focus: 'x' }, is: ['client', 'web', 'a', 'b', 'db'], lines: 4 },
  ])('$reason', ({ choice, is, lines }) => {
    const { chosen, drawn, shown } = visibleGraph(SHOP, { ...ALL, ...choice })
    expect(keys(drawn)).toEqual(is)
    expect(drawn.edges).toHaveLength(lines)
    expect([chosen.nodes.length, shown]).toEqual([is.length, is.length])
  })

  const many = Array.from({ length: 700 }, (_, at) => node(`n${at}`, counts(1_000 - at, at === 699 ? 301 : 0)))
  const ring = many.map(({ key }, at) => edge(key, `n${(at + 1) % 700}`))
  const big = { nodes: many, edges: ring }

  it('begins a big map with problems, the busiest and their neighbours', () => {
    const { chosen, drawn, shown } = visibleGraph(big, ALL)
    expect(keys(drawn)).toEqual([...many.slice(0, 61).map(({ key }) => key), 'n698', 'n699'])
    expect([chosen.nodes.length, shown]).toEqual([700, 63])
    expect(drawn.nodes.length).toBeLessThanOrEqual(SMALL_MAP)
  })

  it('draws what is selected, and never more than it can', () => {
    expect(keys(visibleGraph(big, { ...ALL, keep: ['n300'] }).drawn)).toContain('n300')
    expect(visibleGraph(big, { ...ALL, showAll: true }).drawn.nodes).toHaveLength(LARGEST_MAP)
  })

  it('stacks the leaves of a big map alone', () => {
    const tables = Array.from({ length: 130 }, (_, at) => node(`t${at}`, counts(1), { type: 'AWS::DynamoDB::Table' }))
    const wide = { nodes: [node('web'), ...tables], edges: tables.map(({ key }) => edge('web', key)) }
    const { drawn, shown } = visibleGraph(wide, ALL)
    expect(drawn.nodes.map(({ name }) => name)).toEqual(['web', '130 tables'])
    expect(shown).toBe(131)
  })
})

describe('neighbourhood', () => {
  it.each([
    ['a', 1, ['a', 'db', 'web']],
    ['a', 2, ['a', 'client', 'db', 'web']],
    ['web', 1, ['a', 'b', 'client', 'web']],
    ['x', 3, ['x']],
  ])('of %s within %d', (key, steps, is) => {
    expect([...neighbourhood(SHOP.edges, key, steps)].toSorted()).toEqual(is)
  })
})

describe('stackLeaves', () => {
  const table = (key: string) => node(key, counts(10, 1), { type: 'AWS::DynamoDB::Table' })
  const leaves = ['t1', 't2', 't3', 't4', 't5'].map(table)
  const graph = {
    nodes: [node('web'), node('other'), ...leaves, table('shared'), node('untyped')],
    edges: [
      ...leaves.map(({ key }) => edge('web', key, counts(10, 1))),
      edge('web', 'shared'),
      edge('other', 'shared'),
      edge('web', 'untyped'),
    ],
  }

  it('makes one node of leaves of one type that one service calls', () => {
    const { nodes, edges } = stackLeaves(graph, () => false)
    expect(nodes.map(({ name }) => name)).toEqual(['web', 'other', 'shared', 'untyped', '5 tables'])
    const stack = nodes.at(-1)
    expect([stack?.requests.total, stack?.requests.fault, stack?.stacked?.length]).toEqual([50, 5, 5])
    expect(edges.find(({ to }) => to === stack?.key)?.calls.total).toBe(50)
    expect(edges).toHaveLength(4)
  })

  it.each([
    ['what stays apart is not in it', 't1', '4 tables'],
    ['three are too few', 't1 t2', undefined],
  ])('%s', (_, apart, name) => {
    const { nodes } = stackLeaves(graph, ({ key }) => apart.split(' ').includes(key))
    expect(nodes.find(({ stacked }) => stacked !== undefined)?.name).toBe(name)
  })
})

describe('mapTruth', () => {
  it.each([
    [SHOP, SHOP.nodes, 5, '4 services · 4 connections · 1 with problems'],
    [SHOP, SHOP.nodes.slice(0, 3), 3, '4 services · 4 connections · 1 with problems · showing 2 of 4'],
    [{ nodes: [node('a')], edges: [edge('a', 'a')] }, [node('a')], 1, '1 service · 1 connection · no problems'],
  ])('%#', (all, chosen, shown, text) => {
    expect(mapTruth(all, chosen, shown)).toBe(text)
  })
})

describe('edgeId', () => {
  it('tells calls from links', () => {
    expect([edgeId(edge('a', 'b')), edgeId({ ...edge('a', 'b'), kind: 'link' })]).toEqual(['a~b', 'a~b~link'])
  })
})
