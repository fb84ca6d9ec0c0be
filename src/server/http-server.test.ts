import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import type { Api, ApiRequest } from '../api/dispatch.ts'
import { awsForm } from '../wire/aws/wire-form.ts'
import { ServiceError } from '../wire/aws/error-catalogue.ts'
import { jsonResponse } from '../wire/aws/http-message.ts'
import { send, sendBytes } from '../../test/fixtures/raw-http.ts'
import type { HttpServer, HttpServerOptions } from './http-server.ts'
import { createHttpServer } from './http-server.ts'

const KIB = 1024
const KNOWN_ID = '11111111-2222-4333-8444-555555555555'

/** An API that says what it received, and waits where the path tells it to. */
function echoApi(gate: Promise<void> = Promise.resolve(), seen: ApiRequest[] = []): Api {
  return {
    async answer(call) {
      seen.push(call)
      if (call.path === '/wait') await gate
      const body = {
        method: call.method,
        path: call.path,
        length: call.body.length,
        text: Buffer.from(call.body).toString(),
      }
      return jsonResponse(200, KNOWN_ID, JSON.stringify({ ...body, text: body.text.slice(0, 20) }))
    },
    refuse: (code, message) => awsForm.failure(new ServiceError(code, message), KNOWN_ID),
  }
}

let server: HttpServer | undefined
const logged: string[] = []

async function start(
  options: Partial<HttpServerOptions> = {},
): Promise<{ server: HttpServer; url: string; port: number }> {
  const limits = { maxBodyBytes: 64 * KIB, maxBodiesInFlightBytes: 128 * KIB }
  const log = { error: (_: object, message: string) => void logged.push(message) }
  server = createHttpServer({ api: echoApi(), ...limits, log, ...options })
  const { port } = await server.listen('127.0.0.1', 0)
  return { server, url: `http://127.0.0.1:${port}`, port }
}

afterEach(async () => {
  await server?.close(100)
  server = undefined
  if (logged.length > 0) throw new Error(`logged: ${logged.splice(0).join(', ')}`)
})

