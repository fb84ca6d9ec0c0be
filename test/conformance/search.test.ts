import { get as httpGet, type IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { PutTraceSegmentsCommand } from '@aws-sdk/client-xray'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jsonAnswer, send, type RawAnswer } from '../fixtures/raw-http.ts'
import { runCli, startServer, type RunningServer } from '../fixtures/run-server.ts'
import { newTraceId, segment } from '../fixtures/segments.ts'
import { parseObject, xrayClient, type JsonObject } from '../fixtures/xray-client.ts'

const TRACES = 3_000
/** All have ended by now. */
const NEWEST = Math.floor(Date.now() / 1000) - 60
const ids = Array.from({ length: TRACES }, (_, age) => newTraceId(NEWEST - age))

let server: RunningServer

beforeAll(async () => {
  server = await startServer()
  const client = xrayClient(server.url)
  const documents = ids.map((trace_id, age) =>
    JSON.stringify(
      segment({
        trace_id,
        name: `shop-${age % 3}`,
        start_time: NEWEST - age,
        end_time: NEWEST - age + (age + 1) / 1000,
        annotations: { tenant: age % 1_000 === 7 ? 'acme' : 'initech' },
        metadata: { default: { cart: { item: `sku-${age}` } } },
        user: 'alice',
        // Large enough that not all of an answer fits into the buffers on the way.
        http: {
          request: { url: `https://shop/${'x'.repeat(2_000)}/${age}`, method: 'GET' },
          response: { status: 200 },
        },
      }),
    ),
  )
  for (let from = 0; from < TRACES; from += 50) {
    const TraceSegmentDocuments = documents.slice(from, from + 50)
    await client.send(new PutTraceSegmentsCommand({ TraceSegmentDocuments }))
  }
  client.destroy()
})
afterAll(async () => server?.[Symbol.asyncDispose]())

const WINDOW = { from: NEWEST - TRACES, to: NEWEST + 1 }

const get = (path: string, parameters: Record<string, string | number>): Promise<RawAnswer> =>
  send(server.url, { method: 'GET', path: `${path}?${queryOf(parameters)}` })

function queryOf(parameters: Record<string, string | number>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries({ ...WINDOW, ...parameters })) query.set(name, String(value))
  return query.toString()
}

async function lines(parameters: Record<string, string | number>): Promise<readonly JsonObject[]> {
  const answer = await get('/api/traces', parameters)
  expect([answer.status, answer.headers['content-type']], answer.text).toEqual([200, 'application/x-ndjson'])
  expect(answer.headers['x-amzn-requestid']).toMatch(/^[0-9a-f-]{36}$/)
  return answer.text.trimEnd().split('\n').map(parseObject)
}

const idsIn = (some: readonly JsonObject[]) => some.flatMap(({ type, Id }) => (type === 'trace' ? [Id] : []))

describe('GET /api/traces', () => {
  test('finds all that was acknowledged before the question, the newest first', async () => {
    const all = await lines({ limit: 10_000 })
    expect(idsIn(all)).toEqual(ids)
    expect(all.at(-1)).toMatchObject({ type: 'end', scanned: TRACES, matched: TRACES, complete: true })
  })

  test('with a filter, of either dialect', async () => {
    expect(idsIn(await lines({ filter: 'annotation.tenant = "acme"' }))).toEqual([ids[7], ids[1_007], ids[2_007]])
    const extended = { dialect: 'extended', filter: 'metadata[cart] = "sku-1234" segments() = 1' }
    expect(idsIn(await lines(extended))).toEqual([ids[1_234]])
  })

  test('the longest', async () => {
    const longest = await lines({ sort: 'duration', limit: 3, filter: 'service("shop-0")' })
    expect(idsIn(longest)).toEqual([ids[2_997], ids[2_994], ids[2_991]])
  })

  test('waits for a slow client, and stops when it goes away', async () => {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      httpGet(`${server.url}/api/traces?${queryOf({ limit: 10_000 })}`, resolve).on('error', reject)
    })
    answer.pause()
    await sleep(300)
    // Some 6 MB: if it were all sent, it would all be here.
    const { bytesRead } = answer.socket
    answer.destroy()
    expect(bytesRead).toBeLessThan(4_000_000)
    await sleep(100)
    expect(server.stderr()).not.toContain('"level":50')
    expect((await lines({ limit: 1 })).at(-1)).toMatchObject({ type: 'end' })
  })

  test('HEAD is answered without a search', async () => {
    const { status, headers, text } = await send(server.url, { method: 'HEAD', path: `/api/traces?${queryOf({})}` })
    expect([status, headers['content-type'], text]).toEqual([200, 'application/x-ndjson', ''])
  })

  test('a filter that is none', async () => {
    const answer = await get('/api/traces', { filter: 'fault AND status = 5' })
    expect(answer.status).toBe(400)
    expect(jsonAnswer(answer)).toMatchObject({ line: 1, position: 11, offset: 10, message: expect.any(String) })
  })
})

