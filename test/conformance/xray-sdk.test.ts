import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'
import type { Trace } from '@aws-sdk/client-xray'
import { afterAll, describe, expect, test } from 'vitest'
import { startServer, type RunningServer } from '../fixtures/run-server.ts'
import { documents, entities, parseObject, subsegments, xrayClient } from '../fixtures/xray-client.ts'
import type { JsonObject } from '../fixtures/xray-client.ts'
import { runProgram, traceWhen } from '../fixtures/xray-sdk-program.ts'

const runClient = (env: Readonly<Record<string, string>>) => runProgram('xray-sdk-client.mjs', env)

const closed = (trace: Trace, id: string) => entities(trace).get(id)?.['end_time'] !== undefined

function member(from: JsonObject, name: string): { readonly traceId: string; readonly id: string } & JsonObject {
  const value = parseObject(JSON.stringify(from[name]))
  return { ...value, traceId: String(value['traceId']), id: String(value['id']) }
}

async function expectItsTraces(server: RunningServer, told: JsonObject): Promise<void> {
  const client = xrayClient(server.url)
  expect(told['problems']).toEqual([])

  const request = member(told, 'request')
  expect(request['sampled']).toBe(true)
  const web = await traceWhen(client, request.traceId, (trace) => closed(trace, request.id))
  const [front] = documents(web)
  expect(front).toMatchObject({
    id: request.id,
    name: 'sdk-shop',
    user: 'alice',
    fault: true,
    http: { request: { method: 'GET', url: expect.stringContaining('/cart?id=7') }, response: { status: 503 } },
    aws: { xray: { sdk: 'X-Ray for Node.js' } },
    service: { runtime: 'node' },
  })
  expect(subsegments(front)).toMatchObject([{ namespace: 'remote', error: true, http: { response: { status: 404 } } }])

  const nested = member(told, 'nested')
  const worker = await traceWhen(client, nested.traceId, (trace) => closed(trace, nested.id))
  const [segment] = documents(worker)
  expect(segment).toMatchObject({ id: nested.id, name: 'sdk-worker', annotations: { early: true } })
  expect(segment).not.toHaveProperty('in_progress')
  const [outer] = subsegments(segment)
  expect(outer).toMatchObject({
    id: nested['outer'],
    name: 'outer',
    annotations: { order: 1234 },
    metadata: { shop: { basket: { items: [1, 2, 3] } } },
  })
  const [inner] = subsegments(outer)
  expect(inner).toMatchObject({
    id: nested['inner'],
    fault: true,
    cause: { exceptions: [{ message: 'no such item', type: 'TypeError', stack: expect.any(Array) }] },
  })

  const streamed = member(told, 'streamed')
  const count = Number(streamed['count'])
  const whole = await traceWhen(client, streamed.traceId, (trace) => entities(trace).size === count + 1)
  expect(whole?.Segments?.map(({ Id }) => Id)).toEqual([streamed.id])
  const names = subsegments(documents(whole)[0]).map(({ name }) => String(name))
  expect(names.toSorted()).toEqual(Array.from({ length: count }, (_, index) => `step ${index}`).toSorted())
  client.destroy()
}

/** Why port 2000 cannot be used, if so. */
async function port2000Taken(): Promise<string | undefined> {
  const tcp = await new Promise<string | undefined>((resolve) => {
    const probe = createServer()
    probe.once('error', (error) => resolve(`TCP 127.0.0.1:2000 is in use on this machine (${error.message})`))
    probe.listen(2000, '127.0.0.1', () => probe.close(() => resolve(undefined)))
  })
  if (tcp !== undefined) return tcp
  return new Promise((resolve) => {
    const probe = createSocket('udp4')
    probe.once('error', (error) => resolve(`UDP 127.0.0.1:2000 is in use on this machine (${error.message})`))
    probe.bind(2000, '127.0.0.1', () => probe.close(() => resolve(undefined)))
  })
}

describe('aws-xray-sdk-core', () => {
  test('over UDP, with AWS_XRAY_DAEMON_ADDRESS', async () => {
    await using server = await startServer()
    const told = await runClient({ AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${server.udpPort}` })
    await expectItsTraces(server, told)
    expect(server.alive()).toBe(true)
  }, 60_000)

  test('over UDP, with ports of their own for UDP and TCP', async () => {
    const udpPort = await freeUdpPort()
    await using server = await startServer({ args: ['--udp-port', String(udpPort)] })
    const told = await runClient({ AWS_XRAY_DAEMON_ADDRESS: `tcp:127.0.0.1:${server.port} udp:127.0.0.1:${udpPort}` })
    await expectItsTraces(server, told)
  }, 60_000)

  test('over UDP, with no configuration at all', async ({ skip }) => {
    const taken = await port2000Taken()
    if (taken !== undefined) skip(taken)
    // Nothing but the defaults on either side: 127.0.0.1:2000, UDP and TCP.
    await using server = await startServer({ args: ['--port', '2000'] })
    await expectItsTraces(server, await runClient({}))
  }, 60_000)
})

describe('datagrams that are none', () => {
  const header = '{"format":"json","version":1}'
  test.each([
    ['nothing', ''],
    ['no newline', header],
    ['no document', `${header}\n`],
    ['another version', '{"format":"json","version":2}\n{}'],
    ['a version as text', '{"format":"json","version":"1"}\n{}'],
    ['no JSON', `${header}\nx`],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x0a, 0xff])],
  ])(
    '%s leaves the next one readable',
    async (_, bytes) => {
      const server = await sharedServer()
      const traceId = `1-${Math.floor(Date.now() / 1000).toString(16)}-${'a'.repeat(8)}${Date.now().toString(16).padStart(16, '0')}`
      const now = Date.now() / 1000
      const document = { name: 'after', id: 'b'.repeat(16), trace_id: traceId, start_time: now - 1, end_time: now }
      const socket = createSocket('udp4')
      const sendOne = (message: string | Buffer) =>
        new Promise<void>((resolve, reject) =>
          socket.send(message, server.udpPort, '127.0.0.1', (error) => (error ? reject(error) : resolve())),
        )
      await sendOne(bytes)
      // Spaced, with CRLF and pretty-printed: as some senders write (spec/ingest §4.1, §6.24).
      await sendOne(`{"format": "JSON", "version": 1}\r\n${JSON.stringify(document, null, 2)}\n`)
      socket.close()
      const client = xrayClient(server.url)
      const trace = await traceWhen(client, traceId, () => true)
      expect(documents(trace)).toMatchObject([{ name: 'after' }])
      client.destroy()
    },
    30_000,
  )

  let shared: Promise<RunningServer> | undefined
  const sharedServer = () => (shared ??= startServer())
  afterAll(async () => {
    await (await shared)?.[Symbol.asyncDispose]()
  })
})

function freeUdpPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createSocket('udp4').once('error', reject)
    probe.bind(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}
