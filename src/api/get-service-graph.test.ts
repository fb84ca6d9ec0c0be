import { beforeAll, describe, expect, test } from 'vitest'
import { apiInMemory } from '../../test/fixtures/api-in-memory.ts'
import { createStory } from '../../test/fixtures/story.ts'
import { controlInMemory } from '../../test/fixtures/control-in-memory.ts'
import { emptyGraph, nodeAt } from '../model/graph/graph-accumulator.ts'
import { finishGraph } from '../model/graph/service-graph.ts'
import { nodeOf } from '../model/node.ts'
import { getServiceGraph } from './get-service-graph.ts'

const NOW = 1_700_000_000
const api = apiInMemory(NOW * 1000)
const story = createStory(5, NOW)

const ask = async (path: string, body: unknown, headers = {}) => {
  const { signal } = new AbortController()
  const answer = await api.answer({ method: 'POST', path, headers, body: Buffer.from(JSON.stringify(body)), signal })
  return JSON.parse(answer.body)
}
const window = { StartTime: NOW - 60, EndTime: NOW }
const graph = (rest: object = {}) => ask('/ServiceGraph', { ...window, ...rest })
const nodesOf = (page: { Services: { Name: string; Type?: string }[] }) =>
  page.Services.map(({ Name, Type = '' }) => `${Name} (${Type})`)

beforeAll(async () => {
  const documents = [story.plain(), story.remoteFault()].flatMap((trace) => trace.documents)
  await ask('/TraceSegments', { TraceSegmentDocuments: documents.map((document) => JSON.stringify(document)) })
  await ask('/CreateGroup', { GroupName: 'faults', FilterExpression: 'fault' })
  await ask('/CreateGroup', { GroupName: 'nothing', FilterExpression: 'service("nobody")' })
})

const NODES = [
  'web (client)',
  'api (AWS::ECS::Container)',
  'payments.example.com (remote)',
  'table (AWS::DynamoDB::Table)',
  'web ()',
  'web (AWS::EC2::Instance)',
]

describe('the services', () => {
  test('have all members that clients walk unseen, with whole seconds, and a client has its edge alone', async () => {
    const answer = await graph()
    expect(answer).toMatchObject({ ...window, ContainsOldGroupVersions: false })
    expect(answer).not.toHaveProperty('NextToken')
    expect(nodesOf(answer)).toEqual(NODES)
    expect(answer.Services.map(({ ReferenceId }: { ReferenceId: number }) => ReferenceId)).toEqual(
      NODES.map((_, position) => position),
    )
    for (const service of answer.Services) {
      expect([service.StartTime, service.EndTime].every(Number.isInteger)).toBe(true)
      const isClient = service.Type === 'client'
      expect(Array.isArray(service.ResponseTimeHistogram)).toBe(!isClient)
      expect(service.SummaryStatistics === undefined).toBe(isClient)
      expect(service.Edges.length > 0 || !isClient).toBe(true)
      for (const edge of service.Edges) {
        expect(edge).toMatchObject({
          SummaryStatistics: { TotalCount: expect.any(Number) },
          Aliases: expect.any(Array),
        })
        expect(edge.ResponseTimeHistogram.length).toBeGreaterThan(0)
      }
    }
    expect(answer.Services[0]).toMatchObject({ Name: 'web', Type: 'client', State: 'unknown' })
    expect(answer.Services.slice(-2)).toMatchObject([
      {
        Root: true,
        State: 'active',
        SummaryStatistics: { TotalCount: 1, OkCount: 0, FaultStatistics: { TotalCount: 1, OtherCount: 1 } },
      },
      { Root: true, State: 'active', SummaryStatistics: { TotalCount: 1, OkCount: 1 } },
    ])
    expect(JSON.stringify(answer)).not.toContain('null')
  })

  test('echo the times as they were sent', async () => {
    const times = { StartTime: NOW - 60.5, EndTime: NOW + 0.25 }
    expect(await graph(times)).toMatchObject(times)
  })

  test('are an empty list when nothing happened', async () => {
    expect(await graph({ StartTime: NOW - 1_000, EndTime: NOW - 500 })).toEqual({
      StartTime: NOW - 1_000,
      EndTime: NOW - 500,
      Services: [],
      ContainsOldGroupVersions: false,
    })
  })
})

describe('groups', () => {
  const arnOf = async (GroupName: string) => (await ask('/GetGroup', { GroupName })).Group.GroupARN

  test('none and Default are everything', async () => {
    expect(await graph({ GroupName: 'Default' })).toEqual(await graph())
    expect(await graph({ GroupARN: await arnOf('Default') })).toEqual(await graph())
  })

  test('one has the traces that satisfy its expression, by name, by ARN, by both', async () => {
    const [GroupName, GroupARN] = ['faults', await arnOf('faults')]
    const answer = await graph({ GroupName })
    expect(nodesOf(answer)).toEqual(['web (client)', 'payments.example.com (remote)', 'web ()'])
    expect(answer.Services.at(-1).SummaryStatistics.TotalCount).toBe(1)
    expect(await graph({ GroupARN })).toEqual(answer)
    expect(await graph({ GroupARN, GroupName })).toEqual(answer)
    expect((await graph({ GroupName: 'nothing' })).Services).toEqual([])
  })

  test('of an account are not those of another', async () => {
    const authorization = 'AWS4-HMAC-SHA256 Credential=111122223333/20260101/us-east-1/xray/aws4_request'
    const other = (rest: object) => ask('/ServiceGraph', { ...window, ...rest }, { authorization })
    expect(await other({ GroupName: 'faults' })).toMatchObject({ message: 'Group not found' })
    expect(await other({})).toMatchObject({ Services: [] })
  })
})

