import { beforeAll, describe, expect, test } from 'vitest'
import { apiInMemory } from '../../test/fixtures/api-in-memory.ts'
import { controlInMemory } from '../../test/fixtures/control-in-memory.ts'
import { retrievalJobsInMemory } from '../../test/fixtures/retrieval-jobs-in-memory.ts'
import { servicesInMemory } from '../../test/fixtures/services-in-memory.ts'
import type { JsonObject } from '../../test/fixtures/xray-client.ts'
import { parseObject } from '../../test/fixtures/xray-client.ts'
import { writeDocument } from '../wire/xray/write-document.ts'
import { createOperations } from './operations.ts'
import { createSearchEndpoints } from './search-endpoints.ts'

const NOW = 1_700_000_000
const TRACES = 450
const defaultTenant = { account: '000000000000', region: 'us-east-1' }
const clock = () => NOW * 1000
/** The trace that began so many seconds ago. */
const idOf = (age: number) => `1-${(NOW - age).toString(16)}-${age.toString(16).padStart(24, '0')}`
/** Differs from its neighbours, and is between 0.001 and 0.45. */
const durationOf = (age: number) => (((age * 7) % TRACES) + 1) / 1000

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
  own: createSearchEndpoints({
    searches: services.searches,
    groups: control.groups,
    defaultTenant,
    clock,
    log: { error: (_, message) => expect.fail(message) },
  }),
})

const get = async (path: string, parameters: Record<string, string | number> = {}) => {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) query.set(name, String(value))
  const { signal } = new AbortController()
  const body = Buffer.alloc(0)
  return api.answer({ method: 'GET', path: `${path}?${query.toString()}`, headers: {}, body, signal })
}

const linesOf = async (parameters: Record<string, string | number>): Promise<readonly JsonObject[]> => {
  const { status, headers, body, rest } = await get('/api/traces', parameters)
  expect([status, headers['Content-Type'], body]).toEqual([200, 'application/x-ndjson', ''])
  let text = ''
  for await (const piece of rest ?? []) text += piece
  expect(text.endsWith('\n')).toBe(true)
  return text.trimEnd().split('\n').map(parseObject)
}

const idsIn = (lines: readonly JsonObject[]) => lines.filter(({ type }) => type === 'trace').map(({ Id }) => Id)
const ids = (...ages: readonly number[]) => ages.map(idOf)
const answer = async (path: string, parameters: Record<string, string | number>): Promise<JsonObject> => {
  const { status, body } = await get(path, parameters)
  expect(status, body).toBe(200)
  return parseObject(body)
}

beforeAll(async () => {
  const texts = Array.from({ length: TRACES }, (_, age) => {
    const start = NOW - age
    const call = (at: number) => ({
      id: `00000000000000c${at}`,
      name: 'DynamoDB',
      namespace: 'aws',
      aws: { table_name: 'orders' },
      start_time: start,
      end_time: start + 0.0005,
      fault: at === 0 && age === 10,
    })
    return JSON.stringify({
      name: age % 2 === 0 ? 'web' : 'worker',
      id: '00000000000000a1',
      trace_id: idOf(age),
      start_time: start,
      end_time: start + durationOf(age),
      annotations: { tenant: age % 3 === 0 ? 'acme' : 'initech', age, old: age > 100 },
      metadata: { default: { order: { id: age } } },
      user: `user-${age % 2}`,
      http: { request: { url: `https://shop/${age % 2}`, method: 'GET' }, response: { status: 200 } },
      subsegments: Array.from({ length: age === 10 || age === 11 ? age - 8 : 0 }, (__, at) => call(at)),
    })
  })
  for (let from = 0; from < TRACES; from += 50) {
    await services.ingest.accept(defaultTenant, texts.slice(from, from + 50), 'http')
  }
  await control.groups.create(defaultTenant, { name: 'acme', filterExpression: 'annotation.tenant = "acme"', tags: [] })
})

