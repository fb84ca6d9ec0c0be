import { expect, test } from 'vitest'
import { outlineOf } from '../../../../test/fixtures/trace-outline.ts'
import { buildTraceModel } from './trace-model.ts'
import { traceGraph } from './trace-graph.ts'

const model = buildTraceModel(
  outlineOf([
    { depth: 0, name: 'web', service: 'web', start: 0, end: 1_000_000, flags: ['fault'] },
    { depth: 1, name: 'call', start: 0, end: 500_000, flags: ['error'] },
    { depth: 2, name: 'api', service: 'api', start: 100_000, end: 400_000 },
    { depth: 1, name: 'api', service: 'api', start: 600_000 },
    { depth: 2, name: 'DynamoDB', start: 700_000, end: 900_000 },
    { depth: 3, name: 'carts', service: 'carts', start: 700_000, end: 900_000, flags: ['inferred'] },
    { depth: 0, name: 'lost', service: 'lost', start: 0, end: 10, missing: 'ff' },
    { depth: 0, name: 'nowhere', start: 0, end: 10, missing: 'ff' },
    { depth: 1, name: 'late', service: 'late', start: 0, end: 10 },
  ]),
)
const graph = traceGraph(model)
const names = new Map(graph.nodes.map(({ key, name, client }) => [key, client ? `client of ${name}` : name]))

test('services with their requests, and the client of the root', () => {
  expect(
    graph.nodes.map(({ key, requests, active }) => [
      names.get(key),
      active,
      requests.total,
      requests.fault,
      requests.responseTimes.histogram,
    ]),
  ).toEqual([
    ['client of web', false, 1, 1, [[1, 1]]],
    ['web', true, 1, 1, [[1, 1]]],
    ['api', true, 2, 0, [[0.3, 1]]],
    ['carts', false, 1, 0, [[0.2, 1]]],
    ['lost', true, 1, 0, [[0.000_01, 1]]],
    ['late', true, 1, 0, [[0.000_01, 1]]],
  ])
})

test('calls as the caller saw them; none from what is missing', () => {
  expect(
    graph.edges.map(({ from, to, calls }) => [names.get(from), names.get(to), calls.total, calls.ok, calls.error]),
  ).toEqual([
    ['client of web', 'web', 1, 0, 0],
    ['web', 'api', 2, 1, 1],
    ['api', 'carts', 1, 1, 0],
  ])
})

test('the segments of a node, the longest first', () => {
  const api = graph.nodes.find(({ name }) => name === 'api')?.key ?? ''
  expect(graph.segments.get(api)).toEqual([3, 2])
})
