import { describe, expect, test } from 'vitest'
import { anEntity, entityId, segment, subsegment, T0, TRACE_ID } from '../../../test/fixtures/model-documents.ts'
import { assemble } from '../assemble.ts'
import type { Entity, SegmentDocument } from '../entity.ts'
import { indexTrace } from '../trace-index.ts'
import { histogramEntries } from './histogram.ts'
import { linkProducer } from './link-producer.ts'
import { neighbourhood } from './neighbourhood.ts'
import { serviceGraph } from './service-graph.ts'
import { topologyHash } from './topology-hash.ts'

const indexOf = (...documents: readonly SegmentDocument[]) =>
  indexTrace(
    assemble(
      TRACE_ID,
      1,
      documents.map((document, received) => ({ document, received })),
    ),
  )

const graphOf = (...documents: readonly SegmentDocument[]) => serviceGraph([indexOf(...documents)])

const nodeOf = (name: string, ...documents: readonly SegmentDocument[]) => {
  const found = graphOf(...documents).nodes.find(({ service, isClient }) => service.name === name && !isClient)
  if (found === undefined) throw new Error(`no node ${name}`)
  return found
}

const call = (id: string, name: string, fields: object = {}) => anEntity(id, { namespace: 'remote', name, ...fields })

describe('each request is in one count', () => {
  test.each<{ fields: Partial<Entity>; counted: string; reason: string }>([
    { fields: {}, counted: 'ok', reason: 'no flag' },
    { fields: { http: { status: 302 } }, counted: 'ok', reason: 'a redirection' },
    { fields: { http: { status: 404 } }, counted: 'error', reason: 'by its status' },
    { fields: { http: { status: 429 } }, counted: 'throttle', reason: 'by its status' },
    { fields: { error: true, throttle: true }, counted: 'throttle', reason: 'before an error' },
    { fields: { error: true, throttle: true, fault: true }, counted: 'fault', reason: 'before all' },
    { fields: { fault: false, http: { status: 503 } }, counted: 'ok', reason: 'a flag wins over the status' },
  ])('$fields: $counted ($reason)', ({ fields, counted }) => {
    const { ok, error, throttle, fault } = nodeOf('a', segment('a', { name: 'a', ...fields })).requests
    const none = { ok: 0, error: 0, throttle: 0, fault: 0 }
    expect({ ok, error, throttle, fault }).toEqual({ ...none, [counted]: 1 })
  })
})

describe('times', () => {
  test('a duration lasts until the last end of what stands in the segment, a response until its own', () => {
    const late = anEntity('b', { start: 1, end: 1.5, subsegments: [anEntity('c', { start: 1.2, end: 4 })] })
    const { requests, durations } = nodeOf('a', segment('a', { name: 'a', subsegments: [late] }))
    expect(histogramEntries(requests.responseTimes)).toEqual([{ valueSeconds: 1, count: 1 }])
    expect(histogramEntries(durations)).toEqual([{ valueSeconds: 4, count: 1 }])
    expect(requests.totalResponseUs).toBe(1_000_000)
  })

  test('what another segment did later is not part of it', () => {
    const documents = [
      segment('a', { name: 'a', subsegments: [call('b', 'b')] }),
      segment('c', { name: 'b', parent: 'b', start: 5, end: 9 }),
      subsegment('d', 'f', { start: 20 }),
    ]
    expect(histogramEntries(nodeOf('a', ...documents).durations)).toEqual([{ valueSeconds: 1, count: 1 }])
  })

  test('an end before the start takes no time', () => {
    const { requests } = nodeOf('a', segment('a', { name: 'a', start: 2, end: 1 }))
    expect([requests.totalResponseUs, histogramEntries(requests.responseTimes)]).toEqual([
      0,
      [{ valueSeconds: 0, count: 1 }],
    ])
  })

  test('absurd ones are counted up to what a number holds', () => {
    const { requests } = nodeOf('a', segment('a', { name: 'a', end: 1e300 }), segment('b', { name: 'a', end: 1e300 }))
    expect([requests.ok, requests.totalResponseUs]).toEqual([2, Number.MAX_SAFE_INTEGER])
  })

  test('are whole seconds, rounded outwards', () => {
    const { startSeconds, endSeconds } = nodeOf('a', segment('a', { name: 'a', start: 1.9, end: 2.1 }))
    expect([startSeconds - T0, endSeconds - T0]).toEqual([1, 3])
  })

  test('of what is in progress there is only the start, and no count', () => {
    const node = nodeOf('a', segment('a', { name: 'a', start: 1.5, end: undefined, fault: true }))
    expect([node.startSeconds - T0, node.endSeconds - T0]).toEqual([1, 2])
    expect(node.requests).toMatchObject({ ok: 0, fault: 0, totalResponseUs: 0 })
  })
})

