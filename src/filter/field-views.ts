import { isError, isFault, isThrottle } from '../model/effective-flags.ts'
import type { AnnotationValue, Entity } from '../model/entity.ts'
import { RawNumber } from '../model/raw-number.ts'
import { summarize } from '../model/summarize.ts'
import type { TraceSummary } from '../model/summary.ts'
import { walk } from '../model/walk.ts'
import type { FlagOf, NumberOf, Scope, TextOf } from './keywords.ts'
import { metadataValues } from './metadata-values.ts'
import type { CallFacts, SegmentFacts, TraceFacts } from './trace-facts.ts'

/** How the keywords of a scope are answered (spec/query §1.3). All of them are, or it does not compile. */
export type View<S extends Scope, Subject> = {
  readonly flags: Readonly<Record<FlagOf<S>, (subject: Subject) => boolean>>
  readonly numbers: Readonly<Record<NumberOf<S>, (subject: Subject) => number | undefined>>
  /** Every value there is: none, one or several. */
  readonly texts: Readonly<Record<TextOf<S>, (subject: Subject) => readonly string[]>>
  readonly annotations: (subject: Subject, key: string) => readonly AnnotationValue[]
  /** Of the extended dialect. */
  readonly metadata: (subject: Subject, key: string) => readonly AnnotationValue[]
}

export const traceView: View<'trace', TraceFacts> = {
  flags: {
    // A trace that has no segment yet has nothing wrong with it, as its summary says.
    ok: ({ root }) => root === undefined || isOk(root.entity),
    error: ({ root }) => root !== undefined && isError(root.entity),
    fault: ({ root }) => root !== undefined && isFault(root.entity),
    throttle: (trace) =>
      trace.index.segments.some(({ entity }) => isThrottle(entity)) ||
      trace.inferred().some(({ call }) => isThrottle(call.entity)),
    partial: (trace) => trace.isPartial(),
    inferred: (trace) => trace.inferred().length > 0,
  },
  numbers: {
    responsetime: ({ root }) => root && responseSeconds(root.entity),
    duration: (trace) => trace.durationSeconds(),
    'http.status': ({ root }) => root && statusOf(root.entity),
  },
  texts: {
    ...httpTexts(({ root }: TraceFacts) => root?.entity),
    user: (trace) => trace.summary().users.map(({ name }) => name),
    availabilityzone: (trace) => trace.summary().availabilityZones,
    'instance.id': (trace) => trace.summary().instanceIds,
    'resource.arn': (trace) => trace.summary().resourceArns,
    'account.id': (trace) => trace.summary().serviceIds.flatMap(({ accountId }) => accountId ?? []),
  },
  annotations: (trace, key) => indexedValues(trace, key),
  metadata: ({ index }, key) => index.trace.roots.flatMap(({ entity }) => metadataValues(entity, key)),
}

export const serviceView: View<'service', SegmentFacts> = {
  flags: {
    ok: ({ entity }) => isOk(entity),
    error: ({ entity }) => isError(entity),
    fault: ({ entity }) => isFault(entity),
    throttle: ({ entity }) => isThrottle(entity),
    partial: ({ entity }) => entity.inProgress,
    inferred: ({ isInferred }) => isInferred,
    root: ({ isRoot }) => isRoot,
    remote: ({ node }) => node.type === 'remote',
  },
  numbers: {
    responsetime: ({ entity }) => responseSeconds(entity),
    duration: ({ entity, isInferred }) => (isInferred ? responseSeconds(entity) : wholeSeconds(entity)),
    'http.status': ({ entity }) => statusOf(entity),
  },
  texts: {
    ...httpTexts(({ entity }: SegmentFacts) => entity),
    name: ({ node }) => [node.name],
    type: ({ node }) => listed(node.type),
    'account.id': ({ node }) => listed(node.accountId),
    // What is inferred has neither user nor annotations: those are the caller's.
    user: ({ entity, isInferred }) => (isInferred ? [] : listed(entity.user)),
    availabilityzone: (segment) => resourcesOf(segment).availabilityZones,
    'instance.id': (segment) => resourcesOf(segment).instanceIds,
    'resource.arn': (segment) => resourcesOf(segment).resourceArns,
  },
  annotations: ({ entity, isInferred, trace }, key) => (isInferred ? [] : annotationsWithin(entity, trace, key)),
  metadata: ({ entity, isInferred }, key) => (isInferred ? [] : metadataValues(entity, key)),
}

