import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { Api } from '../api/dispatch.ts'
import { tooLargeMessage } from '../api/read-body.ts'
import type { RequestHead } from '../wire/aws/http-message.ts'
import { basePathOf, withoutBasePath, type BasePath } from './base-path.ts'
import type { BodyBudget } from './collect-body.ts'
import { collectBody } from './collect-body.ts'
import type { AnswerConsole } from './console-answers.ts'
import type { HostGuard } from './host-guard.ts'
import { OneATurn } from './one-a-turn.ts'
import { packAnswer } from './pack-answer.ts'
import { DRAIN_MS } from './refuse-connection.ts'

/** What it takes to answer one request. */
export type RequestContext = {
  readonly api: Api
  /** Asked first; what it does not answer is the API's. */
  readonly console: AnswerConsole
  /** Taken off the front of paths that have it. */
  readonly basePath: BasePath
  /** Asked before all else. */
  readonly guard: HostGuard
  readonly maxBodyBytes: number
  readonly budget: BodyBudget
  /** Whether the connection is to end after this answer. */
  readonly isClosing: () => boolean
}

/** How much of a body that was refused is still read. */
const DRAIN_BYTES = 64 * 1024 * 1024

/** A body from this size on takes so long to read that others have a turn before it. */
const LARGE_BYTES = 16 * 1024
const largeBodies = new OneATurn()

/** Reads a request from its socket, has it answered, and writes the answer. */
export async function serveRequest(
  context: RequestContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { api, maxBodyBytes } = context
  const { headers } = request
  const basePath = basePathOf(headers, context.basePath)
  const path = withoutBasePath(withoutBasePath(request.url ?? '/', basePath), context.basePath)
  const head = { method: request.method ?? 'GET', path, headers }
  const objection = context.guard(head)
  if (objection !== undefined) {
    return refuse(request, response, api.refuse('MisdirectedRequestException', objection, head))
  }
  const page = context.console(head, basePath)
  if (page !== undefined) {
    response.writeHead(page.status, connectionOf(context, page.headers))
    response.end(page.body)
    return
  }
  const sourceAddress = request.socket.remoteAddress
  if (Number(headers['content-length'] ?? 0) > maxBodyBytes) return refuseTooLarge(context, head, request, response)
  if (headers.expect?.toLowerCase() === '100-continue') response.writeContinue()
  const gone = new AbortController()
  response.on('close', () => {
    if (!response.writableFinished) gone.abort()
  })
  const { body, release } = collectBody(request, maxBodyBytes, context.budget)
  try {
    const collected = await body
    switch (collected.kind) {
      case 'body': {
        if (collected.bytes.length >= LARGE_BYTES) await largeBodies.take()
        const from = sourceAddress === undefined ? {} : { sourceAddress }
        const answer = await api.answer({ ...head, ...from, body: collected.bytes, signal: gone.signal })
        const outgoing = await packAnswer(head, answer)
        response.writeHead(answer.status, connectionOf(context, outgoing.headers))
        if (answer.rest === undefined || head.method === 'HEAD') response.end(outgoing.body)
        else await sendRest(response, answer.body, answer.rest, gone.signal)
        return
      }
      case 'too-large':
        return refuseTooLarge(context, head, request, response)
      case 'no-room':
        return refuse(request, response, api.refuse('ThrottledException', 'Rate exceeded', head))
      case 'aborted':
        return
      default:
        return collected satisfies never
    }
  } finally {
    release()
  }
}

/** The headers of an answer, the last one of its connection when the server is to stop. */
const connectionOf = (
  context: RequestContext,
  headers: { readonly [name: string]: string },
): { readonly [name: string]: string } => (context.isClosing() ? { ...headers, Connection: 'close' } : headers)

/** Writes what there is of an answer while the rest is made; reading waits for the client, and ends when it has gone. */
async function sendRest(
  response: ServerResponse,
  body: string,
  rest: AsyncIterable<string>,
  gone: AbortSignal,
): Promise<void> {
  response.flushHeaders()
  if (body !== '') response.write(body)
  try {
    await pipeline(rest, response)
  } catch (error) {
    if (!gone.aborted) throw error
  }
}

function refuseTooLarge(
  { api, maxBodyBytes }: RequestContext,
  head: RequestHead,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  refuse(request, response, api.refuse('RequestEntityTooLargeException', tooLargeMessage(maxBodyBytes), head))
}

/**
 * Answers at once and reads on for a while: most clients send all of a body before they look for an answer, and a reset
 * would take the answer from them.
 */
function refuse(request: IncomingMessage, response: ServerResponse, answer: ReturnType<Api['refuse']>): void {
  response.writeHead(answer.status, { ...answer.headers, Connection: 'close' })
  response.write(answer.body)
  let drainedBytes = 0
  const end = () => {
    clearTimeout(timer)
    response.end()
  }
  const timer = setTimeout(end, DRAIN_MS)
  request.on('data', (chunk: Buffer) => {
    drainedBytes += chunk.length
    if (drainedBytes > DRAIN_BYTES) end()
  })
  request.on('end', end).on('close', end).on('error', end)
}