describe('the producer of a link', () => {
  const queue = 'https://sqs/1/queue'
  const index = indexOf(
    segment('a', {
      name: 'web',
      end: 9,
      subsegments: [
        call('b', 'SQS', { namespace: 'aws', aws: { queue_url: queue }, end: 2 }),
        call('c', 'api.local', { end: 3 }),
        call('d', 'example.com', { end: undefined }),
        anEntity('e', { end: 4 }),
      ],
    }),
    segment('1', { name: 'api', parent: 'c' }),
    subsegment('2', 'f', { namespace: 'remote', name: 'lost.example.com' }),
    subsegment('3', 'f'),
  )
  test.each<{ id: string; name?: string; end?: number; reason: string }>([
    { id: 'b', name: queue, end: 2, reason: 'the queue that a call sent to' },
    { id: 'c', name: 'api', end: 3, reason: 'the service that was called' },
    { id: 'd', name: 'example.com', reason: 'the host that was called, at a time not yet known' },
    { id: 'e', name: 'web', end: 4, reason: 'the service in which it was sent' },
    { id: 'a', name: 'web', end: 9, reason: 'the service itself' },
    { id: '2', name: 'lost.example.com', end: 1, reason: "an orphan's other side is known" },
    { id: '3', reason: 'whose an orphan is, is not' },
    { id: 'f', reason: 'not in the trace' },
  ])('$id: $name ($reason)', ({ id, name, end }) => {
    const producer = linkProducer(index, entityId(id))
    expect(producer?.service.name).toBe(name)
    expect(producer?.endTime).toBe(end === undefined ? undefined : T0 + end)
  })
})

/** client → a → b → c → d, and x → b, and c → c. */
const chain = [
  segment('a', { name: 'a', subsegments: [call('1', 'b')] }),
  segment('b', { name: 'b', parent: '1', subsegments: [call('2', 'c')] }),
  segment('c', { name: 'c', parent: '2', subsegments: [call('3', 'd'), call('4', 'c')] }),
  segment('d', { name: 'c', parent: '4', start: 1 }),
  segment('e', { name: 'x', parent: 'f', subsegments: [call('5', 'b')] }),
  segment('6', { name: 'b', parent: '5', start: 1 }),
]

describe('the neighbourhood of a node', () => {
  const graph = graphOf(...chain)
  const keyOf = (name: string) =>
    graph.nodes.find(({ service, isClient }) => service.name === name && !isClient)?.key ?? ''
  test.each<{ name: string; steps: number; nodes: string[]; edges: string[] }>([
    { name: 'b', steps: 0, nodes: ['b'], edges: [] },
    { name: 'c', steps: 0, nodes: ['c'], edges: ['c → c'] },
    { name: 'b', steps: 1, nodes: ['a', 'b', 'c', 'x'], edges: ['a → b', 'b → c', 'c → c', 'x → b'] },
    { name: 'd', steps: 2, nodes: ['b', 'c', 'd'], edges: ['b → c', 'c → c', 'c → d'] },
    { name: 'a', steps: 1, nodes: ['a', 'a', 'b'], edges: ['a → a', 'a → b'] },
    { name: 'nobody', steps: 3, nodes: [], edges: [] },
  ])('$steps steps from $name', ({ name, steps, nodes, edges }) => {
    const part = neighbourhood(graph, keyOf(name), steps).nodes
    const names = new Map(part.map(({ key, service }) => [key, service.name]))
    expect(part.map(({ service }) => service.name)).toEqual(nodes)
    const written = part.flatMap((node) => node.edges.map(({ to }) => `${node.service.name} → ${names.get(to)}`))
    expect(written).toEqual(edges)
  })
})

describe('the hash of the topology', () => {
  const rest = chain.slice(1)
  const hash = topologyHash(graphOf(...chain))

  test('is the same for other numbers and names of callers', () => {
    const faulty = segment('a', { name: 'a', fault: true, subsegments: [call('1', 'b.local', { end: 7 })] })
    expect(topologyHash(graphOf(faulty, ...rest))).toBe(hash)
    expect(hash).toMatch(/^[0-9a-f]{16}$/)
  })

  test.each<{ reason: string; documents: readonly SegmentDocument[] }>([
    { reason: 'without an edge', documents: [segment('a', { name: 'a' }), ...rest] },
    { reason: 'with another node', documents: [...chain, segment('7', { name: 'é', parent: 'f' })] },
    { reason: 'of nothing', documents: [] },
    {
      reason: 'with a node of another type',
      documents: [segment('a', { name: 'a', origin: 'A', subsegments: [call('1', 'b')] }), ...rest],
    },
  ])('differs for a graph $reason', ({ documents }) => {
    expect(topologyHash(graphOf(...documents))).not.toBe(hash)
  })
})
