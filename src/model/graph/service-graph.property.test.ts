import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anEntity, segment, traceId, entityId } from '../../../test/fixtures/model-documents.ts'
import { assemble } from '../assemble.ts'
import type { SegmentDocument } from '../entity.ts'
import { indexTrace, type TraceIndex } from '../trace-index.ts'
import { mergeCallCounts, emptyCallCounts, totalCount } from './call-counts.ts'
import { addEdgeCounts, addNodeCounts, emptyGraph, mergeInto, type GraphAccumulator } from './graph-accumulator.ts'
import { finishGraph, graphsByPeriod, serviceGraph } from './service-graph.ts'
import { seriesOf, timeSeries, type SeriesSelector } from './time-series.ts'

const ALWAYS = { startSeconds: 0, endSeconds: Infinity }
const hex = (number: number) => (number + 1).toString(16)
const seconds = fc.oneof(fc.nat({ max: 400 }), fc.double({ min: 0, max: 400, noNaN: true }))
const flag = fc.constantFrom(undefined, undefined, true, false)
const known = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))

/** A trace of segments that call each other through subsegments, and link to others of this trace and the next. */
const plan = fc.array(
  fc.record({
    name: fc.constantFrom('x', 'y', 'z'),
    origin: fc.constantFrom(undefined, 'A', 'B'),
    parent: fc.option(fc.nat({ max: 12 })),
    start: seconds,
    length: fc.option(seconds),
    fault: flag,
    error: flag,
    throttle: flag,
    call: fc.option(
      fc.record({
        name: fc.constantFrom('x', 'SQS', 'DynamoDB'),
        namespace: fc.constantFrom('aws', 'remote'),
        length: fc.option(seconds),
        fault: flag,
      }),
    ),
    link: fc.option(fc.record({ trace: fc.nat({ max: 3 }), id: fc.nat({ max: 12 }) })),
  }),
  { minLength: 1, maxLength: 6 },
)

type Planned = typeof plan extends fc.Arbitrary<infer Value> ? Value : never

const traces = fc
  .array(plan, { maxLength: 4 })
  .map((plans) => plans.map((segments, number) => indexed(number, segments)))

function indexed(number: number, plans: Planned): TraceIndex {
  const documents = plans.map((one, position): SegmentDocument => {
    const { name, origin, parent, start, length, fault, error, throttle, call, link } = one
    const end = length === null ? undefined : start + length
    const links = link && [{ traceId: traceId(link.trace), id: entityId(hex(link.id)) }]
    const subsegments = call && [
      anEntity(hex(2 * position + 1), {
        ...known({ name: call.name, namespace: call.namespace, fault: call.fault }),
        start,
        end: call.length === null ? undefined : start + call.length,
      }),
    ]
    return {
      ...segment(hex(2 * position), {
        ...known({ name, origin, fault, error, throttle, links: links ?? undefined }),
        ...(subsegments === null ? {} : { subsegments }),
        start,
        end,
        ...(parent === null ? {} : { parent: hex(parent) }),
      }),
      traceId: traceId(number),
    }
  })
  return indexTrace(
    assemble(
      traceId(number),
      1,
      documents.map((document, received) => ({ document, received })),
    ),
  )
}

/** What a table of nodes and one of edges would give back. */
function storedAndRead(graph: GraphAccumulator): GraphAccumulator {
  const read = emptyGraph()
  for (const node of graph.nodes.values()) addNodeCounts(read, structuredClone(node))
  for (const edge of graph.edges.values()) addEdgeCounts(read, structuredClone(edge))
  return read
}

test('a graph over stored minutes is the graph over all traces', () => {
  fc.assert(
    fc.property(traces, (indexes) => {
      const minutes = [...graphsByPeriod(indexes, 60).values()]
      const merged = minutes.map(storedAndRead).reduce(mergeInto, emptyGraph())
      expect(finishGraph(merged)).toEqual(serviceGraph(indexes))
    }),
    { numRuns: 300 },
  )
})

test('merging has no order, and leaves what is merged alone', () => {
  fc.assert(
    fc.property(traces, (indexes) => {
      const minutes = [...graphsByPeriod(indexes, 60).values()]
      const before = structuredClone(minutes)
      const forwards = minutes.reduce(mergeInto, emptyGraph())
      const pairs = minutes.toReversed().map((minute) => mergeInto(emptyGraph(), minute))
      expect(pairs.reduceRight((later, earlier) => mergeInto(earlier, later), emptyGraph())).toEqual(forwards)
      expect(minutes).toEqual(before)
    }),
    { numRuns: 100 },
  )
})

