import type { Json } from '../model/json.ts'
import type { Tenant } from '../model/tenant.ts'
import { credentialScope } from '../wire/aws/credential-scope.ts'
import type { ErrorCode } from '../wire/aws/error-catalogue.ts'
import { ServiceError, fail } from '../wire/aws/error-catalogue.ts'
import type { HttpResponse, RequestHead } from '../wire/aws/http-message.ts'
import { headerText, jsonResponse } from '../wire/aws/http-message.ts'
import type { ChooseForm } from '../wire/aws/wire-form.ts'
import { awsForm } from '../wire/aws/wire-form.ts'
import type { OperationName } from '../wire/xray/shapes.generated.ts'
import { operations as descriptions } from '../wire/xray/shapes.generated.ts'
import { readInput } from '../wire/xray/validate-input.ts'
import type { Call, Operations } from './handler.ts'
import { firstChecks } from './operations.ts'
import type { OwnEndpoint, OwnEndpoints, OwnPaths } from './own-endpoints.ts'
import { readBody } from './read-body.ts'

/** A request with its whole body, without its socket. */
export type ApiRequest = RequestHead & {
  readonly body: Uint8Array
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal
  /** The address of the peer, absent when there is no socket. */
  readonly sourceAddress?: string
}

/** The whole API as functions from request to answer, free of sockets. Neither ever rejects or throws. */
export type Api = {
  readonly answer: (request: ApiRequest) => Promise<HttpResponse>
  /** The answer to a request that cannot be read; without its head when not even that could. */
  readonly refuse: (code: ErrorCode, message: string, head?: RequestHead) => HttpResponse
}

/** The API, and which paths it has. */
export type PathedApi = Api & {
  /** Whether a path is an operation's or one of our own, or could become one: what is below `/api/`. */
  readonly isOfApi: (path: string) => boolean
}

/** What the API needs beside its operations. */
export type ApiOptions = {
  readonly operations: Operations
  /** Paths beside those of the X-Ray API. */
  readonly own?: OwnEndpoints
  /** Those of them that do something, and are called with POST. */
  readonly ownPosts?: OwnEndpoints
  /** Those of them that have an id in them. */
  readonly ownWithIds?: OwnPaths
  /** Told of each answer to a request that could be read: the operation or own path it was for, if it was for one. */
  readonly onAnswer?: (calledFor: string | undefined, status: number, seconds: number) => void
  readonly chooseForm: ChooseForm
  /** Whose data unsigned calls are about. */
  readonly defaultTenant: Tenant
  /** The version of this program. */
  readonly version: string
  /** Epoch milliseconds. */
  readonly clock: () => number
  /** A new UUID each time. */
  readonly newRequestId: () => string
  readonly log: { error(fields: object, message: string): void }
}

const DOCUMENTATION = 'https://docs.aws.amazon.com/xray/latest/api/API_Operations.html'

const operationOfPath: ReadonlyMap<string, OperationName> = new Map(
  Object.entries(descriptions).map(([name, { path }]) => [path, name as OperationName]),
)

/**
 * Joins the operations to HTTP: path to operation, body to input, output or error to answer. Every answer is JSON and
 * carries `x-amzn-RequestId` and `Content-Length` (spec/query §0, §5.2).
 */