describe('GET /api/traces', () => {
  const all = { from: NOW - 1000, to: NOW + 1 }

  test('answers all traces of the window, the newest first, and how it went', async () => {
    const lines = await linesOf(all)
    expect(idsIn(lines)).toEqual(Array.from({ length: TRACES }, (_, age) => idOf(age)))
    expect(lines[0]).toMatchObject({
      type: 'trace',
      Id: idOf(0),
      StartTime: NOW,
      Duration: 0.001,
      Http: { HttpURL: 'https://shop/0', HttpStatus: 200 },
      EntryPoint: { Name: 'web' },
      SegmentCount: 1,
    })
    expect(lines[0]).not.toHaveProperty('MatchedEventTime')
    expect(lines.at(-1)).toEqual({
      type: 'end',
      scanned: TRACES,
      matched: TRACES,
      seconds: 0,
      upTo: all.from,
      complete: true,
    })
  })

  test.each<[string, Record<string, string | number>, number[], object]>([
    ['a filter', { filter: 'annotation.age = 17' }, [17], { scanned: 1, matched: 1, complete: true }],
    ['a limit', { limit: 3 }, [0, 1, 2], { matched: 3, upTo: NOW - 2, complete: false }],
    ['a limit beyond one batch', { limit: 1, filter: 'annotation.age = 449' }, [449], { complete: false }],
    ['a group', { filter: 'group.name = "acme"', limit: 2 }, [0, 3], { matched: 2 }],
    ['a window', { from: NOW - 3, to: NOW - 1 }, [2, 3], { scanned: 2, complete: true }],
    ['a date', { from: new Date((NOW - 1) * 1000).toISOString() }, [0, 1], {}],
    ['an age', { from: '3s', to: '1s' }, [2, 3], {}],
    ['blank is no filter', { filter: ' ', limit: 1 }, [0], {}],
    ['events', { range: 'event', from: NOW - 0.5, to: NOW + 9 }, [0], { upTo: NOW - 0.5 }],
    ['ends', { range: 'service', from: NOW - 1, to: NOW }, [1], {}],
    ['another tenant', { account: '111122223333' }, [], { scanned: 0, matched: 0, complete: true }],
    ['another region', { region: 'eu-west-1' }, [], {}],
    ['metadata', { dialect: 'extended', filter: 'metadata[*] = 33' }, [33], { scanned: TRACES }],
    ['metadata of a segment', { dialect: 'extended', filter: 'service("web") { metadata[order] = 34 }' }, [34], {}],
    ['a count', { dialect: 'extended', filter: 'segments() > 3' }, [11], {}],
  ])('%s', async (_, parameters, ages, end) => {
    const lines = await linesOf({ ...all, ...parameters })
    expect(idsIn(lines)).toEqual(ids(...ages))
    expect(lines.at(-1)).toMatchObject({ type: 'end', ...end })
  })

  test('without times, the last quarter of an hour', async () => {
    const lines = await linesOf({ limit: 2 })
    // `to` is now, and not in the window.
    expect(idsIn(lines)).toEqual(ids(1, 2))
    expect((await linesOf({ to: NOW - 440 })).at(-1)).toMatchObject({ upTo: NOW - 440 - 900 })
  })

  test('an event says which', async () => {
    const [line] = await linesOf({ range: 'event', from: NOW - 1, to: NOW, limit: 1 })
    expect(line).toMatchObject({ Id: idOf(1), MatchedEventTime: NOW - 1 + durationOf(1) })
  })

  test('sorted by duration, the longest first', async () => {
    const expected = Array.from({ length: TRACES }, (_, age) => age).toSorted((a, b) => durationOf(b) - durationOf(a))
    for (const limit of [1, 7, 449, 450, 5000]) {
      const lines = await linesOf({ ...all, sort: 'duration', limit })
      expect(idsIn(lines)).toEqual(ids(...expected.slice(0, limit)))
      expect(lines.at(-1)).toMatchObject({ type: 'end', scanned: TRACES, matched: TRACES, complete: true })
    }
  })

  test('sorted by segments, the most first, of equals the newest', async () => {
    const lines = await linesOf({ ...all, sort: 'segments', limit: 4 })
    expect(idsIn(lines)).toEqual(ids(11, 10, 0, 1))
    expect(lines.map(({ SegmentCount }) => SegmentCount)).toEqual([4, 3, 1, 1, undefined])
  })
})