test('a window that is cut in two has the same graph, wherever it is cut', () => {
  const start = 1_700_000_000
  fc.assert(
    fc.property(traces, fc.nat({ max: 800 }), (indexes, cut) => {
      const parts = [
        ...graphsByPeriod(indexes, 1e9, { startSeconds: 0, endSeconds: start + cut }).values(),
        ...graphsByPeriod(indexes, 1e9, { startSeconds: start + cut, endSeconds: Infinity }).values(),
      ]
      expect(finishGraph(parts.reduce(mergeInto, emptyGraph()))).toEqual(serviceGraph(indexes))
    }),
    { numRuns: 100 },
  )
})

test('the sums of a series are the totals of the graph', () => {
  const isX = ({ name }: { readonly name: string }) => name === 'x'
  const selectors: readonly SeriesSelector[] = [
    { kind: 'requests' },
    { kind: 'service', matches: ({ names }) => names.includes('DynamoDB') || names.includes('x') },
    { kind: 'edge', from: isX, to: () => true },
  ]
  fc.assert(
    fc.property(traces, fc.constantFrom(...selectors), fc.constantFrom(60, 300), (indexes, selector, period) => {
      const { nodes } = serviceGraph(indexes, ALWAYS)
      const isTarget = (key: string, test: (service: (typeof nodes)[number]['service']) => boolean) =>
        nodes.some((node) => node.key === key && test(node.service))
      const expected = emptyCallCounts()
      for (const { service, isClient, requests, edges } of nodes) {
        if (selector.kind === 'service' && selector.matches(service)) mergeCallCounts(expected, requests)
        for (const { to, calls } of edges) {
          const isCounted =
            selector.kind === 'requests'
              ? isClient
              : selector.kind === 'edge' && selector.from(service) && isTarget(to, selector.to)
          if (isCounted) mergeCallCounts(expected, calls)
        }
      }
      const entries = timeSeries(indexes, ALWAYS, period, selector)
      const sum = emptyCallCounts()
      for (const { counts } of entries) mergeCallCounts(sum, counts)
      expect(sum).toEqual(expected)
      expect(seriesOf(graphsByPeriod(indexes, 60), period, selector), 'from minutes').toEqual(entries)
      expect(entries.every(({ startSeconds }) => startSeconds % period === 0)).toBe(true)
      expect(entries.every(({ counts }) => totalCount(counts) > 0)).toBe(true)
    }),
    { numRuns: 300 },
  )
})

test('every edge leads to a node, counts are consistent, and the order is that of the wire', () => {
  fc.assert(
    fc.property(traces, fc.nat({ max: 600 }), (indexes, cut) => {
      const { nodes } = serviceGraph(indexes, {
        startSeconds: 1_700_000_000 + cut,
        endSeconds: 1_700_000_000 + cut + 120,
      })
      const keys = nodes.map(({ key }) => key)
      expect(new Set(keys).size).toBe(keys.length)
      const firstService = nodes.findIndex(({ isClient }) => !isClient)
      expect(nodes.slice(Math.max(0, firstService)).some(({ isClient }) => isClient && firstService >= 0)).toBe(false)
      for (const { isClient, isRoot, isActive, requests, startSeconds, endSeconds, edges } of nodes) {
        expect(Number.isInteger(startSeconds) && startSeconds <= endSeconds).toBe(true)
        if (isClient) expect([edges.length > 0, totalCount(requests)]).toEqual([true, 0])
        if (isRoot) expect(isActive).toBe(true)
        for (const { to, kind, calls, eventAges } of edges) {
          expect(keys).toContain(to)
          const times = [...(kind === 'link' ? eventAges : calls.responseTimes).counts.values()]
          const observed = times.reduce((sum, count) => sum + count, 0)
          if (kind === 'call') expect(observed).toBe(totalCount(calls))
          else expect([observed <= totalCount(calls), calls.totalResponseUs]).toEqual([true, 0])
        }
      }
    }),
    { numRuns: 200 },
  )
})
