import { errorCatalogue } from './error-catalogue.ts'
import type { ServiceError } from './error-catalogue.ts'
import type { HttpResponse } from './http-message.ts'
import { jsonResponse } from './http-message.ts'

/**
 * The form every AWS client reads: the code in a header and as `__type`, the text as `Message` and as `message`
 * (spec/query §5.2, spec/ingest §1.5). Some errors name a resource, too.
 */
export function errorResponse(error: ServiceError, requestId: string): HttpResponse {
  const { status, type } = { type: error.code, ...errorCatalogue[error.code] }
  const { message, resourceName } = error
  // An absent `ResourceName` is left out by JSON.stringify.
  const body = JSON.stringify({ __type: type, Message: message, message, ResourceName: resourceName })
  return jsonResponse(status, requestId, body, { 'x-amzn-ErrorType': type })
}