/** The view of whoever called (spec/query §1.6). */
export const edgeView: View<'edge', CallFacts> = {
  flags: {
    ok: ({ entity }) => isOk(entity),
    error: ({ entity }) => isError(entity),
    fault: ({ entity }) => isFault(entity),
    throttle: ({ entity }) => isThrottle(entity),
    inferred: ({ isInferred }) => isInferred,
    remote: ({ isFromClient }) => !isFromClient,
  },
  numbers: {
    responsetime: ({ entity }) => responseSeconds(entity),
    duration: ({ entity }) => responseSeconds(entity),
    'http.status': ({ entity }) => statusOf(entity),
  },
  texts: {
    ...httpTexts(({ entity }: CallFacts) => entity),
    name: ({ to }) => [to.name],
    type: ({ to }) => listed(to.type),
    'account.id': ({ to }) => listed(to.accountId),
    user: ({ entity }) => listed(entity.user),
    'resource.arn': (call) => resourcesOf({ ...call, isInferred: false }).resourceArns,
  },
  annotations: ({ entity, trace }, key) => annotationsWithin(entity, trace, key),
  metadata: ({ entity }, key) => metadataValues(entity, key),
}

function isOk(entity: Entity): boolean {
  return !isFault(entity) && !isError(entity)
}

/** Unrounded (spec/query §1.4); absent while in progress. */
function responseSeconds({ startTime, endTime }: Entity): number | undefined {
  return endTime === undefined ? undefined : Math.max(0, endTime - startTime)
}

/** From the start of a segment to the last end of it and what stands in it (spec/query §3.5); absent while in progress. */
function wholeSeconds(segment: Entity): number | undefined {
  let lastEnd = segment.endTime
  if (lastEnd === undefined) return undefined
  for (const { endTime } of walk(segment)) if (endTime !== undefined && endTime > lastEnd) lastEnd = endTime
  return Math.max(0, lastEnd - segment.startTime)
}

/** A status that is none is not searched for (spec/ingest §2.5). */
function statusOf({ http }: Entity): number | undefined {
  const status = http?.status
  return status !== undefined && Number.isInteger(status) && status >= 100 && status <= 599 ? status : undefined
}

type HttpKeyword = 'http.url' | 'http.method' | 'http.useragent' | 'http.clientip'
type HttpTexts<Subject> = Readonly<Record<HttpKeyword, (subject: Subject) => readonly string[]>>

function httpTexts<Subject>(entityOf: (subject: Subject) => Entity | undefined): HttpTexts<Subject> {
  return {
    'http.url': (subject) => listed(entityOf(subject)?.http?.url),
    'http.method': (subject) => listed(entityOf(subject)?.http?.method),
    'http.useragent': (subject) => listed(entityOf(subject)?.http?.userAgent),
    'http.clientip': (subject) => listed(entityOf(subject)?.http?.clientIp),
  }
}

function listed(text: string | undefined): readonly string[] {
  return text === undefined ? [] : [text]
}

/** What a trace says of its resources when there is nothing else in it; of a call, when nobody answers. */
function resourcesOf({ entity, isInferred, trace }: Pick<SegmentFacts, 'entity' | 'isInferred' | 'trace'>): Resources {
  const alone: Entity = { ...entity, subsegments: [] }
  return summarize({ ...trace.index.trace, roots: [{ kind: isInferred ? 'orphan' : 'segment', entity: alone }] }, 0)
}

type Resources = Pick<TraceSummary, 'resourceArns' | 'instanceIds' | 'availabilityZones'>

/** The values of a key, if it is among those of the trace that can be searched for (spec/query §1.5). */
function indexedValues(trace: TraceFacts, key: string): readonly AnnotationValue[] {
  return (
    trace
      .summary()
      .annotations.get(key)
      ?.map(({ value }) => value) ?? []
  )
}

/** Of these values, those of an entity and what stands in it. */
function annotationsWithin(top: Entity, trace: TraceFacts, key: string): readonly AnnotationValue[] {
  const indexed = new Set(indexedValues(trace, key))
  if (indexed.size === 0) return []
  const values = new Set<AnnotationValue>()
  for (const { annotations } of walk(top)) {
    const sent = annotations?.get(key)
    if (sent === undefined) continue
    const value = sent instanceof RawNumber ? sent.value : sent
    values.add(typeof value === 'string' && !indexed.has(value) ? cutText(value, indexed) : value)
  }
  return [...values]
}

/** Text that was not indexed as it was sent has been cut, so its longest beginning among the indexed is what is left. */
function cutText(sent: string, indexed: ReadonlySet<AnnotationValue>): string {
  let longest = ''
  for (const value of indexed) {
    if (typeof value === 'string' && value.length > longest.length && sent.startsWith(value)) longest = value
  }
  return longest
}
