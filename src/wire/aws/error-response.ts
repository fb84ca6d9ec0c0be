import { errorCatalogue } from './error-catalogue.ts'
import type { ServiceError } from './error-catalogue.ts'
import type { HttpResponse } from './http-message.ts'
import { jsonResponse } from './http-message.ts'

/**
 * The form every AWS client reads: the code in a header and as `__type`, the text as `Message` and as `message`
 * (spec/query §5.2, spec/ingest §1.5).
 */
export function errorResponse(error: ServiceError, requestId: string): HttpResponse {
  const { status, type } = { type: error.code, ...errorCatalogue[error.code] }
  const body = JSON.stringify({ __type: type, Message: error.message, message: error.message })
  return jsonResponse(status, requestId, body, { 'x-amzn-ErrorType': type })
}
