import type { DocumentKind, IncomingDocument, StoredDocument } from '../model/document.ts'
import type { EntityId, TraceId } from '../model/ids.ts'
import type { Tenant } from '../model/tenant.ts'
import { RowReader } from './row-reader.ts'
import type { RowWriter } from './row-writer.ts'

/**
 * One document as one `RowBinary` row: the only encoding there is, in the spool and on the way into the engine.
 *
 * A file begins with frames (`frame.ts`), and the frame's two numbers are the first two columns of every row, so that
 * the file can be handed to ClickHouse as it stands. Integers that recovery needs come first, at fixed places.
 */
export const DOCUMENT_COLUMNS = [
  ['frame_length', 'UInt32'],
  ['frame_crc', 'UInt32'],
  ['call', 'UInt64'],
  ['version', 'UInt64'],
  ['bucket', 'UInt32'],
  ['start_us', 'Int64'],
  ['end_us', 'Int64'],
  ['kind', 'UInt8'],
  ['format', 'UInt8'],
  ['trace_id', 'FixedString(16)'],
  ['id', 'FixedString(8)'],
  ['parent_id', 'FixedString(8)'],
  ['account', 'String'],
  ['region', 'String'],
  ['name', 'String'],
  ['raw', 'String'],
] as const

/** Where `call` stands in a row: right after the frame's two numbers. */
export const CALL_OFFSET = 8

/** What the raw text is: a segment document, or OTLP spans as they came (`T1S…`, spec/interop §1.0). */
export type DocumentFormat = 'xray-json' | 'otlp'
const FORMATS = ['xray-json', 'otlp'] as const satisfies readonly DocumentFormat[]
const formatNumber = { 'xray-json': 0, otlp: 1 } as const satisfies Record<DocumentFormat, number>

/** Bit 62 of `version`, in its upper half: it makes a complete document win over one in progress (spec/ingest §3.2). */
const COMPLETE_BIT_OF_HIGH = 2 ** 30

const KINDS = ['segment', 'subsegment'] as const satisfies readonly DocumentKind[]
const kindNumber = { segment: 0, subsegment: 1 } as const satisfies Record<DocumentKind, number>

/** `end_us` of a document in progress. */
export const NO_END = -(2 ** 53)

/** Times beyond this do not fit a double's whole numbers; hostile documents have them (spec/ingest §5 row 31). */
const MAX_TIME_US = 2 ** 53 - 1

const HOUR_US = 3_600e6
const MAX_BUCKET = 2 ** 32 - 1
/** How far a start may lie from its receipt to decide the bucket. Beyond, the receipt decides: see `bucketOf`. */
const MAX_PAST_US = 31 * 24 * HOUR_US
const MAX_FUTURE_US = 2 * 24 * HOUR_US

/** What the row of a document says beside the document itself. Stamps are microseconds, unique and increasing. */
export type RowContext = {
  readonly tenant: Tenant
  /** The stamp of this document. */
  readonly received: number
  /** The stamp of the first document of the same call. */
  readonly call: number
}

/**
 * The hour a row is filed under: that of the document's start. Segments with an odd start are refused unless the
 * operator allowed them; subsegments may claim any time, and one that is far off is filed under the hour of its
 * receipt, or senders could scatter rows over as many partitions as they like.
 */
export function bucketOf(kind: DocumentKind, startUs: number, received: number): number {
  const plausible = kind === 'segment' || (startUs > received - MAX_PAST_US && startUs < received + MAX_FUTURE_US)
  return Math.min(MAX_BUCKET, Math.max(0, Math.floor((plausible ? startUs : received) / HOUR_US)))
}

/** When a document starts, as far as the order of traces goes: its receipt where its own claim is far off. */
export function filedStartUs(kind: DocumentKind, startUs: number, received: number): number {
  return bucketOf(kind, startUs, received) === bucketOf('segment', startUs, received) ? startUs : received
}

/** Seconds to whole microseconds, kept inside what a double counts exactly (spec/ingest §2.3). */
export function toMicroseconds(seconds: number): number {
  return Math.max(-MAX_TIME_US, Math.min(MAX_TIME_US, Math.round(seconds * 1e6)))
}

