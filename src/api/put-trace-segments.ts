import type { Ingest } from '../ingest/ingest.ts'
import { OverloadError } from '../ingest/ingest.ts'
import type { Rejection } from '../model/outcome.ts'
import { fail } from '../wire/aws/error-catalogue.ts'
import type { Wire } from '../wire/xray/shapes.generated.ts'
import type { Handler } from './handler.ts'

const MAX_DOCUMENTS = 50

/**
 * Takes the documents of one call. Answered once those that are not listed as unprocessed are durable; the call itself
 * fails only as a whole (spec/ingest §1.2, §1.4).
 */
export function putTraceSegments(ingest: Ingest): Handler<'PutTraceSegments'> {
  return async ({ TraceSegmentDocuments: texts }, call) => {
    if (texts.length > MAX_DOCUMENTS) {
      fail('InvalidRequestException', `Exceeding maximum segment count: ${MAX_DOCUMENTS}`)
    }
    if (texts.length === 0) return { UnprocessedTraceSegments: [] }
    try {
      const { rejections } = await ingest.accept(call.tenant, texts, 'http')
      return { UnprocessedTraceSegments: rejections.map(writeRejection) }
    } catch (error) {
      if (error instanceof OverloadError) fail('ThrottledException', 'Rate exceeded')
      throw error
    }
  }
}

function writeRejection({ id, code, message }: Rejection): Wire['UnprocessedTraceSegment'] {
  // Without an id the member is left out, never empty (spec/ingest §1.2).
  return { ErrorCode: code, ...(id === undefined ? {} : { Id: id }), Message: message }
}