describe('refuses', () => {
  test.each<[string, Record<string, string | number>, string]>([
    ['/api/traces', { from: NOW, to: NOW }, 'from must be before to'],
    [
      '/api/traces',
      { from: 'yesterday' },
      'from must be epoch seconds, an ISO 8601 date, or an age such as 15m, 2h or 7d',
    ],
    ['/api/traces', { limit: 0 }, 'limit must be an integer from 1 to 1000000'],
    ['/api/traces', { limit: 5001, sort: 'duration' }, 'limit must be an integer from 1 to 5000'],
    ['/api/traces', { sort: 'name' }, 'sort must be one of start, duration, segments'],
    ['/api/traces', { sort: '__proto__' }, 'sort must be one of start, duration, segments'],
    ['/api/traces', { range: 'TraceId' }, 'range must be one of trace-time, event, service'],
    ['/api/traces', { dialect: 'sql' }, 'dialect must be one of aws, extended'],
    ['/api/traces', { account: 'me' }, 'account must be 12 digits'],
    ['/api/traces', { filter: 'group.name = "nobody"' }, 'Group not found'],
    ['/api/traces', { filter: 'f'.repeat(10_001) }, 'FilterExpression is too long'],
    ['/api/traces/explain', {}, 'filter is required'],
    ['/api/traces/explain', { filter: 'ok', trace: 'x' }, 'trace must be a trace id'],
    ['/api/complete', {}, 'kind is required'],
    ['/api/complete', { kind: 'host' }, 'kind must be one of service, annotation-key, annotation-value, url, user'],
    ['/api/complete', { kind: 'annotation-value' }, 'key is required'],
  ])('%s %j: %s', async (path, parameters, message) => {
    const { status, body, headers } = await get(path, parameters)
    expect([status, headers['x-amzn-ErrorType']]).toEqual([400, 'InvalidRequestException'])
    expect(parseObject(body)).toEqual({ __type: 'InvalidRequestException', Message: message, message })
  })

  test.each(['/api/traces', '/api/traces/explain'])('%s: a filter that is none, and says where', async (path) => {
    const { status, body } = await get(path, { filter: 'ok AND\n  http.method = POST' })
    const message = "Error Location: line 2, position 17 : Invalid input symbol: 'PO'"
    expect(status).toBe(400)
    expect(parseObject(body)).toEqual({
      __type: 'InvalidRequestException',
      Message: message,
      message,
      line: 2,
      position: 17,
      offset: 23,
      symbol: 'PO',
    })
  })

  test('the extended dialect where nobody asked for it', async () => {
    expect((await get('/api/traces', { filter: 'segments() > 3' })).status).toBe(400)
    expect((await get('/api/traces', { filter: 'segments() > 3', dialect: 'aws' })).status).toBe(400)
  })

  test('an explanation of a trace that does not exist', async () => {
    const { status, body } = await get('/api/traces/explain', { filter: 'ok', trace: `1-00000001-${'0'.repeat(24)}` })
    expect([status, parseObject(body)['__type']]).toEqual([404, 'ResourceNotFoundException'])
  })
})

