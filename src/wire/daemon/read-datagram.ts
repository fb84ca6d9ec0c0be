import { isAscii } from 'node:buffer'

/** What a datagram holds (spec/ingest §4.1). An empty one is nothing at all, and is not counted. */
export type Datagram =
  | { readonly kind: 'document'; readonly text: string }
  | { readonly kind: 'empty' }
  | { readonly kind: 'malformed'; readonly reason: string }

const NEWLINE = 0x0a

/** The headers that the SDKs send, byte for byte; any other is parsed. */
const KNOWN_HEADERS = [
  Buffer.from('{"format":"json","version":1}'),
  Buffer.from('{"format": "json", "version": 1}'),
] as const

/**
 * Reads one datagram of the daemon's protocol: a header line, a newline, and one document, which is not looked into.
 * Only the first newline counts: a document may be pretty-printed. Invalid UTF-8 becomes U+FFFD (spec/ingest §6.9).
 */
export function readDatagram(bytes: Buffer): Datagram {
  if (bytes.length === 0) return { kind: 'empty' }
  const newline = bytes.indexOf(NEWLINE)
  if (newline === -1) return { kind: 'malformed', reason: 'no newline after the header' }
  if (!isHeader(bytes.subarray(0, newline))) {
    return { kind: 'malformed', reason: 'the header is not {"format":"json","version":1}' }
  }
  const body = bytes.subarray(newline + 1)
  if (body.length === 0) return { kind: 'malformed', reason: 'nothing after the header' }
  return { kind: 'document', text: isAscii(body) ? body.toString('latin1') : body.toString('utf8') }
}

function isHeader(line: Buffer): boolean {
  if (KNOWN_HEADERS.some((known) => known.equals(line))) return true
  let header: unknown
  try {
    header = JSON.parse(line.toString('utf8'))
  } catch {
    return false
  }
  if (typeof header !== 'object' || header === null) return false
  const format: unknown = Reflect.get(header, 'format')
  const version: unknown = Reflect.get(header, 'version')
  // The official daemon refuses "1" in quotes, too.
  return typeof format === 'string' && format.toLowerCase() === 'json' && version === 1
}
