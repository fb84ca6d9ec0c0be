import { isAscii } from 'node:buffer'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import type { Json } from '../model/json.ts'
import { fail } from '../wire/aws/error-catalogue.ts'

/** The largest body that is read, packed or unpacked: 10 MiB (spec/ingest §1.7). */
export const MAX_BODY_BYTES = 10 * 1024 * 1024

const unpack = promisify(gunzip)

/**
 * The JSON of a request body. An empty one is `{}`, one byte order mark is skipped, gzip is unpacked within bounds, the
 * content type is not looked at (spec/query §0.1, spec/ingest §1.1). Fails with SerializationException or
 * RequestEntityTooLargeException.
 */
export async function readBody(body: Uint8Array, contentEncoding: string | undefined): Promise<Json> {
  const encoding = contentEncoding?.trim().toLowerCase() ?? ''
  const bytes = encoding === '' || encoding === 'identity' ? body : await unpackBody(body, encoding)
  const text = decode(bytes)
  if (text.trim() === '') return {}
  try {
    return JSON.parse(text) as Json
  } catch (error) {
    // The parser's words quote the body, which may hold secrets; they stay out of the answer.
    if (error instanceof SyntaxError) fail('SerializationException', 'The request body is not valid JSON')
    throw error
  }
}

async function unpackBody(body: Uint8Array, encoding: string): Promise<Uint8Array> {
  if (encoding !== 'gzip' && encoding !== 'x-gzip') {
    fail('SerializationException', 'The Content-Encoding is not supported; send gzip or none')
  }
  if (body.length === 0) return body
  try {
    return await unpack(body, { maxOutputLength: MAX_BODY_BYTES })
  } catch (error) {
    if (error instanceof RangeError) fail('RequestEntityTooLargeException', tooLargeMessage(MAX_BODY_BYTES))
    return fail('SerializationException', 'The request body is not valid gzip')
  }
}

/** What a client is told whose body is too large. */
export const tooLargeMessage = (limitBytes: number): string => `The request body is larger than ${limitBytes} bytes`

function decode(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  // Most bodies are ASCII, and checking that costs less than decoding UTF-8 does.
  const text = isAscii(buffer) ? buffer.toString('latin1') : buffer.toString('utf8')
  return text.startsWith('\uFEFF') ? text.slice(1) : text
}
