import { beforeAll, describe, expect, test } from 'vitest'
import { apiInMemory } from '../../test/fixtures/api-in-memory.ts'
import { controlInMemory } from '../../test/fixtures/control-in-memory.ts'
import { retrievalJobsInMemory } from '../../test/fixtures/retrieval-jobs-in-memory.ts'
import { servicesInMemory } from '../../test/fixtures/services-in-memory.ts'
import { createStory } from '../../test/fixtures/story.ts'
import { writeDocument } from '../wire/xray/write-document.ts'
import { createGraphEndpoints } from './graph-endpoints.ts'
import { createOperations } from './operations.ts'

const NOW = 1_700_000_000
const defaultTenant = { account: '000000000000', region: 'us-east-1' }
const clock = () => NOW * 1000
const services = servicesInMemory(() => NOW)
const control = controlInMemory(clock)
const api = apiInMemory(clock(), {
  operations: createOperations({
    ...services,
    ...control,
    retrievalJobs: retrievalJobsInMemory(control.settings, services, clock),
    telemetry: { accept: () => undefined },
    writeDocument,
    clock,
  }),
  own: createGraphEndpoints({ graphs: services.graphs, groups: control.groups, defaultTenant, clock }),
})
const story = createStory(5, NOW)

const send = async (method: string, path: string, body: object = {}) => {
  const { signal } = new AbortController()
  const answer = await api.answer({ method, path, headers: {}, body: Buffer.from(JSON.stringify(body)), signal })
  return { status: answer.status, body: JSON.parse(answer.body) }
}
const get = async (path: string, parameters: Record<string, string | number> = {}) => {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) query.set(name, String(value))
  return send('GET', `${path}?${query.toString()}`)
}
const graph = async (parameters: Record<string, string | number> = {}) => {
  const { status, body } = await get('/api/graph', parameters)
  expect(status, JSON.stringify(body)).toBe(200)
  return body
}
type Node = { readonly key: string; readonly name: string; readonly client: boolean }
type Edge = { readonly from: string; readonly to: string; readonly kind: string; readonly calls: { total: number } }
const namesOf = ({ nodes }: { nodes: Node[] }) => nodes.map(({ name, client }) => (client ? `(${name})` : name))

beforeAll(async () => {
  const documents = [story.plain(), story.remoteFault()].flatMap((trace) => trace.documents)
  const TraceSegmentDocuments = documents.map((document) => JSON.stringify(document))
  await send('POST', '/TraceSegments', { TraceSegmentDocuments })
  await send('POST', '/CreateGroup', { GroupName: 'faults', FilterExpression: 'fault' })
})

