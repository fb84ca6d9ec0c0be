import type { Json } from '../../model/json.ts'
import type { OperationName } from '../xray/shapes.generated.ts'
import type { ServiceError } from './error-catalogue.ts'
import { errorResponse } from './error-response.ts'
import type { HttpResponse, RequestHead } from './http-message.ts'
import { jsonResponse } from './http-message.ts'
import { writeJson } from './written-json.ts'

/** How one call is spoken: what its body may look like, and how its answer is dressed. */
export type WireForm = {
  /** Brings a parsed body into the shape that the service model describes. */
  readonly readBody: (body: Json) => Json
  readonly success: (output: object, requestId: string, nowMs: number) => HttpResponse
  readonly failure: (error: ServiceError, requestId: string) => HttpResponse
}

/** Decides how a call to an operation is spoken; `undefined` stands for a call to none. */
export type ChooseForm = (operation: OperationName | undefined, head: RequestHead) => WireForm

/** AWS restJson1, as every AWS client speaks it (spec/query §0). */
export const awsForm: WireForm = {
  readBody: (body) => body,
  success: (output, requestId) => jsonResponse(200, requestId, writeJson(output)),
  failure: errorResponse,
}
