import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { PutTelemetryRecordsCommand, PutTraceSegmentsCommand } from '@aws-sdk/client-xray'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { send } from '../fixtures/raw-http.ts'
import { cleanEnvironment, runCli, startServer, temporaryDirectory } from '../fixtures/run-server.ts'
import type { RunningServer } from '../fixtures/run-server.ts'
import { newTraceId, segment } from '../fixtures/segments.ts'
import { parseObject, xrayClient } from '../fixtures/xray-client.ts'
import type { JsonObject } from '../fixtures/xray-client.ts'

const ID = '70de5b6f19ff9a0a'

let server: RunningServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(async () => server?.[Symbol.asyncDispose]())

async function put(to: RunningServer, ...documents: readonly string[]): Promise<void> {
  const client = xrayClient(to.url)
  await client.send(new PutTraceSegmentsCommand({ TraceSegmentDocuments: [...documents] }))
  client.destroy()
}

async function sendUdp(to: RunningServer, ...documents: readonly string[]): Promise<void> {
  const socket = createSocket('udp4')
  for (const document of documents) {
    await new Promise<void>((resolve, reject) => {
      const datagram = `{"format":"json","version":1}\n${document}`
      socket.send(datagram, to.udpPort, '127.0.0.1', (error) => (error === null ? resolve() : reject(error)))
    })
  }
  socket.close()
}

async function get(from: RunningServer, path: string): Promise<JsonObject> {
  const answer = await send(from.url, { method: 'GET', path })
  expect([answer.status, answer.headers['content-type']], answer.text).toEqual([200, 'application/json'])
  return parseObject(answer.text)
}

function list(of: JsonObject, name: string): readonly JsonObject[] {
  const value = of[name]
  return Array.isArray(value) ? value.map((one) => parseObject(JSON.stringify(one))) : []
}

/** UDP is not acknowledged: asks again until it is there, at most five seconds. */
async function rejectedWhen(from: RunningServer, query: string, count: number): Promise<readonly JsonObject[]> {
  for (let waitedMs = 0; ; waitedMs += 50) {
    const found = list(await get(from, `/api/rejected?${query}`), 'rejected')
    if (found.length >= count || waitedMs > 5_000) return found
    await sleep(50)
  }
}