describe('/api/graph', () => {
  test('has what GetServiceGraph has, with percentiles, and edges by the keys of their nodes', async () => {
    const own = await graph({ from: '60s' })
    const { body: aws } = await send('POST', '/ServiceGraph', { StartTime: NOW - 60, EndTime: NOW })
    expect(own).toMatchObject({ startTime: NOW - 60, endTime: NOW, topology: expect.stringMatching(/^[0-9a-f]{16}$/) })
    expect(own.nodes.map(({ name }: Node) => name)).toEqual(aws.Services.map(({ Name }: { Name: string }) => Name))
    const keys = new Set(own.nodes.map(({ key }: Node) => key))
    expect(keys.size).toBe(own.nodes.length)
    expect(own.edges.length).toBe(aws.Services.flatMap(({ Edges }: { Edges: object[] }) => Edges).length)
    for (const { from, to, calls } of own.edges as Edge[]) {
      expect([keys.has(from), keys.has(to)]).toEqual([true, true])
      expect(calls.total).toBeGreaterThan(0)
    }
    for (const node of own.nodes) {
      const { total, ok, error, throttle, fault, responseTimes } = node.requests
      expect(ok + error + throttle + fault).toBe(total)
      expect('p50' in responseTimes).toBe(total > 0)
      if (total > 0) expect(responseTimes.p99).toBeGreaterThanOrEqual(responseTimes.p50)
    }
  })

  test('of a group, of a filter, and of both, with one topology for one shape', async () => {
    const [all, ofGroup, ofFilter] = [await graph(), await graph({ group: 'faults' }), await graph({ filter: 'fault' })]
    expect(ofGroup).toEqual(ofFilter)
    expect(ofGroup.topology).not.toBe(all.topology)
    expect((await graph({ group: 'faults', filter: 'ok' })).nodes).toEqual([])
    expect((await graph({ from: '10m' })).topology).toBe(all.topology)
  })

  test('around a node: its callers and those it calls, and no others', async () => {
    const all = await graph()
    const api = all.nodes.find(({ name }: Node) => name === 'api')
    const near = await graph({ around: api.key })
    const beside = (all.edges as Edge[]).flatMap(({ from, to }) => (from === api.key ? to : to === api.key ? from : []))
    expect(new Set(near.nodes.map(({ key }: Node) => key))).toEqual(new Set([api.key, ...beside]))
    expect(near.nodes.length).toBeLessThan(all.nodes.length)
    expect(namesOf(await graph({ around: api.key, steps: 9 }))).toEqual(expect.arrayContaining(namesOf(near)))
    expect((await graph({ around: 'nobody' })).nodes).toEqual([])
  })
})

describe('/api/graph/trend', () => {
  const trend = async (parameters: Record<string, string | number>) => get('/api/graph/trend', parameters)

  test('of a node and of an edge adds up to the graph', async () => {
    const all = await graph()
    for (const node of all.nodes.filter(({ client }: Node) => !client)) {
      const { body } = await trend({ node: node.key })
      expect(body.period).toBe(60)
      const totals = body.points.map(({ total }: { total: number }) => total)
      expect(totals.reduce((sum: number, total: number) => sum + total, 0)).toBe(node.requests.total)
    }
    for (const { from, to, kind, calls } of all.edges as Edge[]) {
      const { body } = await trend({ 'from-node': from, 'to-node': to, kind, period: 300 })
      expect(body.period).toBe(300)
      const totals = body.points.map(({ total }: { total: number }) => total)
      expect(totals.reduce((sum: number, total: number) => sum + total, 0)).toBe(calls.total)
    }
    expect((await trend({ node: 'nobody' })).body.points).toEqual([])
  })

  test('has about 120 points unless it is told otherwise', async () => {
    expect((await trend({ node: 'x', from: '1d' })).body.period).toBe(720)
    expect((await trend({ node: 'x', from: '1d', period: 86_400 })).body.period).toBe(86_400)
  })
})

test.each<[string, string, Record<string, string | number>, string]>([
  ['nothing to follow', '/api/graph/trend', {}, 'Name a node, or from-node and to-node'],
  ['half an edge', '/api/graph/trend', { 'from-node': 'a' }, 'Name a node, or from-node and to-node'],
  ['half a minute', '/api/graph/trend', { node: 'a', period: 90 }, 'period must be whole minutes'],
  ['too short a period', '/api/graph/trend', { node: 'a', period: 60, from: '30d' }, 'period must be longer'],
  [
    'an unknown kind',
    '/api/graph/trend',
    { 'from-node': 'a', 'to-node': 'b', kind: 'x' },
    'kind must be one of call, link',
  ],
  ['an unknown group', '/api/graph', { group: 'nobody' }, 'Group not found'],
  ['a filter that is none', '/api/graph', { filter: 'fault AND' }, 'Error Location'],
  ['a negative step', '/api/graph', { steps: -1 }, 'steps must be an integer from 1 to 100'],
])('%s is refused', async (_, path, parameters, message) => {
  const { status, body } = await get(path, parameters)
  expect([status, body.__type]).toEqual([400, expect.stringMatching(/Exception$/)])
  expect(body.Message ?? body.message).toContain(message)
})