/** Appends the row of one document; the frame's two numbers are left zero. */
export function writeDocumentRow(to: RowWriter, document: IncomingDocument, context: RowContext): void {
  const { received, call } = context
  const startUs = toMicroseconds(document.startTime)
  const high = Math.floor(received / 2 ** 32)
  to.uint64(0, 0)
  to.uint64(Math.floor(call / 2 ** 32), call >>> 0)
  to.uint64(document.complete ? high + COMPLETE_BIT_OF_HIGH : high, received >>> 0)
  to.uint32(bucketOf(document.kind, startUs, received))
  to.int64(startUs)
  to.int64(document.endTime === undefined ? NO_END : toMicroseconds(document.endTime))
  to.uint8(kindNumber[document.kind])
  to.uint8(formatNumber['xray-json'])
  to.hex(document.traceId, 2, 8)
  to.hex(document.traceId, 11, 24)
  to.hex(document.id, 0, 16)
  if (document.parentId === undefined) to.zeros(8)
  else to.hex(document.parentId, 0, 16)
  to.string(context.tenant.account)
  to.string(context.tenant.region)
  to.string(document.name)
  to.string(document.raw)
}

/**
 * Appends a row that is kept as it came, for a program that can read it. It belongs to no trace (its trace id is all
 * zeros), and is filed under its receipt. `key` are 16 hex digits that stand for the text, so that the same text sent
 * twice is kept once.
 */
export function writeOtlpRow(to: RowWriter, text: string, key: string, context: RowContext): void {
  const { received, call } = context
  const high = Math.floor(received / 2 ** 32)
  to.uint64(0, 0)
  to.uint64(Math.floor(call / 2 ** 32), call >>> 0)
  to.uint64(high + COMPLETE_BIT_OF_HIGH, received >>> 0)
  to.uint32(bucketOf('segment', received, received))
  to.int64(received)
  to.int64(NO_END)
  to.uint8(kindNumber.segment)
  to.uint8(formatNumber.otlp)
  to.zeros(16)
  to.hex(key, 0, 16)
  to.zeros(8)
  to.string(context.tenant.account)
  to.string(context.tenant.region)
  to.string('')
  to.string(text)
}

/** A row as it is read back, for the memory engine and for tests. */
export type DocumentRow = {
  readonly format: DocumentFormat
  readonly tenant: Tenant
  readonly traceId: TraceId
  readonly call: number
  readonly bucket: number
  readonly parentId?: EntityId
  readonly name: string
  readonly document: StoredDocument
}

/** What a row's `version` says: whether its document is complete, and the stamp of its receipt. */
export function readVersion(from: RowReader): { readonly complete: boolean; readonly received: number } {
  // The complete bit lies above what a double counts exactly, so it is taken off before the halves are joined.
  const { low, high } = from.halves()
  return {
    complete: (high & COMPLETE_BIT_OF_HIGH) !== 0,
    received: (high % COMPLETE_BIT_OF_HIGH) * 2 ** 32 + low,
  }
}

/** Reads all rows of a whole file; throws a `RangeError` when it ends within one: `frame.ts` cuts torn files. */
export function* readDocumentRows(file: Buffer): Generator<DocumentRow> {
  const from = new RowReader(file)
  while (!from.isAtEnd) {
    from.skip(CALL_OFFSET)
    const call = from.uint64()
    const version = readVersion(from)
    const bucket = from.uint32()
    const startUs = from.int64()
    const endUs = from.int64()
    const kind = KINDS[from.uint8() === 0 ? 0 : 1]
    const format = FORMATS[from.uint8() === 0 ? 0 : 1]
    const trace = from.hex(16)
    // Written from canonical ids by `writeDocumentRow`, so they are canonical here.
    const traceId = `1-${trace.slice(0, 8)}-${trace.slice(8)}` as TraceId
    const id = from.hex(8) as EntityId
    const parent = from.hex(8) as EntityId
    const tenant = { account: from.string(), region: from.string() }
    const name = from.string()
    yield {
      format,
      tenant,
      traceId,
      call,
      bucket,
      ...(parent === '0000000000000000' ? {} : { parentId: parent }),
      name,
      document: { kind, id, ...version, startUs, ...(endUs === NO_END ? {} : { endUs }), raw: from.string() },
    }
  }
}
