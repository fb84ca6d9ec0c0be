import { beforeAll, describe, expect, test } from 'vitest'
import { apiInMemory } from '../../test/fixtures/api-in-memory.ts'
import { controlInMemory } from '../../test/fixtures/control-in-memory.ts'
import { servicesInMemory } from '../../test/fixtures/services-in-memory.ts'
import { parseObject, type JsonObject } from '../../test/fixtures/xray-client.ts'
import type { Overview } from '../wire/own/overview.ts'
import { createOverviewEndpoints } from './overview-endpoints.ts'

const NOW = 1_700_000_000
const TRACES = 450
const defaultTenant = { account: '000000000000', region: 'us-east-1' }
const clock = () => NOW * 1000
const services = servicesInMemory(() => NOW)
const { groups } = controlInMemory(clock)
const api = apiInMemory(clock(), {
  own: createOverviewEndpoints({ searches: services.searches, groups, defaultTenant, clock }),
})

const ask = async (parameters: Record<string, string | number> = {}, signal = new AbortController().signal) => {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) query.set(name, String(value))
  const path = `/api/overview?${query.toString()}`
  return api.answer({ method: 'GET', path, headers: {}, body: Buffer.alloc(0), signal })
}

const overview = async (parameters: Record<string, string | number>): Promise<Overview> => {
  const { status, headers, body } = await ask(parameters)
  expect([status, headers['Cache-Control']], body).toEqual([200, 'no-store'])
  // What the endpoint promises; that it keeps it is what the tests are about.
  return JSON.parse(body) as Overview
}

beforeAll(async () => {
  const texts = Array.from({ length: TRACES }, (_, age) =>
    JSON.stringify({
      name: age % 2 === 0 ? 'web' : 'worker',
      id: '00000000000000a1',
      trace_id: `1-${(NOW - age).toString(16)}-${age.toString(16).padStart(24, '0')}`,
      start_time: NOW - age,
      end_time: NOW - age + (age + 1) / 1000,
      annotations: { tenant: age % 3 === 0 ? 'acme' : 'initech' },
      fault: age % 10 === 0,
      user: `user-${age % 2}`,
      http: { request: { url: `https://shop/${age % 2}?page=${age}`, method: 'GET' }, response: { status: 200 } },
    }),
  )
  for (let from = 0; from < TRACES; from += 50) {
    await services.ingest.accept(defaultTenant, texts.slice(from, from + 50), 'http')
  }
  await groups.create(defaultTenant, { name: 'acme', filterExpression: 'annotation.tenant = "acme"', tags: [] })
})

describe('GET /api/overview', () => {
  const all = { from: NOW - 1_000, to: NOW + 1 }

  test('has heat and facets of all traces of the window', async () => {
    const found = await overview({ from: NOW - 449, to: NOW + 1, columns: 10 })
    expect(found).toMatchObject({
      startTime: NOW - 449,
      endTime: NOW + 1,
      scanned: TRACES,
      matched: TRACES,
      complete: true,
      upTo: NOW - 449,
      heat: { columns: 10, rows: [0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256] },
    })
    const total = (member: number) => found.heat.cells.reduce((sum, cell) => sum + (cell[member] ?? 0), 0)
    expect([total(2), total(3), total(4), total(5)]).toEqual([TRACES, 45, 0, 0])
    // The newest trace took a millisecond, and the oldest the longest.
    expect(found.heat.cells.at(0)).toEqual([0, 8, 45, 4, 0, 0])
    expect(found.heat.cells.filter(([column, row]) => column === 9 && row === 0)).toEqual([[9, 0, 1, 1, 0, 0]])
    expect(found.facets.map(({ field, label }) => [field, label])).toEqual([
      ['service', 'Service'],
      ['outcome', 'Outcome'],
      ['status', 'Status'],
      ['method', 'Method'],
      ['url', 'URL'],
      ['user', 'User'],
      ['annotation.tenant', 'tenant'],
    ])
    expect(found.facets.at(-1)?.values).toEqual([
      { value: 'initech', count: 300, clause: 'annotation.tenant = "initech"' },
      { value: 'acme', count: 150, clause: 'annotation.tenant = "acme"' },
    ])
  })

  test('every clause finds as many traces as it says', async () => {
    const { facets } = await overview(all)
    const values = facets.flatMap((facet) => facet.values)
    expect(values).toHaveLength(12)
    for (const { clause, count } of values) {
      expect(await overview({ ...all, filter: clause }), clause).toMatchObject({ matched: count, complete: true })
    }
  })

  test.each<[string, Record<string, string | number>, object]>([
    ['a filter that rows can tell', { filter: 'annotation.tenant = "acme"' }, { scanned: 150, matched: 150 }],
    ['a filter that they can tell nearly', { filter: 'duration > 0.4' }, { scanned: 52, matched: 50 }],
    ['a group', { group: 'acme' }, { matched: 150 }],
    ['a group and a filter', { group: 'acme', filter: 'fault' }, { matched: 15 }],
    ['all of them', { group: 'Default' }, { matched: TRACES }],
    ['the extended dialect', { dialect: 'extended', filter: 'segments() > 1' }, { matched: 0, facets: [] }],
    ['a limit', { limit: 300 }, { scanned: 300, matched: 300, complete: false, upTo: NOW - 299 }],
    ['a limit that is enough', { limit: TRACES }, { scanned: TRACES, complete: true, upTo: all.from }],
    ['another account', { account: '111122223333' }, { scanned: 0, matched: 0, complete: true, facets: [] }],
    ['another region', { region: 'eu-west-1' }, { scanned: 0 }],
    ['ends', { range: 'service', from: NOW - 1, to: NOW }, { matched: 1, heat: { cells: [[0, 1, 1, 0, 0, 0]] } }],
    ['an age', { from: '3s', to: '1s', columns: 400 }, { matched: 2, heat: { columns: 400 } }],
  ])('of %s', async (_, parameters, expected) => {
    expect(await overview({ ...all, ...parameters })).toMatchObject(expected)
  })

  test('without parameters, of the last quarter of an hour', async () => {
    const found = await overview({})
    expect(found).toMatchObject({ startTime: NOW - 900, endTime: NOW, matched: TRACES - 1, heat: { columns: 120 } })
  })

  test.each<[Record<string, string | number>, JsonObject]>([
    [{ columns: 9 }, { message: 'columns must be an integer from 10 to 400' }],
    [{ columns: 401 }, { message: 'columns must be an integer from 10 to 400' }],
    [{ limit: 50_001 }, { message: 'limit must be an integer from 1 to 50000' }],
    [{ limit: 0 }, { message: 'limit must be an integer from 1 to 50000' }],
    [{ group: 'nobody' }, { message: 'Group not found' }],
    [{ from: NOW, to: NOW }, { message: 'from must be before to' }],
    [{ filter: 'fault AND PO' }, { line: 1, position: 11, symbol: 'PO' }],
    [{ filter: 'segments() > 1' }, { line: 1, position: 1 }],
  ])('refuses %j', async (parameters, expected) => {
    const { status, body } = await ask(parameters)
    expect([status, parseObject(body)]).toMatchObject([400, { __type: 'InvalidRequestException', ...expected }])
  })

  test('is given up when the client goes', async () => {
    expect((await ask(all, AbortSignal.abort())).status).toBe(500)
  })
})
