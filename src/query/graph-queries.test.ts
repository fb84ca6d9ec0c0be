import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { graphWorkload, WORKLOAD_SECONDS, WORKLOAD_START, workloadTraces } from '../../test/fixtures/graph-workload.ts'
import { servicesInMemory } from '../../test/fixtures/services-in-memory.ts'
import { createStory, type WireEntity } from '../../test/fixtures/story.ts'
import { parseFilter } from '../filter/parse-filter.ts'
import { resolveGroups } from '../filter/resolve-groups.ts'
import { totalCount } from '../model/graph/call-counts.ts'
import { graphsByPeriod, serviceGraph, type ServiceGraph } from '../model/graph/service-graph.ts'
import { readTraceId } from '../model/ids.ts'
import type { Tenant } from '../model/tenant.ts'
import { indexTrace } from '../model/trace-index.ts'
import type { TraceFilter } from './traces.ts'

const NOW = WORKLOAD_START + 3_600
const tenant: Tenant = { account: '000000000000', region: 'us-east-1' }
const always = { startSeconds: 0, endSeconds: 2 ** 32 }

async function servicesWith(documents: readonly WireEntity[]) {
  const services = servicesInMemory(() => NOW)
  for (let from = 0; from < documents.length; from += 50) {
    const texts = documents.slice(from, from + 50).map((one) => JSON.stringify(one))
    const { rejections } = await services.ingest.accept(tenant, texts, 'http')
    expect(rejections).toEqual([])
  }
  return services
}

function filterOf(text: string): TraceFilter {
  const parsed = parseFilter(text)
  const resolved = parsed.ok ? resolveGroups(parsed.value, () => undefined) : parsed
  if (!resolved.ok) throw new Error(resolved.error.message)
  return { expression: resolved.value, needsWholeDocuments: false }
}

/** Each edge with how often it was counted. */
const edgesOf = ({ nodes }: ServiceGraph): readonly string[] => {
  const names = new Map(nodes.map(({ key, service }) => [key, `${service.name} (${service.type ?? ''})`]))
  return nodes.flatMap(({ key, edges }) =>
    edges.map(({ to, kind, calls }) => `${names.get(key)} ${kind} ${names.get(to)}: ${totalCount(calls)}`),
  )
}

test('a graph, and its periods, are those of the pure functions over all traces, whole', async () => {
  const second = fc.integer({ min: -10, max: WORKLOAD_SECONDS + 10 }).map((at) => WORKLOAD_START + at)
  const fraction = fc.constantFrom(0, 0, 0.001, 0.5)
  await fc.assert(
    fc.asyncProperty(graphWorkload, second, second, fraction, async (documents, a, b, part) => {
      const { queries, graphs } = await servicesWith(documents)
      const window = { startSeconds: Math.min(a, b) + part, endSeconds: Math.max(a, b) + 1 }
      const indexes = (await queries.traces(tenant, workloadTraces)).map(indexTrace)
      expect(await graphs.serviceGraph(tenant, { window })).toEqual(serviceGraph(indexes, window))
      expect(await graphs.periods(tenant, { window, periodSeconds: 60 })).toEqual(graphsByPeriod(indexes, 60, window))
      expect(await graphs.traceGraph(tenant, workloadTraces)).toEqual(serviceGraph(indexes))
    }),
    { numRuns: 100 },
  )
})

describe('a service graph', () => {
  const story = createStory(1, NOW)
  const { traceId, entityId, aSegment, aSubsegment } = story
  const at = NOW - 60

  test('has a call in the window in which it ended, even after its segment', async () => {
    const call = aSubsegment({ name: 'later', namespace: 'remote', start_time: at, end_time: at + 50 })
    const { graphs } = await servicesWith([aSegment({ start_time: at, end_time: at + 1 }, call)])
    const window = { startSeconds: at + 40, endSeconds: at + 60 }
    expect(edgesOf(await graphs.serviceGraph(tenant, { window }))).toEqual(['web () call later (remote): 1'])
  })

  test('finds who sent what was received, outside of the window and of the filter', async () => {
    const [trace_id, id] = [traceId(), entityId()]
    const send = aSubsegment({
      id,
      name: 'SQS',
      namespace: 'aws',
      start_time: at,
      end_time: at + 1,
      aws: { queue_url: 'https://q/orders' },
    })
    const producer = aSegment({ trace_id, start_time: at, end_time: at + 2 }, send)
    const consumer = aSegment({ name: 'worker', start_time: at + 30, end_time: at + 31, links: [{ trace_id, id }] })
    const { graphs } = await servicesWith([producer, consumer])
    const window = { startSeconds: at + 30, endSeconds: at + 40 }
    const filter = filterOf('service("worker")')
    expect(edgesOf(await graphs.serviceGraph(tenant, { window, filter }))).toEqual([
      'worker (client) call worker (): 1',
      'https://q/orders (AWS::SQS::Queue) link worker (): 1',
    ])
  })

  test('counts more traces than are found, and put together, at a time, each once', async () => {
    const documents = Array.from({ length: 2_101 }, (_, age) =>
      aSegment({ start_time: NOW - 3_000 + age, fault: age % 7 === 0 }),
    )
    const { graphs } = await servicesWith(documents)
    const count = async (filter?: TraceFilter) =>
      edgesOf(await graphs.serviceGraph(tenant, filter === undefined ? { window: always } : { window: always, filter }))
    expect(await count()).toEqual(['web (client) call web (): 2101'])
    expect(await count(filterOf('fault'))).toEqual(['web (client) call web (): 301'])
    expect(await count(filterOf('service("nobody")'))).toEqual([])
  })

  test('lets others have their turns, and stops when the caller has gone', async () => {
    const { graphs } = await servicesWith(Array.from({ length: 1_000 }, () => aSegment()))
    const controller = new AbortController()
    let turns = 0
    const turn = (): void => {
      turns += 1
      if (turns === 3) controller.abort()
      else setImmediate(turn)
    }
    setImmediate(turn)
    await expect(graphs.serviceGraph(tenant, { window: always }, controller.signal)).rejects.toThrow('aborted')
    await expect(graphs.traceGraph(tenant, [], AbortSignal.abort())).rejects.toThrow('aborted')
  })

  test('is that of one account and region', async () => {
    const { graphs } = await servicesWith([aSegment()])
    const other = { ...tenant, region: 'eu-west-1' }
    expect(await graphs.serviceGraph(other, { window: always })).toEqual({ nodes: [] })
  })
})

test('the graph of traces has these traces and no others', async () => {
  const story = createStory(2, NOW)
  const [first, second] = [story.plain(), story.remoteFault()]
  const { graphs } = await servicesWith([...first.documents, ...second.documents])
  const ids = [readTraceId(first.traceId), readTraceId(story.traceId())].filter((id) => id !== undefined)
  const names = (await graphs.traceGraph(tenant, ids)).nodes.map(({ service }) => service.name)
  expect(names).toEqual(['web', 'api', 'table', 'web'])
})