const until = async (holds: () => boolean): Promise<void> => {
  for (let tries = 0; !holds(); tries++) {
    if (tries > 200) throw new Error(`never held: ${holds.toString()}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** The JSON after the headers of a raw answer. */
const bodyOf = (raw: string): unknown => JSON.parse(raw.slice(raw.indexOf('\r\n\r\n') + 4))

describe('a body reaches the API', () => {
  test.each([
    ['of one piece', { body: 'hello' }, 'hello'],
    ['none at all', {}, ''],
    ['chunked, in three pieces', { chunks: ['a', 'bc', 'd'] }, 'abcd'],
    ['after Expect: 100-continue', { body: 'hello', headers: { expect: '100-continue' } }, 'hello'],
  ])('%s', async (_, what, text) => {
    const { url } = await start()
    const answer = await send(url, { path: '/any', ...what })
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.text)).toEqual({ method: 'POST', path: '/any', length: text.length, text })
    expect(answer.headers['content-length']).toBe(String(answer.text.length))
    expect(answer.headers['x-amzn-requestid']).toBe(KNOWN_ID)
  })

  test('as large as may be', async () => {
    const { url } = await start()
    const answer = await send(url, { body: 'x'.repeat(64 * KIB) })
    expect(JSON.parse(answer.text)).toMatchObject({ length: 64 * KIB })
  })

  test('one connection serves many calls', async () => {
    const { url } = await start()
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    for (const body of ['1', '2', '3']) {
      const answer = await send(url, { agent, body })
      expect([JSON.parse(answer.text).text, answer.headers.connection]).toEqual([body, 'keep-alive'])
    }
    agent.destroy()
  })

  test('two calls at once on one connection are answered in their order', async () => {
    const { port } = await start()
    const one = 'POST /one HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n'
    const two = 'POST /two HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'
    const raw = await sendBytes(port, one + two)
    expect(raw.match(/"path":"[^"]*"/g)).toEqual(['"path":"/one"', '"path":"/two"'])
  })
})

describe('a body that is too large is answered 413, and the client sees it', () => {
  const large = 'x'.repeat(65 * KIB)

  test.each([
    ['by its length', { body: large }],
    ['by what came, chunked', { chunks: [large] }],
    ['much too large', { body: 'x'.repeat(8 * KIB * KIB) }],
  ])('%s', async (_, what) => {
    const { url } = await start()
    const answer = await send(url, what)
    expect(answer.status).toBe(413)
    expect(answer.headers['x-amzn-errortype']).toBe('RequestEntityTooLargeException')
    expect(JSON.parse(answer.text)).toMatchObject({ message: 'The request body is larger than 65536 bytes' })
    expect(answer.headers.connection).toBe('close')
  })

  test('before the body is sent, when the client asks', async () => {
    const { port } = await start()
    const head = `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${large.length}\r\nExpect: 100-continue\r\n\r\n`
    const startedMs = Date.now()
    expect(await sendBytes(port, head)).toMatch(/^HTTP\/1\.1 413 /)
    expect(Date.now() - startedMs).toBeLessThan(2_000)
  })
})

test('bodies that do not fit together are throttled, and there is room again afterwards', async () => {
  let open = (): void => undefined
  const seen: ApiRequest[] = []
  const gate = new Promise<void>((resolve) => (open = resolve))
  const { url } = await start({ api: echoApi(gate, seen) })
  const body = 'x'.repeat(60 * KIB)
  const waiting = [send(url, { path: '/wait', body }), send(url, { path: '/wait', body })]
  await until(() => seen.length === 2)

  const refused = await send(url, { path: '/any', body })
  expect(refused.status).toBe(429)
  expect(JSON.parse(refused.text)).toMatchObject({ __type: 'ThrottledException', Message: 'Rate exceeded' })

  open()
  expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([200, 200])
  expect((await send(url, { path: '/any', body })).status).toBe(200)
})

test('the signal of a call is aborted when its client goes away, and only then', async () => {
  let open = (): void => undefined
  const seen: ApiRequest[] = []
  const gate = new Promise<void>((resolve) => (open = resolve))
  const { url, port } = await start({ api: echoApi(gate, seen) })
  await send(url, { path: '/any', body: '{}' })
  const call = request({ port, host: '127.0.0.1', method: 'POST', path: '/wait' })
  call.on('error', () => undefined)
  call.end('{}')
  await until(() => seen.length === 2)
  expect(seen.map(({ signal }) => signal.aborted)).toEqual([false, false])
  call.destroy()
  await until(() => seen[1]?.signal.aborted === true)
  expect(seen[0]?.signal.aborted).toBe(false)
  open()
})

test('a client that goes away within its body leaves nothing behind', async () => {
  const { url, port } = await start({ maxBodiesInFlightBytes: 64 * KIB })
  for (let times = 0; times < 3; times++) {
    const socket = connect(port, '127.0.0.1')
    socket.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${60 * KIB}\r\n\r\n${'x'.repeat(40 * KIB)}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
    socket.destroy()
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  expect((await send(url, { body: 'x'.repeat(60 * KIB) })).status).toBe(200)
})

describe('what is not HTTP is answered with JSON', () => {
  test.each([
    ['garbage', 'GARBAGE\r\n\r\n', 400, 'BadRequestException'],
    ['a TLS greeting', '\x16\x03\x01\x02\x00\x01', 400, 'BadRequestException'],
    [
      'a broken chunk',
      'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n',
      400,
      'BadRequestException',
    ],
    [
      'length and chunks',
      'POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
      400,
      'BadRequestException',
    ],
    [
      'huge headers',
      `POST / HTTP/1.1\r\nX: ${'x'.repeat(200 * KIB)}\r\n\r\n`,
      431,
      'RequestHeaderFieldsTooLargeException',
    ],
    ['CONNECT', 'CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n', 405, 'UnknownOperationException'],
  ])('%s', async (_, bytes, status, type) => {
    const { url, port } = await start()
    const raw = await sendBytes(port, bytes)
    expect(raw).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(raw).toMatch(/\r\ncontent-type: application\/json\r\n/i)
    expect(raw).toMatch(new RegExp(`\r\nx-amzn-requestid: ${KNOWN_ID}\r\n`, 'i'))
    expect(bodyOf(raw)).toMatchObject({ __type: type, Message: expect.any(String), message: expect.any(String) })
    expect((await send(url, {})).status).toBe(200)
  })

  test('a client that sends on and on sees the answer, not a reset', async () => {
    const { port } = await start()
    for (let times = 0; times < 20; times++) {
      const raw = await sendBytes(port, `POST / HTTP/1.1\r\nX: ${'x'.repeat(4 * KIB * KIB)}`)
      expect(raw).toMatch(/^HTTP\/1\.1 431 /)
    }
  })

  test('garbage behind a good call does not take its answer', async () => {
    let open = (): void => undefined
    const seen: ApiRequest[] = []
    const gate = new Promise<void>((resolve) => (open = resolve))
    const { port } = await start({ api: echoApi(gate, seen) })
    const raw = sendBytes(port, 'POST /wait HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\nGARBAGE\r\n\r\n')
    await until(() => seen.length === 1)
    open()
    expect(await raw).toMatch(/^HTTP\/1\.1 200 .*"path":"\/wait"[^{}]*\}$/s)
  })

  test('a request without Host, as HTTP/1.0 has it', async () => {
    const { port } = await start()
    expect(await sendBytes(port, 'POST /old HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}')).toMatch(/^HTTP\/1\.1 200 /)
  })
})

describe('a client that is too slow is told so', () => {
  const timeouts = { headersMs: 100, requestMs: 200 }

  test.each([
    ['with its headers', 'POST / HTTP/1.1\r\nHost: x\r\nX-A'],
    ['with its body', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhal'],
  ])('%s', async (_, bytes) => {
    const { port } = await start({ timeouts })
    const raw = await sendBytes(port, bytes, 5_000)
    expect(raw).toMatch(/^HTTP\/1\.1 408 /)
    expect(bodyOf(raw)).toMatchObject({ __type: 'RequestTimeoutException' })
  })
})

describe('close', () => {
  test('lets the calls in flight finish, ends idle connections, and accepts no more', async () => {
    let open = (): void => undefined
    const seen: ApiRequest[] = []
    const gate = new Promise<void>((resolve) => (open = resolve))
    const { server: closing, url, port } = await start({ api: echoApi(gate, seen) })
    const agent = new Agent({ keepAlive: true })
    await send(url, { agent })
    const silent = connect(port, '127.0.0.1')
    await new Promise((resolve) => silent.once('connect', resolve))
    const inFlight = send(url, { path: '/wait' })
    await until(() => seen.length === 2)

    const closed = closing.close(5_000)
    expect(closing.address()).toBeUndefined()
    await expect(send(url, {})).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    open()
    const answer = await inFlight
    expect([answer.status, answer.headers.connection]).toEqual([200, 'close'])
    await closed
    agent.destroy()
  })

  test('cuts off at the deadline what does not finish', async () => {
    const seen: ApiRequest[] = []
    const { server: closing, url } = await start({ api: echoApi(new Promise(() => undefined), seen) })
    const stuck = send(url, { path: '/wait' })
    const failure = stuck.catch((error: unknown) => error)
    await until(() => seen.length === 1)
    const startedMs = Date.now()
    await closing.close(100)
    expect(Date.now() - startedMs).toBeLessThan(1_000)
    expect(await failure).toMatchObject({ code: 'ECONNRESET' })
  })

  test('twice is once', async () => {
    const { server: closing } = await start()
    await Promise.all([closing.close(100), closing.close(100)])
    await closing.close(100)
    expect(closing.address()).toBeUndefined()
  })
})

test('a port in use rejects with the error of the socket', async () => {
  const { port } = await start()
  const second = createHttpServer({
    api: echoApi(),
    maxBodyBytes: 1,
    maxBodiesInFlightBytes: 1,
    log: { error: () => undefined },
  })
  await expect(second.listen('127.0.0.1', port)).rejects.toMatchObject({ code: 'EADDRINUSE' })
})
