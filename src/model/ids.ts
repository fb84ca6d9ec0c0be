declare const brand: unique symbol
type Branded<T, Name extends string> = T & { readonly [brand]: Name }

/** `1-` + 8 hex digits + `-` + 24 hex digits, lower case. The middle part carries no meaning (spec/ingest §2.2). */
export type TraceId = Branded<string, 'TraceId'>

/** 64 bits as 16 hex digits, lower case. Unique only inside one trace (spec/ingest §2.2). */
export type EntityId = Branded<string, 'EntityId'>

const TRACE_ID = /^1-[0-9a-f]{8}-[0-9a-f]{24}$/
const W3C_TRACE_ID = /^[0-9a-f]{32}$/
const ENTITY_ID = /^[0-9a-f]{16}$/

const ZERO_TRACE_ID = '1-00000000-000000000000000000000000'
const ZERO_ENTITY_ID = '0000000000000000'

/**
 * Reads a trace id in either accepted form: X-Ray's own, or the 32 hex digits of W3C, rewritten to X-Ray's.
 * Upper case is lowered. All zeros is the SDKs' "no trace" and reads as nothing (spec/ingest §2.2).
 */
export function readTraceId(text: string): TraceId | undefined {
  // Most are in lower case, and lowering them would take longer than all the rest.
  if (TRACE_ID.test(text)) return text === ZERO_TRACE_ID ? undefined : (text as TraceId)
  const lower = text.toLowerCase()
  if (TRACE_ID.test(lower)) return lower as TraceId
  if (!W3C_TRACE_ID.test(lower)) return undefined
  return readTraceId(`1-${lower.slice(0, 8)}-${lower.slice(8)}`)
}

/** Reads a segment or subsegment id; upper case is lowered, all zeros reads as nothing (spec/ingest §1.3 row 5). */
export function readEntityId(text: string): EntityId | undefined {
  if (ENTITY_ID.test(text)) return text === ZERO_ENTITY_ID ? undefined : (text as EntityId)
  const lower = text.toLowerCase()
  return ENTITY_ID.test(lower) ? (lower as EntityId) : undefined
}

/** The number in the middle of a trace id. It is an epoch second only in ids that an X-Ray SDK made. */
export function traceIdEpochSeconds(id: TraceId): number {
  return Number.parseInt(id.slice(2, 10), 16)
}