describe('rejected documents', () => {
  const hostile = JSON.stringify(segment({ id: ID, name: 'web\u001b[2J\u202e?', trace_id: newTraceId() }))

  test('are listed with why and whose, from HTTP and UDP, the newest first', async () => {
    const trace_id = newTraceId()
    const nested = segment({
      id: ID,
      name: 'shop',
      trace_id,
      subsegments: [{ name: 'bad?', id: '1111111111111111', start_time: 1, end_time: 2 }],
    })
    await put(server, JSON.stringify(segment()), JSON.stringify(nested), 'None')
    await sendUdp(server, hostile)
    const found = await rejectedWhen(server, 'limit=3', 3)
    expect(found).toMatchObject([
      { source: 'udp', code: 'InvalidName', id: ID, path: 'name', document: hostile, documentLength: hostile.length },
      { source: 'http', code: 'ParseError', document: 'None' },
      {
        source: 'http',
        code: 'InvalidName',
        id: ID,
        traceId: trace_id,
        service: 'shop',
        path: 'subsegments[0].name',
        account: '000000000000',
        region: 'us-east-1',
        document: JSON.stringify(nested),
      },
    ])
    expect(found[1]).not.toHaveProperty('id')
  })

  test('are asked for by code, time and page', async () => {
    await put(server, 'x', 'y', '{}')
    const [latest] = await rejectedWhen(server, 'code=MissingId&limit=1', 1)
    expect(latest).toMatchObject({ code: 'MissingId', document: '{}' })
    const first = await get(server, '/api/rejected?code=ParseError&limit=1')
    expect(list(first, 'rejected')).toMatchObject([{ document: 'y' }])
    const second = await get(server, `/api/rejected?code=ParseError&limit=1&before=${String(first['next'])}`)
    expect(list(second, 'rejected')).toMatchObject([{ document: 'x' }])
    expect(list(await get(server, `/api/rejected?since=${Date.now() / 1000 + 60}`), 'rejected')).toEqual([])
  })

  test('are shown by the command, which no document can make misbehave', async () => {
    await put(server, hostile)
    const shown = await runCli(['rejected', '--url', server.url, '--limit', '1'])
    expect([shown.code, shown.stderr]).toEqual([0, ''])
    expect(shown.stdout).toContain(`InvalidName  at name  service web\\u001b[2J\\u202e?  id ${ID}`)
    // Control characters are what must not be there.
    // oxlint-disable-next-line no-control-regex
    expect(shown.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
    const json = await runCli(['rejected', '--url', server.url, '--limit', '2', '--json'])
    const lines = json.stdout.trim().split('\n')
    expect(lines.map(parseObject)).toMatchObject([{ document: hostile }, {}])
    expect(json.stdout).not.toContain('\u202e')
  })

  test('survive kill -9, are read without a server, and go on after it', async () => {
    await using directory = await temporaryDirectory()
    const dataDir = join(directory.path, 'store')
    {
      await using first = await startServer({ dataDir })
      await put(first, 'one', 'two')
      await first.kill()
    }
    const shown = await runCli(['rejected', '--data', dataDir, '--json'])
    expect(shown.stdout.trim().split('\n').map(parseObject)).toMatchObject([
      { seq: 2, document: 'two' },
      { seq: 1, document: 'one' },
    ])
    // Nobody listens there, so that the directory is read.
    const environment = { RADIOGRAPH_DATA: dataDir, RADIOGRAPH_PORT: '2' }
    const byDefault = await runCli(['rejected', '--limit', '1'], { env: environment })
    expect(byDefault.stdout).toMatch(/http {2}ParseError {2}account 000000000000\n {4}two\n$/)
    expect((await stat(join(dataDir, 'rejected.jsonl'))).mode & 0o777).toBe(0o600)

    await using second = await startServer({ dataDir })
    await put(second, 'three')
    const found = await rejectedWhen(second, '', 3)
    expect(found.map(({ seq, document }) => [seq, document])).toEqual([
      [3, 'three'],
      [2, 'two'],
      [1, 'one'],
    ])
  })

  test('the command says what is wrong in one line', async () => {
    const nobody = await runCli(['rejected', '--url', 'http://127.0.0.1:2'])
    expect([nobody.code, nobody.stdout]).toEqual([1, ''])
    expect(nobody.stderr).toMatch(/^radiograph: cannot read from http:\/\/127\.0\.0\.1:2: .*ECONNREFUSED.*\n$/)
    const none = await runCli(['rejected', '--limit', 'many'])
    expect([none.code, none.stderr]).toEqual([1, 'radiograph: --limit must be an integer from 1 to 1000\n'])
  })
})

test('health', async () => {
  expect(await get(server, '/healthz')).toEqual({ status: 'ok' })
  expect(await get(server, '/readyz')).toEqual({ ready: true, reasons: [] })
})

test('a full spool makes the server unready', async () => {
  await using full = await startServer({ args: ['--spool-limit', '1'] })
  await put(full, JSON.stringify(segment()))
  const answers = await Promise.all(
    Array.from({ length: 20 }, async () => send(full.url, { method: 'GET', path: '/readyz' })),
  )
  const unready = answers.filter(({ status }) => status === 503)
  expect(unready.length).toBeGreaterThan(0)
  for (const { text } of unready) {
    const reasons = ['the spool is full, since the store has not taken its files yet']
    expect(parseObject(text)).toEqual({ ready: false, reasons })
  }
})

test('metrics are what Prometheus reads, and count', async () => {
  await using fresh = await startServer()
  await put(fresh, JSON.stringify(segment()), 'x')
  await sendUdp(fresh, JSON.stringify(segment()), 'y')
  await rejectedWhen(fresh, '', 2)
  await send(fresh.url, { path: '/Traces', body: '{"TraceIds":["1-581cf771-a006649127e371903a2de979"]}' })
  // A list waits until all of it is in the store; a trace that nothing was sent of need not.
  await send(fresh.url, { path: '/TraceSummaries', body: '{"StartTime":1,"EndTime":3600}' })
  const answer = await send(fresh.url, { method: 'GET', path: '/metrics' })
  expect([answer.status, answer.headers['content-type']]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8'])
  const comment = /^# (?:HELP radiograph_\w+ .+|TYPE radiograph_\w+ (?:counter|gauge|histogram))$/
  const sample = /^(radiograph_\w+(?:\{\w+="[^"]*"(?:,\w+="[^"]*")*\})?) (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|\+Inf|NaN)$/
  const lines = answer.text.split('\n').filter((line) => line !== '')
  expect(lines.filter((line) => !comment.test(line) && !sample.test(line))).toEqual([])
  const value = (name: string) => lines.find((line) => line.startsWith(`${name} `))?.split(' ')[1]
  expect([
    value('radiograph_documents_received_total{source="http"}'),
    value('radiograph_documents_received_total{source="udp"}'),
    value('radiograph_documents_rejected_total{code="ParseError"}'),
    value('radiograph_udp_received_total'),
    value('radiograph_http_answer_seconds_count{operation="PutTraceSegments",status="2xx"}'),
    value('radiograph_queries_total{operation="BatchGetTraces"}'),
  ]).toEqual(['2', '2', '2', '2', '1', '1'])
  expect(Number(value('radiograph_store_insert_seconds_count'))).toBeGreaterThan(0)
  if (process.platform === 'linux') expect(value('radiograph_udp_kernel_drops')).toBe('0')
})

describe('collectors', () => {
  const record = { Timestamp: new Date(), SegmentsReceivedCount: 7, SegmentsSentCount: 5, SegmentsSpilloverCount: 2 }

  test('daemons tell of themselves, by host and version, and it survives kill -9', async () => {
    await using directory = await temporaryDirectory()
    const dataDir = join(directory.path, 'store')
    const expected = {
      hostname: 'web-1',
      source: '127.0.0.1',
      daemonVersion: '3.3.7',
      lastHour: { segmentsReceived: 14, segmentsSent: 10, segmentsSpillover: 4, backendTimeouts: 1 },
      lastDay: { segmentsReceived: 14 },
      last: { segmentsReceived: 7, backendTimeouts: 1 },
    }
    {
      await using first = await startServer({ dataDir })
      const client = xrayClient(first.url, {
        customUserAgent: [['xray-agent'], ['xray-daemon', '3.3.7']],
      })
      const TelemetryRecords = [record, { ...record, BackendConnectionErrors: { TimeoutCount: 1 } }]
      const answer = await client.send(
        new PutTelemetryRecordsCommand({ TelemetryRecords, Hostname: 'web-1', EC2InstanceId: '', ResourceARN: '' }),
      )
      client.destroy()
      expect(answer.$metadata.httpStatusCode).toBe(200)
      const [collector] = list(await get(first, '/api/collectors'), 'collectors')
      expect(collector).toMatchObject(expected)
      expect(collector).not.toHaveProperty('instanceId')
      await first.kill()
    }
    await using second = await startServer({ dataDir })
    expect(list(await get(second, '/api/collectors'), 'collectors')).toMatchObject([expected])
  })

  test("Radiograph's own UDP port is one of them", async () => {
    await using fresh = await startServer()
    await sendUdp(fresh, JSON.stringify(segment()), 'x')
    await rejectedWhen(fresh, '', 1)
    expect(list(await get(fresh, '/api/collectors'), 'collectors')).toMatchObject([
      { builtIn: true, lastHour: { segmentsReceived: 2, segmentsSent: 2, segmentsSpillover: 0, segmentsRejected: 0 } },
    ])
  })

  test.each([
    ['{}', 'TelemetryRecords is required'],
    ['{"TelemetryRecords":[{}]}', 'TelemetryRecords[0].Timestamp is required'],
  ])('%s is refused', async (body, message) => {
    const answer = await send(server.url, { path: '/TelemetryRecords', body })
    expect([answer.status, parseObject(answer.text)['message']]).toEqual([400, message])
  })
})

test('aws-xray-sdk-core samples by the rules it is given, and has nothing to complain of', async () => {
  await using home = await temporaryDirectory()
  const env = cleanEnvironment(home.path, { AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${server.port}` })
  const program = fileURLToPath(new URL('./xray-sdk-sampling-client.mjs', import.meta.url))
  const child = spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  await new Promise((resolve) => child.once('close', resolve))
  const told = parseObject(stdout.trim().split('\n').at(-1) ?? '')
  expect(told['complaints']).toEqual([])
  // The first of a second is borrowed from the reservoir, by name of the rule; of the others one in twenty is sampled.
  expect(told['decisions']).toHaveLength(20)
  expect(told['decisions']).toEqual(expect.arrayContaining(['Default', false]))
  const said = [
    'Successfully refreshed centralized sampling rule cache.',
    'Successfully reported rule statistics to get new sampling quota.',
  ]
  expect(told['said']).toEqual(said)
})

test('calls beyond --segments-per-second are throttled, and datagrams dropped and counted', async () => {
  // Two at once are more than a second's worth, and paid for with the next twenty seconds.
  await using slow = await startServer({ args: ['--segments-per-second', '0.1'] })
  await put(slow, JSON.stringify(segment()), JSON.stringify(segment()))
  await expect(put(slow, JSON.stringify(segment()), JSON.stringify(segment()))).rejects.toMatchObject({
    name: 'ThrottledException',
    message: 'Rate exceeded',
    $metadata: { httpStatusCode: 429 },
  })
  await sendUdp(slow, ...Array.from({ length: 20 }, () => JSON.stringify(segment())))
  let spillover = 0
  for (let waitedMs = 0; spillover === 0 && waitedMs < 5_000; waitedMs += 50) {
    await sleep(50)
    const { text } = await send(slow.url, { method: 'GET', path: '/metrics' })
    spillover = Number(/^radiograph_udp_spillover_total (\d+)$/m.exec(text)?.[1] ?? 0)
  }
  expect(spillover).toBeGreaterThan(0)
})
