import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Api } from '../api/dispatch.ts'
import type { BasePath } from './base-path.ts'
import { bodyBudget } from './collect-body.ts'
import type { AnswerConsole } from './console-answers.ts'
import { ANY_HOST, createHostGuard } from './host-guard.ts'
import { MAX_HEADER_BYTES, refuseConnection, unreadableRequest } from './refuse-connection.ts'
import { serveRequest } from './serve-request.ts'

/** What the server needs, and its limits. */
export type HttpServerOptions = {
  readonly api: Api
  /** The console, where there is one. */
  readonly console?: AnswerConsole
  /** Where all of it is served; the root, when absent. */
  readonly basePath?: BasePath
  /** Names that browsers may use beside those of loopback; all, when absent. */
  readonly allowedHosts?: readonly string[]
  /** A larger body is answered 413. */
  readonly maxBodyBytes: number
  /** All bodies that are held at a time; what does not fit is answered 429. */
  readonly maxBodiesInFlightBytes: number
  readonly log: { error(fields: object, message: string): void }
  /** How long a client may take; the defaults suit all known clients. */
  readonly timeouts?: Partial<HttpTimeouts>
}

/** Against clients that send a byte a minute, or nothing. */
export type HttpTimeouts = {
  readonly headersMs: number
  /** Headers and body. */
  readonly requestMs: number
  /** Between two requests of a connection. */
  readonly keepAliveMs: number
  /** Without a byte in either direction. */
  readonly silenceMs: number
}

/** One listening socket. */
export type HttpServer = {
  /** Resolves once connections are accepted; rejects with the socket's error, such as EADDRINUSE. Port 0 is any. */
  listen(host: string, port: number): Promise<AddressInfo>
  /** Where it listens, or nothing when it does not. */
  address(): AddressInfo | undefined
  /**
   * Stops accepting, lets the calls in flight finish, and closes their connections. After so many milliseconds what is
   * left is cut off. Resolves when no connection is left.
   */
  close(deadlineMs: number): Promise<void>
}

// Longer than the clients' pools keep a connection, so that it is they who close it and no call meets a closing socket.
const TIMEOUTS: HttpTimeouts = { headersMs: 10_000, requestMs: 30_000, keepAliveMs: 75_000, silenceMs: 120_000 }

/**
 * Serves the API and the console over HTTP/1.1. Every answer of the API is JSON, that to a malformed request too
 * (spec/ingest §6 rows 25, 30).
 */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const { api } = options
  const timeouts = { ...TIMEOUTS, ...options.timeouts }
  const sockets = new Set<Socket>()
  // The oldest call of each connection that has no answer yet.
  const unanswered = new WeakMap<Duplex, ServerResponse>()
  const failed = new WeakSet<Duplex>()
  let closing = false

  const server = createServer({
    headersTimeout: timeouts.headersMs,
    requestTimeout: timeouts.requestMs,
    keepAliveTimeout: timeouts.keepAliveMs,
    connectionsCheckingInterval: Math.min(1_000, timeouts.headersMs),
    maxHeaderSize: MAX_HEADER_BYTES,
    // A request without Host is as good as another; Node would answer it without a body.
    requireHostHeader: false,
  })
  server.timeout = timeouts.silenceMs

  const context = {
    api,
    console: options.console ?? (() => undefined),
    basePath: options.basePath ?? '/',
    guard: createHostGuard(options.allowedHosts ?? [ANY_HOST]),
    maxBodyBytes: options.maxBodyBytes,
    budget: bodyBudget(options.maxBodiesInFlightBytes),
    isClosing: () => closing,
  }

  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request
    if (!unanswered.has(socket)) {
      unanswered.set(socket, response)
      response.on('close', () => unanswered.delete(socket))
    }
    serveRequest(context, request, response).catch((error: unknown) => {
      options.log.error({ err: error }, 'an answer could not be sent')
      response.destroy()
    })
  }

  server.on('request', onRequest)
  server.on('checkContinue', onRequest)
  server.on('checkExpectation', onRequest)
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.on('connect', (_, socket) =>
    refuseConnection(socket, api.refuse('MethodNotAllowed', 'CONNECT is not served here')),
  )
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // A parser that has failed fails again for all that follows; the first answer is the answer, and not cut off.
    if (failed.has(socket)) return
    failed.add(socket)
    if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy()
    const inFlight = unanswered.get(socket)
    // Nonsense after a good request: that one is still answered, and then the connection ends.
    if (inFlight?.req.complete === true) inFlight.shouldKeepAlive = false
    else refuseConnection(socket, api.refuse(...unreadableRequest(error.code)))
  })

  return {
    async listen(host, port) {
      const address = await listening(server, host, port)
      server.on('error', (error) => options.log.error({ err: error }, 'the HTTP socket failed'))
      return address
    },

    address: () => addressOf(server.address()),

    async close(deadlineMs) {
      if (closing || !server.listening) return
      closing = true
      await closeWithin(server, sockets, deadlineMs)
    },
  }
}

async function listening(server: Server, host: string, port: number): Promise<AddressInfo> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  return addressOf(server.address()) ?? Promise.reject(new Error('the HTTP socket has no address'))
}

async function closeWithin(server: Server, sockets: ReadonlySet<Socket>, deadlineMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  // Node closes those that wait between two requests; those that never sent a byte it does not call idle.
  for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
  const sweep = setInterval(() => server.closeIdleConnections(), 50)
  const deadline = setTimeout(() => sockets.forEach((socket) => socket.destroy()), deadlineMs)
  await closed
  clearInterval(sweep)
  clearTimeout(deadline)
}

const addressOf = (address: AddressInfo | string | null): AddressInfo | undefined =>
  typeof address === 'object' && address !== null ? address : undefined
