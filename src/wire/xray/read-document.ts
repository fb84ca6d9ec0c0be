import type { DocumentReader, IncomingDocument } from '../../model/document.ts'
import { readEntityId, readTraceId, traceIdEpochSeconds } from '../../model/ids.ts'
import type { Json } from '../../model/json.ts'
import type { Read, RejectionCode } from '../../model/outcome.ts'
import { arrayElements } from './array-elements.ts'
import { findEmbeddedFault } from './embedded-faults.ts'
import { isLegalName, legalName } from './entity-name.ts'
import { findSearchFacts } from './find-search-facts.ts'
import { booleanOf, endOf, isList, isSubsegment, numberOf, objectOf, textOf } from './fields.ts'
import { parseJson, withoutMarks } from './parse-json.ts'
import { redacted } from './redact-passwords.ts'
import type { ReaderOptions } from './reader-options.ts'
import { rejected, rejectedForSize } from './rejections.ts'
import type { Rejected } from './rejections.ts'

/** An oversized document is parsed for its id up to this size (spec/ingest §1.3 row 1). */
const MAX_BYTES_TO_PARSE = 1_048_576

/**
 * No more elements than this are read of an array document. 64 KiB hold some 450 real ones; without a limit, a call of
 * `[0,0,0,…` documents would be answered with a million rejections.
 */
const MAX_ARRAY_ELEMENTS = 1000

/** The old epoch check's bounds (spec/ingest §2.2). */
const MAX_TRACE_ID_AGE_SECONDS = 30 * 24 * 3600
const MAX_TRACE_ID_AHEAD_SECONDS = 5 * 60

const PARSE_ERROR = rejected('segment', 'ParseError')
const MISSING_ID = rejected('segment', 'MissingId')
const TOO_MANY_ELEMENTS = rejected('segment', 'InvalidSegment')

/**
 * Makes the reader that decides which documents are accepted (spec/ingest §1.3, rows 1 to 16, in that order). It looks
 * at what decides and at nothing else; `readSegmentDocument` builds the tree when somebody asks for it.
 */
export function createDocumentReader(options: ReaderOptions): DocumentReader {
  const readInner = options.doubleEncoding ? createDocumentReader({ ...options, doubleEncoding: false }) : undefined
  return (text, nowSeconds) => {
    if (isTooLong(text, options.maxDocumentBytes, options)) return [rejectedForSize(idOfOversized(text, options))]
    const raw = withoutMarks(text)
    const value = parseJson(raw, options.nonFinite)
    if (value === undefined) return [PARSE_ERROR]
    if (typeof value === 'string' && readInner !== undefined) return readInner(value, nowSeconds)
    if (isList(value) && value.length > 0) return readElements(value, raw, nowSeconds, options)
    return [readOne(value, raw, nowSeconds, options)]
  }
}

function isTooLong(text: string, limitBytes: number, options: ReaderOptions): boolean {
  if (text.length > limitBytes) return true
  return text.length * 3 > limitBytes && options.utf8Length(text) > limitBytes
}

function idOfOversized(text: string, options: ReaderOptions): string | undefined {
  if (isTooLong(text, MAX_BYTES_TO_PARSE, options)) return undefined
  return textOf(objectOf(parseJson(withoutMarks(text), options.nonFinite))?.['id'])
}

function readElements(
  elements: readonly Json[],
  raw: string,
  nowSeconds: number,
  options: ReaderOptions,
): readonly Read<IncomingDocument>[] {
  if (elements.length > MAX_ARRAY_ELEMENTS) return [TOO_MANY_ELEMENTS]
  const texts = arrayElements(raw)
  return elements.map((element, index) => readOne(element, texts[index] ?? '', nowSeconds, options))
}

/** Rows 3 to 16. An element of an array is a document of its own, so a scalar or an array there fails as one does. */
function readOne(sent: Json, raw: string, nowSeconds: number, options: ReaderOptions): Read<IncomingDocument> {
  const document = objectOf(sent)
  if (document === undefined) return isList(sent) ? MISSING_ID : PARSE_ERROR
  const sentId = textOf(document['id'])
  if (sentId === undefined) return MISSING_ID
  const id = readEntityId(sentId)
  if (id === undefined) return rejected('segment', 'InvalidId', sentId)
  const sentTraceId = textOf(document['trace_id'])
  if (sentTraceId === undefined) return rejected('segment', 'MissingTraceId', sentId)
  const kind = isSubsegment(document) ? 'subsegment' : 'segment'
  const fail = (code: RejectionCode): Rejected => rejected(kind, code, sentId)

  const traceId = readTraceId(sentTraceId)
  if (traceId === undefined) return fail('InvalidTraceId')
  if (options.traceIdEpochCheck && !isRecent(traceIdEpochSeconds(traceId), nowSeconds)) return fail('InvalidTraceId')
  const sentParentId = textOf(document['parent_id'])
  const parentId = sentParentId === undefined ? undefined : readEntityId(sentParentId)
  if (kind === 'subsegment' && parentId === undefined) {
    return fail(sentParentId === undefined ? 'MissingParentId' : 'InvalidParentId')
  }
  const sentName = textOf(document['name'])
  if (sentName === undefined) return fail('MissingName')
  if (options.names === 'reject' && !isLegalName(sentName)) return fail('InvalidName')
  const startTime = numberOf(document['start_time'])
  if (startTime === undefined) return fail('MissingStartTime')
  const end = endOf(document)
  if (end === undefined) return fail('MissingEndTime')
  if (!isInWindow(startTime, nowSeconds, options)) return fail('InvalidStartTime')

  const embedded = findEmbeddedFault(document, options.names)
  if (embedded.fault !== undefined) {
    const { failing, code, path } = embedded.fault
    return rejected(failing, code, sentId, path)
  }
  const kept = embedded.secrets === undefined ? raw : redacted(raw, embedded.secrets)
  // Of the changed text, where there was a password: it may stand anywhere.
  const keptDocument = embedded.secrets === undefined ? document : objectOf(parseJson(kept, true))
  // Filled step by step, because this is the hot path and a spread costs as much as three of the checks above.
  const value: Mutable<IncomingDocument> = {
    kind,
    traceId,
    id,
    name: options.names === 'sanitize' ? legalName(sentName) : sentName,
    startTime,
    complete: end !== 'open',
    inferred: booleanOf(document['inferred']) === true,
    raw: kept,
    search: findSearchFacts(keptDocument ?? document),
  }
  if (parentId !== undefined) value.parentId = parentId
  if (end !== 'open') value.endTime = end
  return { ok: true, value }
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }

function isRecent(seconds: number, nowSeconds: number): boolean {
  return seconds >= nowSeconds - MAX_TRACE_ID_AGE_SECONDS && seconds <= nowSeconds + MAX_TRACE_ID_AHEAD_SECONDS
}

function isInWindow(startTime: number, nowSeconds: number, options: ReaderOptions): boolean {
  if (options.maxPastSeconds > 0 && startTime < nowSeconds - options.maxPastSeconds) return false
  return startTime <= nowSeconds + options.maxFutureSeconds
}
