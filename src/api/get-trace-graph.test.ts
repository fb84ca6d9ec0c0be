import { beforeAll, expect, test } from 'vitest'
import { apiInMemory } from '../../test/fixtures/api-in-memory.ts'
import { createStory } from '../../test/fixtures/story.ts'

const NOW = 1_700_000_000
const api = apiInMemory(NOW * 1000)
const story = createStory(7, NOW)
const [plain, fault] = [story.plain(), story.remoteFault()]

const ask = async (path: string, body: unknown) => {
  const { signal } = new AbortController()
  const answer = await api.answer({
    method: 'POST',
    path,
    headers: {},
    body: Buffer.from(JSON.stringify(body)),
    signal,
  })
  return JSON.parse(answer.body)
}
const graph = (TraceIds: readonly string[], rest: object = {}) => ask('/TraceGraph', { TraceIds, ...rest })
const namesOf = (answer: { Services: { Name: string }[] }) => answer.Services.map(({ Name }) => Name)

beforeAll(async () => {
  const TraceSegmentDocuments = [...plain.documents, ...fault.documents].map((document) => JSON.stringify(document))
  await ask('/TraceSegments', { TraceSegmentDocuments })
})

test('has what these traces have, whenever they were', async () => {
  const answer = await graph([plain.traceId])
  expect(Object.keys(answer)).toEqual(['Services'])
  expect(namesOf(answer)).toEqual(['web', 'api', 'table', 'web'])
  expect(answer.Services[0]).toMatchObject({
    Type: 'client',
    Edges: [{ ReferenceId: 3, ResponseTimeHistogram: [{ Count: 1 }], SummaryStatistics: { TotalCount: 1 } }],
  })
})

test('each trace counts once, in whatever form its id is written; unknown ones count nothing', async () => {
  const { traceId } = plain
  const w3c = traceId.replaceAll('-', '').slice(1).toUpperCase()
  const answer = await graph([traceId, w3c, traceId, 'none', story.traceId()])
  expect(answer).toEqual(await graph([traceId]))
  const both = await graph([traceId, fault.traceId])
  expect(both.Services[0].Edges.map((edge: { SummaryStatistics: unknown }) => edge.SummaryStatistics)).toMatchObject([
    { TotalCount: 1, OkCount: 0 },
    { TotalCount: 1, OkCount: 1 },
  ])
})

test('is an empty list for ids that nothing is stored under', async () => {
  expect(await graph(['none', story.traceId()])).toEqual({ Services: [] })
})

const many = (count: number) => Array.from({ length: count }, () => plain.traceId)
test.each<[string, readonly string[], object, string]>([
  [
    'no ids',
    [],
    {},
    "1 validation error detected: Value '[]' at 'traceIds' failed to satisfy constraint: Member must have length greater than or equal to 1",
  ],
  [
    'more than a hundred ids',
    many(101),
    {},
    "1 validation error detected: Value '[101 elements]' at 'traceIds' failed to satisfy constraint: Member must have length less than or equal to 100",
  ],
  ['a token of its own making', [plain.traceId], { NextToken: 'abc' }, 'Invalid NextToken'],
])('refuses %s', async (_, ids, rest, message) => {
  expect(await graph(ids, rest)).toEqual({ __type: 'InvalidRequestException', Message: message, message })
})

test('takes a hundred ids', async () => {
  expect(namesOf(await graph(many(100)))).toHaveLength(4)
})
