/** What a text in the omnibox stands for (console §4.3). */
export type OmniboxText =
  | { readonly kind: 'empty' }
  /** A trace, `1-8hex-24hex`, and perhaps a segment of it. */
  | { readonly kind: 'trace'; readonly id: string; readonly segment?: string }
  /** A segment or subsegment, of whatever trace. */
  | { readonly kind: 'segment'; readonly id: string }
  /** The name of a service, or a filter. */
  | { readonly kind: 'text'; readonly text: string }

const TRACE_ID = /^1-([0-9a-f]{8})-([0-9a-f]{24})$/i
const HEX_TRACE_ID = /^([0-9a-f]{8})([0-9a-f]{24})$/i
const SEGMENT_ID = /^[0-9a-f]{16}$/i
// W3C Trace Context §3.2; later versions may have more behind it.
const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(?:-|$)/i
const HEADER_NAME = /^["'{\s]*(?:x-amzn-trace-id|_x_amzn_trace_id|traceparent)["']?\s*[:=]\s*/i
const CONSOLE_ADDRESS = /^(?:https?:\/\/|[/#]).*traces\/([0-9a-f-]{32,35})(?:[/?#]|$)/i

/**
 * Reads what was typed or pasted: a trace id in either form, an `X-Amzn-Trace-Id` header or a `traceparent` with or
 * without its name, a segment id, an address of this console or of AWS's. Anything else is a text.
 */
export function readOmnibox(typed: string): OmniboxText {
  const text = typed.trim()
  if (text === '') return { kind: 'empty' }
  const value = text.replace(HEADER_NAME, '').replace(/^["'`]+|["'`,;}\s]+$/g, '')
  if (value === '') return { kind: 'text', text }
  const id = readTraceId(value) ?? readTraceId(CONSOLE_ADDRESS.exec(value)?.[1] ?? '')
  if (id !== undefined) return { kind: 'trace', id }
  return readTraceparent(value) ?? readTraceHeader(value) ?? readSegmentId(value) ?? { kind: 'text', text }
}

/** A trace id as X-Ray writes it, in lower case; it may be given as 32 hex digits. */
export function readTraceId(text: string): string | undefined {
  const parts = TRACE_ID.exec(text) ?? HEX_TRACE_ID.exec(text)
  return parts === null ? undefined : `1-${parts[1]}-${parts[2]}`.toLowerCase()
}

function readTraceparent(value: string): OmniboxText | undefined {
  const [, trace, segment = ''] = TRACEPARENT.exec(value) ?? []
  const id = readTraceId(trace ?? '')
  if (id === undefined || /^0*$/.test(trace ?? '')) return undefined
  return { kind: 'trace', id, segment: segment.toLowerCase() }
}

/** `Root=1-…;Parent=…;Sampled=1`, in any order and with whatever else is in it. */
function readTraceHeader(value: string): OmniboxText | undefined {
  const members = value.split(';').map((member) => member.split('=', 2).map((part) => part.trim()))
  const member = (name: string): string => members.find(([key]) => key?.toLowerCase() === name)?.[1] ?? ''
  const id = readTraceId(member('root'))
  if (id === undefined) return undefined
  const parent = member('parent')
  return SEGMENT_ID.test(parent) ? { kind: 'trace', id, segment: parent.toLowerCase() } : { kind: 'trace', id }
}

function readSegmentId(value: string): OmniboxText | undefined {
  return SEGMENT_ID.test(value) ? { kind: 'segment', id: value.toLowerCase() } : undefined
}

/** Whether a text can only be meant as a filter: it has an operator, braces or quotes. */
export function looksLikeFilter(text: string): boolean {
  return /["{}()=<>!]|\b(and|or|contains|beginswith|endswith)\b/i.test(text)
}
