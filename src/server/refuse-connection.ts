import type { Duplex } from 'node:stream'
import type { ErrorCode } from '../wire/aws/error-catalogue.ts'
import type { HttpResponse } from '../wire/aws/http-message.ts'

/** The largest request line and headers together. */
export const MAX_HEADER_BYTES = 16 * 1024

/** How long a client may go on sending after it was refused, so that it sees the answer and not a reset. */
export const DRAIN_MS = 1_500

/** Error and message for a request that Node could not read, by the code of Node's error. */
export function unreadableRequest(code: string | undefined): [ErrorCode, string] {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return ['RequestHeaderFieldsTooLargeException', `The headers are larger than ${MAX_HEADER_BYTES} bytes`]
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return ['RequestTimeoutException', 'The request did not arrive in time']
    default:
      return ['BadRequestException', 'What arrived is not a valid HTTP request']
  }
}

const REASONS: { readonly [status: number]: string } = {
  400: 'Bad Request',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
}

/** Answers on a connection whose request never became one, and ends it. */
export function refuseConnection(socket: Duplex, answer: HttpResponse): void {
  const headers = { ...answer.headers, Connection: 'close', Date: new Date().toUTCString() }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const statusLine = `HTTP/1.1 ${answer.status} ${REASONS[answer.status] ?? 'Error'}\r\n`
  socket.on('error', () => undefined)
  socket.end(`${statusLine}${lines.join('')}\r\n${answer.body}`)
  socket.resume()
  const cut = setTimeout(() => socket.destroy(), DRAIN_MS)
  socket.on('close', () => clearTimeout(cut))
}