describe('GET /api/traces/explain', () => {
  const all = { from: NOW - 1000, to: NOW + 1 }

  test('counts the traces that satisfy each clause alone', async () => {
    const filter = 'annotation.tenant = "acme" (service("web") OR fault) !group.name = "acme"'
    expect(await answer('/api/traces/explain', { ...all, filter })).toEqual({
      scanned: 450,
      complete: true,
      matched: 0,
      clauses: [
        { clause: 'annotation.tenant = "acme"', matched: 150 },
        { clause: 'service("web") OR fault', matched: 225 },
        { clause: '!group.name = "acme"', matched: 300 },
      ],
    })
  })

  test('of the newest traces, and says how many', async () => {
    const few = { ...all, filter: 'service("web") duration > 0', limit: 5 }
    expect(await answer('/api/traces/explain', few)).toEqual({
      scanned: 5,
      complete: false,
      matched: 3,
      clauses: [
        { clause: 'service("web")', matched: 3 },
        { clause: 'duration > 0', matched: 5 },
      ],
    })
  })

  const table = (id: string) => ({ id, name: 'orders', type: 'AWS::DynamoDB::Table', inferred: true })
  test.each<[string, string, object]>([
    ['a field has no parts', 'fault', { matches: false, clauses: [{ clause: 'fault', holds: false, parts: [] }] }],
    [
      'a body, true of one of two segments',
      'service("orders") { fault AND inferred }',
      {
        matches: true,
        clauses: [
          {
            holds: true,
            parts: [
              {
                part: 'service("orders") { fault AND inferred }',
                selected: 2,
                holding: 1,
                segments: [
                  { ...table('00000000000000c0'), holds: true },
                  { ...table('00000000000000c1'), holds: false, failed: ['fault'] },
                ],
              },
            ],
          },
        ],
      },
    ],
    [
      'no segment of that node',
      'service("nobody") { fault } ok',
      { clauses: [{ holds: false, parts: [{ selected: 0, holding: 0, segments: [] }] }, { holds: true }] },
    ],
    [
      'a call',
      '!edge("web", "orders") { ok }',
      {
        matches: false,
        clauses: [
          {
            clause: '!edge("web", "orders") { ok }',
            parts: [
              {
                part: 'edge("web", "orders") { ok }',
                segments: [
                  { ...table('00000000000000c1'), from: 'web', holds: true },
                  { ...table('00000000000000c0'), from: 'web', holds: false, failed: ['ok'] },
                ],
              },
            ],
          },
        ],
      },
    ],
    [
      'a count, and a segment that is elsewhere',
      'segments() { ok } = 2 path("orders", "orders")',
      {
        matches: false,
        clauses: [
          { holds: true, parts: [{ selected: 3, holding: 2 }] },
          { holds: false, parts: [{ selected: 2, holding: 0, segments: [{ elsewhere: true }, { elsewhere: true }] }] },
        ],
      },
    ],
    ['metadata', 'metadata[order] = 10', { matches: true }],
  ])('of one trace: %s', async (_, filter, expected) => {
    const explained = await answer('/api/traces/explain', { filter, trace: idOf(10), dialect: 'extended' })
    expect(explained).toMatchObject({ trace: idOf(10), ...expected })
  })
})

describe('GET /api/complete', () => {
  test.each<[string, Record<string, string | number>, readonly (readonly [string | number | boolean, number])[]]>([
    [
      'services',
      { kind: 'service', from: NOW - 9, to: NOW },
      [
        ['worker', 5],
        ['web', 4],
      ],
    ],
    ['those that begin so', { kind: 'service', prefix: 'wo' }, [['worker', 225]]],
    ['none that begin otherwise', { kind: 'service', prefix: 'WO' }, []],
    [
      'keys',
      { kind: 'annotation-key' },
      [
        ['age', 449],
        ['old', 449],
        ['tenant', 449],
      ],
    ],
    ['keys that begin so', { kind: 'annotation-key', prefix: 'te' }, [['tenant', 449]]],
    [
      'texts',
      { kind: 'annotation-value', key: 'tenant' },
      [
        ['initech', 300],
        ['acme', 149],
      ],
    ],
    ['texts that begin so', { kind: 'annotation-value', key: 'tenant', prefix: 'ac' }, [['acme', 149]]],
    [
      'numbers',
      { kind: 'annotation-value', key: 'age', prefix: '44', limit: 3 },
      [
        [44, 1],
        [440, 1],
        [441, 1],
      ],
    ],
    [
      'flags',
      { kind: 'annotation-value', key: 'old' },
      [
        [true, 349],
        [false, 100],
      ],
    ],
    ['no such key', { kind: 'annotation-value', key: 'ten' }, []],
    [
      'URLs',
      { kind: 'url', prefix: 'https://shop' },
      [
        ['https://shop/1', 225],
        ['https://shop/0', 224],
      ],
    ],
    [
      'users',
      { kind: 'user' },
      [
        ['user-1', 225],
        ['user-0', 224],
      ],
    ],
    ['of others', { kind: 'user', account: '111122223333' }, []],
  ])('%s', async (_, parameters, expected) => {
    const values = expected.map(([value, traces]) => ({ value, traces }))
    expect(await answer('/api/complete', parameters)).toEqual({ values })
  })
})
