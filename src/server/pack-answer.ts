import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { HttpResponse, RequestHead } from '../wire/aws/http-message.ts'
import { acceptsEncoding } from './accepts-encoding.ts'

const LEAST_BYTES = 4 * 1024
/** Outlines of traces shrink to a seventh at this level; the next ones take twice the time for a few percent. */
const LEVEL = 4

const pack = promisify(gzip)

/** An answer as it goes out: its headers, and its body as text or bytes. */
export type OutgoingAnswer = { readonly headers: HttpResponse['headers']; readonly body: string | Buffer }

/**
 * Packs an answer to the console: larger than 4 KiB, of a path below `/api/`, to a client that asked for it. Operations
 * are never packed, since AWS does not either. What is made while it is read goes out as it is made.
 */
export async function packAnswer(request: RequestHead, answer: HttpResponse): Promise<OutgoingAnswer> {
  const { headers, bytes } = answer
  if (bytes !== undefined) return { headers, body: bytes }
  const { body } = answer
  if (answer.rest !== undefined || body.length < LEAST_BYTES || !request.path.startsWith('/api/')) return answer
  if (headers['Content-Encoding'] !== undefined) return answer
  const varying = { ...headers, Vary: 'Accept-Encoding' }
  if (!acceptsEncoding(request.headers, 'gzip')) return { headers: varying, body }
  const packed = await pack(body, { level: LEVEL })
  return { headers: { ...varying, 'Content-Encoding': 'gzip', 'Content-Length': String(packed.length) }, body: packed }
}
