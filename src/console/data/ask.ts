import type { OwnError } from '../../wire/own/traces.ts'

/** Query parameters; those that are undefined or empty are left out. */
export type Parameters = { readonly [name: string]: string | number | undefined }

/** The server's own words for what went wrong, and where in a filter, if it was one. */
export class AskError extends Error {
  override readonly name = 'AskError'
  /** HTTP status; 0 when there was no answer. */
  readonly status: number
  /** The error's type, such as `InvalidRequestException`; `Unreachable` when there was no answer. */
  readonly type: string
  /** The path that was asked. */
  readonly path: string
  readonly requestId: string | undefined
  /** Where a filter stops being one: UTF-16 units from its start. */
  readonly offset: number | undefined

  constructor(told: {
    readonly status: number
    readonly type: string
    readonly message: string
    readonly path: string
    readonly requestId?: string | undefined
    readonly offset?: number | undefined
  }) {
    super(told.message)
    this.status = told.status
    this.type = told.type
    this.path = told.path
    this.requestId = told.requestId
    this.offset = told.offset
  }

  /** Asking again would be answered the same. */
  get isFinal(): boolean {
    return this.status >= 400 && this.status < 500 && this.status !== 429
  }
}

/** The address of a path of the server, such as `api/status`, under whatever prefix it is served. */
export function addressOf(path: string, parameters: Parameters = {}): string {
  const url = new URL(path.replace(/^\//, ''), document.baseURI)
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== '') url.searchParams.set(name, String(value))
  }
  return url.href
}

/**
 * Asks the server and returns the answer once it is known to be good. Rejects with an `AskError`, or with the signal's
 * reason when it was aborted.
 */
export async function askFor(path: string, parameters: Parameters = {}, init: RequestInit = {}): Promise<Response> {
  let response
  try {
    response = await fetch(addressOf(path, parameters), init)
  } catch (error) {
    if (init.signal?.aborted === true) throw error
    throw new AskError({ status: 0, type: 'Unreachable', message: 'The server cannot be reached', path })
  }
  if (response.ok) return response
  const requestId = response.headers.get('x-amzn-requestid') ?? undefined
  const told = await readError(response)
  throw new AskError({
    status: response.status,
    type: told?.__type ?? `HTTP ${response.status}`,
    message: told?.Message ?? told?.message ?? `The server answered with status ${response.status}`,
    path,
    requestId,
    offset: told?.offset,
  })
}

/** Asks for JSON. Its shape is that of the endpoint in docs/own-api.md, which the server's own tests prove. */
export async function ask<Answer>(path: string, parameters: Parameters = {}, init: RequestInit = {}): Promise<Answer> {
  const response = await askFor(path, parameters, init)
  return (await response.json()) as Answer
}

async function readError(response: Response): Promise<Partial<OwnError> | undefined> {
  try {
    return (await response.json()) as Partial<OwnError>
  } catch {
    // A proxy in between answers in its own words; the status is all that can be told.
    return undefined
  }
}