test('GET /api/traces/explain', async () => {
  const filter = 'annotation.tenant = "acme" service("shop-0") { duration > 1 }'
  const counted = jsonAnswer(await get('/api/traces/explain', { filter, limit: 1_500 }))
  expect(counted).toEqual({
    scanned: 1_500,
    complete: false,
    matched: 0,
    clauses: [
      { clause: 'annotation.tenant = "acme"', matched: 2 },
      { clause: 'service("shop-0") { duration > 1 }', matched: 166 },
    ],
  })
  const explained = jsonAnswer(await get('/api/traces/explain', { filter, trace: ids[6] ?? '' }))
  expect(explained).toMatchObject({
    matches: false,
    clauses: [
      { holds: false, parts: [] },
      { holds: false, parts: [{ selected: 1, holding: 0, segments: [{ name: 'shop-0', failed: ['duration > 1'] }] }] },
    ],
  })
})

test('GET /api/complete', async () => {
  const complete = async (parameters: Record<string, string>): Promise<unknown> =>
    jsonAnswer(await get('/api/complete', parameters))['values']
  // Rows are written a moment after the answer.
  for (let tries = 0; tries < 40 && !JSON.stringify(await complete({ kind: 'user' })).includes('3000'); tries++) {
    await sleep(100)
  }
  expect(await complete({ kind: 'user' })).toEqual([{ value: 'alice', traces: TRACES }])
  expect(await complete({ kind: 'annotation-value', key: 'tenant' })).toEqual([
    { value: 'initech', traces: 2_997 },
    { value: 'acme', traces: 3 },
  ])
  expect(await complete({ kind: 'annotation-key', prefix: 't' })).toEqual([{ value: 'tenant', traces: TRACES }])
  expect(await complete({ kind: 'service', prefix: 'shop-', limit: '2' })).toEqual([
    { value: 'shop-0', traces: 1_000 },
    { value: 'shop-1', traces: 1_000 },
  ])
  expect(await complete({ kind: 'url', prefix: 'http', limit: '1' })).toHaveLength(1)
})

describe('radiograph traces', () => {
  const run = (...args: readonly string[]) =>
    runCli(['traces', ...args, '--url', server.url, '--from', String(WINDOW.from)])

  test('a line for each trace', async () => {
    const { code, stdout, stderr } = await run('annotation.tenant = "acme"')
    expect([code, stderr]).toEqual([0, ''])
    const shown = stdout.trimEnd().split('\n')
    expect(shown).toHaveLength(3)
    expect(shown[0]).toMatch(
      new RegExp(
        `^${new Date((NEWEST - 7) * 1000).toISOString()}  ok 200 +8 ms +1 segments  ${ids[7]}  shop-1 GET https://shop/x+/7$`,
      ),
    )
  })

  test('as JSON, sorted, in the extended dialect, no more than asked for', async () => {
    const json = await run(
      'metadata[cart] BEGINSWITH "sku-12"',
      '--extended',
      '--json',
      '--sort',
      'duration',
      '--limit',
      '2',
    )
    expect([json.code, json.stderr]).toEqual([0, ''])
    expect(idsIn(json.stdout.trimEnd().split('\n').map(parseObject))).toEqual([ids[1_299], ids[1_298]])
    const few = await run('--limit', '1')
    expect(few.stdout).toMatch(/\n\(the first 1; --limit shows more\)\n$/)
    expect((await run('fault')).stdout).toBe('No trace matches.\n')
  })

  test('says what is wrong, and where in the filter', async () => {
    const wrong = await run('ok AND\n\tservice("shop-0") { ok } status = 5')
    expect([wrong.code, wrong.stdout]).toEqual([1, ''])
    expect(wrong.stderr).toMatch(
      /^radiograph: Error Location: line 2, position 27 : Invalid input symbol: '.*'\n {2}\\u0009service\("shop-0"\) \{ ok \} status = 5\n {33}\^\n$/,
    )
    const from = await runCli(['traces', '--url', server.url, '--from', 'yesterday'])
    expect([from.code, from.stderr]).toEqual([1, expect.stringMatching(/^radiograph: from must be epoch seconds/)])
  })

  test('says that nobody is there', async () => {
    const nobody = await runCli(['traces', '--url', 'http://127.0.0.1:2'])
    expect([nobody.code, nobody.stdout]).toEqual([1, ''])
    expect(nobody.stderr).toMatch(/^radiograph: cannot ask http:\/\/127\.0\.0\.1:2: .*ECONNREFUSED.*: is the server/)
    const none = await runCli(['traces', '--url', 'localhost:2000'])
    expect(none.stderr).toMatch(/^radiograph: cannot ask localhost:2000: expected a URL/)
  })
})
