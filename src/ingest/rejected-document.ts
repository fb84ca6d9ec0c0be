import type { Rejection } from '../model/outcome.ts'
import type { Tenant } from '../model/tenant.ts'
import type { Source } from './ingest.ts'

/** What an operator sees of a document that was turned away. Everything but code and source is the sender's text. */
export type RejectedDocument = {
  readonly code: string
  readonly id?: string
  readonly traceId?: string
  /** Where the culprit stands, such as `subsegments[2].name`. */
  readonly path?: string
  /** The name in the document. */
  readonly service?: string
  readonly account: string
  readonly region: string
  readonly source: Source
  /** The first 2 KiB of the document as it was sent. */
  readonly document: string
  /** How long the whole document is, in UTF-16 code units. */
  readonly documentLength: number
}

/** One that was logged: `seq` counts up, and `suppressed` says how many before it were too many to be logged. */
export type LoggedRejection = RejectedDocument & {
  readonly seq: number
  /** Epoch milliseconds. */
  readonly timeMs: number
  readonly suppressed?: number
}

/** Which rejections are asked for. */
export type RejectedQuery = {
  readonly limit: number
  /** Only those with a smaller `seq`. */
  readonly before?: number
  readonly code?: string
  /** Only those from this time on, in epoch milliseconds. */
  readonly sinceMs?: number
}

/** Rejections, the newest first; `next` is the `before` of the next page, if there is one. */
export type RejectedPage = { readonly rejected: readonly LoggedRejection[]; readonly next?: number }

/** The log of rejected documents, as it is read. */
export type ReadRejected = (query: RejectedQuery) => Promise<RejectedPage>

const MAX_DOCUMENT_BYTES = 2048
const MAX_FIELD_LENGTH = 256

/**
 * Describes a document for the log. Never throws, whatever the text is. One that is longer than `maxLengthToParse` is
 * not parsed again for the sake of its names.
 */
export function describeRejected(
  rejection: Rejection,
  tenant: Tenant,
  source: Source,
  text: string,
  maxLengthToParse: number,
): RejectedDocument {
  const sent = text.length > maxLengthToParse ? undefined : sentDocument(text, rejection.id)
  const traceId = textMember(sent, 'trace_id')
  const service = textMember(sent, 'name')
  return {
    code: rejection.code,
    ...(rejection.id === undefined ? {} : { id: rejection.id.slice(0, MAX_FIELD_LENGTH) }),
    ...(traceId === undefined ? {} : { traceId }),
    ...(rejection.path === undefined ? {} : { path: rejection.path.slice(0, MAX_FIELD_LENGTH) }),
    ...(service === undefined ? {} : { service }),
    account: tenant.account,
    region: tenant.region,
    source,
    document: firstBytes(text),
    documentLength: text.length,
  }
}

/** The document, or of an array the element with the id. */
function sentDocument(text: string, id: string | undefined): object | undefined {
  const value = parse(text)
  if (!Array.isArray(value)) return isObject(value) ? value : undefined
  const elements: readonly unknown[] = id === undefined ? [] : value
  return elements.find((one): one is object => isObject(one) && Reflect.get(one, 'id') === id)
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

function textMember(of: object | undefined, name: string): string | undefined {
  const value: unknown = of === undefined ? undefined : Reflect.get(of, name)
  return typeof value === 'string' && value !== '' ? value.slice(0, MAX_FIELD_LENGTH) : undefined
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The first bytes of the text in UTF-8; a character that would be cut is left out. */
function firstBytes(text: string): string {
  const bytes = Buffer.from(text.slice(0, MAX_DOCUMENT_BYTES))
  if (bytes.length <= MAX_DOCUMENT_BYTES) return bytes.toString('utf8')
  let end = MAX_DOCUMENT_BYTES
  // Bytes of the form 10xxxxxx go on with a character that began before.
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return bytes.toString('utf8', 0, end)
}
