import type { Json, JsonObject } from '../model/json.ts'
import type { Chance } from './chance.ts'

/** A segment or subsegment as it will have been when it is over. Times are epoch seconds. */
export type Span = {
  readonly id: string
  readonly name: string
  readonly start: number
  readonly end: number
  /** What is known from the beginning. */
  readonly fields?: JsonObject
  /** `http.request`. */
  readonly request?: JsonObject
  /** Of the answer: known in the end, as are the flags that follow from it. */
  readonly status?: number
  /** What else is known in the end only, such as causes. */
  readonly outcome?: JsonObject
  readonly inner?: readonly Span[]
}

/** When and how a service answered. */
export type Answer = { readonly end: number; readonly status: number }

/** Where a trace is told. */
export type Scene = {
  readonly traceId: string
  readonly chance: Chance
  /** What has not happened by now is not told. */
  readonly nowSeconds: number
  /** When version 42 of `payments` went live. */
  readonly deployedSeconds: number
  /** Where documents go, in the order in which they are sent. */
  readonly documents: { push(document: JsonObject): unknown }
}

/** How a document is sent. */
export type Sending = {
  /** The subsegment or segment above. */
  readonly parentId?: string
  /** A subsegment on its own, as SDKs send them ahead of large segments (spec/ingest §3.2). */
  readonly isSubsegment?: boolean
  /** How far the clock of the sender is ahead. */
  readonly aheadSeconds?: number
}

/** A new entity id. */
export const newId = (scene: Scene): string => scene.chance.hex(16)

/** Sends the document of a span, unless that has not begun yet. */
export function send(scene: Scene, span: Span, { parentId, isSubsegment, aheadSeconds = 0 }: Sending = {}): void {
  const written = writeSpan(span, scene.nowSeconds, aheadSeconds)
  if (written === undefined) return
  const head: Record<string, Json> = { trace_id: scene.traceId }
  if (parentId !== undefined) head['parent_id'] = parentId
  if (isSubsegment === true) head['type'] = 'subsegment'
  scene.documents.push({ ...head, ...written })
}

/** What a client knows of an answer by its status: spec/ingest §2.4 `error`, `throttle`, `fault`. */
function flagsOf(status: number): JsonObject {
  if (status >= 500) return { fault: true }
  if (status === 429) return { error: true, throttle: true }
  return status >= 400 ? { error: true } : {}
}

/** An exception with its stack, innermost frame first, each as `path:line label` (spec/ingest §2.9). */
export function causeOf(scene: Scene, type: string, message: string, frames: readonly string[] = []): JsonObject {
  const stack = frames.map((frame) => {
    const [, path = frame, line = '0', label = ''] = /^(\S+):(\d+) (.*)$/.exec(frame) ?? []
    return { path, line: Number(line), label }
  })
  const exception: Record<string, Json> = { id: newId(scene), type, message, remote: stack.length === 0 }
  if (stack.length > 0) exception['stack'] = stack
  return { cause: { working_directory: '/app', exceptions: [exception] } }
}

/**
 * Calls a service that reports itself: the subsegment of the caller, and how it was answered. What happens on the other
 * side is up to `serve`, which is told the id of the call and when it arrives.
 */
export function callService(
  scene: Scene,
  call: { readonly name: string; readonly method: string; readonly path: string; readonly start: number },
  serve: (parentId: string, start: number) => Answer,
): { readonly span: Span; readonly answer: Answer } {
  const id = newId(scene)
  const { end, status } = serve(id, call.start + scene.chance.seconds(0.0015))
  const answer = { end: end + scene.chance.seconds(0.0015), status }
  const failure = status >= 500 ? causeOf(scene, 'HttpError', `${call.method} ${call.path} was answered ${status}`) : {}
  const span = {
    id,
    name: call.name,
    start: call.start,
    end: answer.end,
    fields: { namespace: 'remote', traced: true },
    request: { method: call.method, url: `http://${call.name}.shop.internal${call.path}` },
    status,
    outcome: failure,
  }
  return { span, answer }
}

/** Microseconds are what a double holds of the present. */
const rounded = (seconds: number): number => Math.round(seconds * 1e6) / 1e6

function writeSpan(span: Span, nowSeconds: number, aheadSeconds: number): JsonObject | undefined {
  if (span.start > nowSeconds) return undefined
  const { id, name, fields = {}, request, status, outcome = {}, inner = [] } = span
  const isOver = span.end <= nowSeconds
  const written: Record<string, Json> = { id, name, start_time: rounded(span.start + aheadSeconds) }
  if (isOver) written['end_time'] = rounded(span.end + aheadSeconds)
  else written['in_progress'] = true
  const response = isOver && status !== undefined ? { response: { status } } : {}
  if (request !== undefined) written['http'] = { request, ...response }
  else if ('response' in response) written['http'] = response
  const subsegments = inner.flatMap((one) => writeSpan(one, nowSeconds, aheadSeconds) ?? [])
  if (subsegments.length > 0) written['subsegments'] = subsegments
  return { ...written, ...fields, ...(isOver ? { ...flagsOf(status ?? 200), ...outcome } : {}) }
}