export function createApi(options: ApiOptions): PathedApi {
  const { chooseForm, log } = options

  async function answer(request: ApiRequest): Promise<HttpResponse> {
    const path = pathOf(request.path)
    const operation = operationOfPath.get(path)
    const startMs = performance.now()
    const own = operation === undefined ? ownAt(path) : undefined
    const response = await answerTo(request, path, operation, own?.endpoint)
    const calledFor = operation ?? own?.pattern ?? (options.ownPosts?.has(path) === true ? path : undefined)
    options.onAnswer?.(calledFor, response.status, (performance.now() - startMs) / 1000)
    return response
  }

  function ownAt(path: string): ReturnType<OwnPaths> {
    const endpoint = options.own?.get(path)
    return endpoint === undefined ? options.ownWithIds?.(path) : { pattern: path, endpoint }
  }

  async function answerTo(
    request: ApiRequest,
    path: string,
    operation: OperationName | undefined,
    own: OwnEndpoint | undefined,
  ): Promise<HttpResponse> {
    const requestId = options.newRequestId()
    const form = chooseForm(operation, request)
    try {
      if (own !== undefined) {
        return isRead(request.method)
          ? await own(queryOf(request.path), requestId, request.signal, request.headers)
          : refuseMethod('GET, HEAD', requestId)
      }
      const ownPost = options.ownPosts?.get(path)
      if (ownPost !== undefined) {
        if (isForeign(request.headers)) fail('AccessDeniedException', 'Pages of other origins may not call this path')
        return request.method === 'POST'
          ? await ownPost(queryOf(request.path), requestId, request.signal, request.headers)
          : refuseMethod('POST', requestId)
      }
      if (path === '/' && isRead(request.method)) return describeService(options.version, requestId)
      if (operation === undefined) return refuseUnknown(path, requestId)
      if (request.method !== 'POST') return refuseMethod('POST', requestId)
      const nowMs = options.clock()
      const tenant = credentialScope(request, options.defaultTenant)
      const call = callOf(request, requestId, tenant, nowMs / 1000)
      const body = form.readBody(await readBody(request.body, headerText(request.headers, 'content-encoding')))
      const output = await run(options.operations, operation, body, call)
      return form.success(output, requestId, options.clock())
    } catch (error) {
      if (error instanceof ServiceError) return form.failure(error, requestId)
      // When the client has gone, what was given up for it is no fault.
      if (!request.signal.aborted) log.error({ err: error, requestId, operation }, 'a call failed')
      return form.failure(
        new ServiceError('InternalFailure', 'The call failed because of an internal error'),
        requestId,
      )
    }
  }

  function refuse(code: ErrorCode, message: string, head?: RequestHead): HttpResponse {
    const form = head === undefined ? awsForm : chooseForm(operationOfPath.get(pathOf(head.path)), head)
    return form.failure(new ServiceError(code, message), options.newRequestId())
  }

  function isOfApi(target: string): boolean {
    const path = pathOf(target)
    return (
      path === '/api' ||
      path.startsWith('/api/') ||
      operationOfPath.has(path) ||
      ownAt(path) !== undefined ||
      options.ownPosts?.has(path) === true
    )
  }

  return { answer, refuse, isOfApi }
}

/**
 * Whether a page of another origin sends this. A browser always says so when it posts, and a page cannot keep it from
 * that. Behind a proxy, `Host` may be another than the one the browser asked: the proxy names that, or the browser does.
 */
function isForeign(headers: RequestHead['headers']): boolean {
  const origin = headerText(headers, 'origin')
  if (origin === undefined || headerText(headers, 'sec-fetch-site') === 'same-origin') return false
  const host = URL.canParse(origin) ? new URL(origin).host : undefined
  return (
    host === undefined ||
    !['host', 'x-forwarded-host'].some((name) => headerText(headers, name)?.toLowerCase() === host)
  )
}

async function run<Op extends OperationName>(
  operations: Operations,
  operation: Op,
  body: Json,
  call: Call,
): Promise<object> {
  const read = readInput(operation, body)
  if (!read.ok) return fail(read.failure.code, read.failure.message)
  firstChecks[operation]?.(read.value)
  if (read.violation !== undefined) fail(read.violation.code, read.violation.message)
  return operations[operation](read.value, call)
}

function callOf(request: ApiRequest, requestId: string, tenant: Tenant, nowSeconds: number): Call {
  const { signal, sourceAddress } = request
  const userAgent = headerText(request.headers, 'user-agent')
  return {
    requestId,
    tenant,
    signal,
    nowSeconds,
    ...(sourceAddress === undefined ? {} : { sourceAddress }),
    ...(userAgent === undefined ? {} : { userAgent }),
  }
}

function queryOf(target: string): URLSearchParams {
  const query = target.indexOf('?')
  return new URLSearchParams(query === -1 ? '' : target.slice(query + 1))
}

/** The path without query and trailing slashes; a proxy's absolute form loses its origin. */
function pathOf(target: string): string {
  const origin = target.startsWith('/') ? '' : (/^https?:\/\/[^/?]*/i.exec(target)?.[0] ?? '')
  const query = target.indexOf('?')
  const path = target.slice(origin.length, query === -1 ? undefined : query)
  let end = path.length
  while (end > 1 && path.endsWith('/', end)) end--
  return end === 0 ? '/' : path.slice(0, end)
}

const isRead = (method: string): boolean => method === 'GET' || method === 'HEAD'

function describeService(version: string, requestId: string): HttpResponse {
  const body = { name: 'Radiograph', version, api: 'AWS X-Ray 2016-04-12', documentation: DOCUMENTATION }
  return jsonResponse(200, requestId, JSON.stringify(body))
}

function refuseUnknown(path: string, requestId: string): HttpResponse {
  if (path === '/') return refuseMethod('GET, HEAD', requestId)
  return awsForm.failure(new ServiceError('UnknownOperationException', 'No operation has this path'), requestId)
}

function refuseMethod(allowed: string, requestId: string): HttpResponse {
  const message = `This path is to be called with ${allowed}`
  const response = awsForm.failure(new ServiceError('MethodNotAllowed', message), requestId)
  return { ...response, headers: { ...response.headers, Allow: allowed } }
}
