import type { Json, JsonObject } from '../../model/json.ts'
import type { ErrorCode } from './error-catalogue.ts'
import { errorCatalogue, fail } from './error-catalogue.ts'
import type { RequestHead, RequestHeaders } from './http-message.ts'
import { headerText, jsonResponse } from './http-message.ts'
import type { ChooseForm, WireForm } from './wire-form.ts'
import { awsForm } from './wire-form.ts'

/** Which callers of PutTraceSegments get the REST reference's envelope: none, all, or those that look plain. */
export type EnvelopeMode = 'auto' | 'aws' | 'rest'

/**
 * The generic envelope that a REST reference of `POST /TraceSegments` shows, beside AWS's form (design §9). A plain call
 * that asks for `application/json` by itself gets the envelope; any AWS mark on a call gets AWS's form.
 */
export function restEnvelope(mode: EnvelopeMode): ChooseForm {
  return (operation, head) => {
    if (operation !== 'PutTraceSegments' || mode === 'aws') return awsForm
    return mode === 'rest' || isPlainCall(head) ? restForm : awsForm
  }
}

const AWS_HEADER = /^(x-amz-|amz-sdk-|x-amzn-xray-)/
const AWS_USER_AGENT = /aws-(sdk|cli|xray|otel)|\bboto|xray-(daemon|agent)|\baws\b.*\bsdk/i

function isPlainCall({ headers, path }: RequestHead): boolean {
  return asksForJsonAlone(headers) && !hasAwsMark(headers) && !/[?&]X-Amz-/i.test(path)
}

function asksForJsonAlone(headers: RequestHeaders): boolean {
  const accept = headerText(headers, 'accept') ?? ''
  return /^\s*application\/json\s*(;[^,]*)?$/i.test(accept)
}

function hasAwsMark(headers: RequestHeaders): boolean {
  if (/^\s*AWS4/i.test(headerText(headers, 'authorization') ?? '')) return true
  if (AWS_USER_AGENT.test(headerText(headers, 'user-agent') ?? '')) return true
  return Object.keys(headers).some((name) => AWS_HEADER.test(name))
}

const restForm: WireForm = {
  readBody: plainBody,

  success(output, requestId, nowMs) {
    const { UnprocessedTraceSegments: unprocessed } = output as {
      readonly UnprocessedTraceSegments?: readonly object[]
    }
    const data = {
      id: requestId,
      created_at: new Date(nowMs).toISOString(),
      ...(unprocessed !== undefined && unprocessed.length > 0 ? { UnprocessedTraceSegments: unprocessed } : {}),
    }
    return jsonResponse(200, requestId, JSON.stringify({ success: true, data }))
  },

  failure(error, requestId) {
    const body = { success: false, error: { code: restCode(error.code), message: error.message } }
    return jsonResponse(errorCatalogue[error.code].status, requestId, JSON.stringify(body))
  },
}

function restCode(code: ErrorCode): 'VALIDATION_ERROR' | 'UNAUTHORIZED' | 'THROTTLED' | 'INTERNAL_ERROR' {
  const { status } = errorCatalogue[code]
  if (status === 403) return 'UNAUTHORIZED'
  if (status === 429) return 'THROTTLED'
  return status < 500 ? 'VALIDATION_ERROR' : 'INTERNAL_ERROR'
}

/** The plain form takes one document instead of a list, and documents as JSON objects (design §9). */
function plainBody(body: Json): Json {
  if (!isObject(body)) return body
  const given = body['TraceSegmentDocuments']
  if (typeof given === 'string' || (given !== undefined && isObject(given))) {
    return { TraceSegmentDocuments: [documentText(given)] }
  }
  return Array.isArray(given) ? { TraceSegmentDocuments: given.map(documentText) } : body
}

function documentText(document: Json): Json {
  if (typeof document !== 'object' || document === null) return document
  try {
    return JSON.stringify(document)
  } catch (error) {
    // Some thousand levels overflow the stack of JSON.stringify, where JSON.parse has no limit.
    if (error instanceof RangeError) fail('SerializationException', 'A document is nested too deeply')
    throw error
  }
}

const isObject = (json: Json): json is JsonObject => typeof json === 'object' && json !== null && !Array.isArray(json)