test.each<[string, object, string]>([
  ['an empty window', { EndTime: window.StartTime }, 'StartTime must be before EndTime'],
  ['a window turned round', { StartTime: 2, EndTime: 1 }, 'StartTime must be before EndTime'],
  ['a group that does not exist', { GroupName: 'nobody' }, 'Group not found'],
  ['an ARN that does not exist', { GroupARN: 'arn:nobody' }, 'Group not found'],
  ['two groups', { GroupName: 'Default', GroupARN: 'faults' }, 'GroupName and GroupARN are of different groups'],
  ['a token of its own making', { NextToken: 'abc' }, 'Invalid NextToken'],
  ['an empty token', { NextToken: '' }, 'Invalid NextToken'],
])('refuses %s', async (_, input: { GroupARN?: string }, message) => {
  const GroupARN =
    input.GroupARN === 'faults' ? (await ask('/GetGroup', { GroupName: 'faults' })).Group.GroupARN : input.GroupARN
  const answer = await graph({ ...input, ...(GroupARN === undefined ? {} : { GroupARN }) })
  expect(answer).toEqual({ __type: 'InvalidRequestException', Message: message, message })
})

describe('pages', () => {
  /** A handler of pages of two, over a graph that can be changed, and how often that was asked for. */
  function pagesOverGraph() {
    const graphs = { names: ['a', 'b', 'c', 'd', 'e'], made: 0 }
    const serviceGraph = async () => {
      graphs.made += 1
      const counts = emptyGraph()
      for (const name of graphs.names) nodeAt(counts, nodeOf(name, undefined, undefined))
      return finishGraph(counts)
    }
    const { groups } = controlInMemory(() => NOW * 1000)
    const handler = getServiceGraph({ serviceGraph }, groups, 2)
    const page = (NextToken?: string, nowSeconds = NOW, input: object = window, account = '000000000000') =>
      handler(
        { ...window, ...input, ...(NextToken === undefined ? {} : { NextToken }) },
        { requestId: 'r', tenant: { account, region: 'us-east-1' }, signal: new AbortController().signal, nowSeconds },
      )
    return { graphs, page }
  }

  test('refer to each other by positions in the whole graph, which is made once', async () => {
    const { graphs, page } = pagesOverGraph()
    const first = await page()
    const second = await page(first.NextToken)
    const third = await page(second.NextToken)
    expect(
      [first, second, third].map(({ Services = [] }) => Services.map((one) => [one.ReferenceId, one.Name])),
    ).toEqual([
      [
        [0, 'a'],
        [1, 'b'],
      ],
      [
        [2, 'c'],
        [3, 'd'],
      ],
      [[4, 'e']],
    ])
    expect(third).not.toHaveProperty('NextToken')
    expect(graphs.made).toBe(1)
  })

  test('stay those of the graph that the first is of, as long as that is kept', async () => {
    const { graphs, page } = pagesOverGraph()
    const { NextToken } = await page()
    graphs.names = ['A', ...graphs.names]
    expect((await page(NextToken, NOW + 299)).Services?.map(({ Name }) => Name)).toEqual(['c', 'd'])
    await expect(page(NextToken, NOW + 599)).rejects.toThrow('Invalid NextToken')
  })

  test('go on after that, when the graph is made again and has the same shape', async () => {
    const { graphs, page } = pagesOverGraph()
    const { NextToken } = await page()
    expect((await page(NextToken, NOW + 300)).Services?.map(({ Name }) => Name)).toEqual(['c', 'd'])
    expect(graphs.made).toBe(2)
  })

  test('are those of the request that got the token', async () => {
    const { page } = pagesOverGraph()
    const { NextToken } = await page()
    await expect(page(NextToken, NOW, { EndTime: NOW + 1 })).rejects.toThrow('Invalid NextToken')
    await expect(page(NextToken, NOW, { GroupName: 'Default' })).rejects.toThrow('Invalid NextToken')
    await expect(page(NextToken, NOW, {}, '111122223333')).rejects.toThrow('Invalid NextToken')
    await expect(page(NextToken, NOW + 86_400)).rejects.toThrow('Invalid NextToken')
  })

  test('that fit have no token', async () => {
    const { graphs, page } = pagesOverGraph()
    graphs.names = ['a', 'b']
    expect(await page()).not.toHaveProperty('NextToken')
  })
})
