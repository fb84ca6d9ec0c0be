import { isError, isFault, isThrottle } from '../model/effective-flags.ts'
import type { Entity } from '../model/entity.ts'
import { entityDetail } from '../model/outline/entity-detail.ts'
import { outlinedSpan } from '../model/outline/outlined-span.ts'
import type { OutlinedEntity, OutlinedTrace } from '../model/outline/outlined-trace.ts'
import type { ServiceId } from '../model/summary.ts'
import { OUTLINE_FLAGS, type OutlineLink, type OutlineService, type TraceOutline } from '../wire/own/outline.ts'

/** What a trace does not say of itself. */
export type OutlineContext = {
  /** Epoch seconds, to tell mistakes of senders. */
  readonly nowSeconds: number
  /** A trace of so many bytes takes no more documents. */
  readonly limitBytes: number
}

/** A trace as columns (docs/own-api.md). The time is linear. */
export function writeTraceOutline(outlined: OutlinedTrace, { nowSeconds, limitBytes }: OutlineContext): TraceOutline {
  const { index, entities, services } = outlined
  const { id, revision, storedBytes = 0 } = index.trace
  const { startTime, durationSeconds } = outlinedSpan(outlined, nowSeconds)
  const texts = new Map<string, number>()
  const numberOf = (text: string): number => {
    const known = texts.get(text)
    if (known !== undefined) return known
    texts.set(text, texts.size)
    return texts.size - 1
  }
  const sinceStart = (time: number): number => finite(microseconds(time) - microseconds(startTime))
  const columns = {
    ids: entities.map(({ entity }) => entity.id),
    parent: entities.map(({ parent }) => parent),
    name: entities.map(({ entity }) => numberOf(entity.name)),
    service: entities.map(({ service }) => service),
    start: entities.map(({ entity }) => sinceStart(entity.startTime)),
    end: entities.map(({ entity }) => (entity.endTime === undefined ? -1 : sinceStart(entity.endTime))),
    flags: entities.map(flagsOf),
    status: entities.map(({ entity }) => statusOf(entity)),
    detail: entities.map(({ entity }) => {
      const detail = entityDetail(entity)
      return detail === undefined ? -1 : numberOf(detail)
    }),
  }
  return {
    id,
    revision,
    startTime: finite(startTime),
    duration: finite(microseconds(durationSeconds)) / 1e6,
    inProgress: entities.some(({ entity }) => entity.inProgress),
    limitExceeded: storedBytes >= limitBytes,
    services: services.map(writeService),
    texts: [...texts.keys()],
    ...columns,
    missingParents: entities.flatMap(({ missingParentId }, at) =>
      missingParentId === undefined ? [] : [{ at, parentId: missingParentId }],
    ),
    links: entities.flatMap(({ entity }, at) => linksOf(entity, at)),
  }
}

function microseconds(seconds: number): number {
  return Math.round(seconds * 1e6)
}

/** Absurd times are legal; infinite numbers are not, on the wire. */
function finite(number: number): number {
  const { MAX_SAFE_INTEGER: most } = Number
  // Zero is added for the sake of zeros with a sign.
  return Number.isNaN(number) ? 0 : Math.min(Math.max(number, -most), most) + 0
}

function flagsOf({ entity, kind, missingParentId }: OutlinedEntity): number {
  const { cause } = entity
  const hasExceptions =
    cause?.kind === 'exceptions' && (cause.message !== undefined || (cause.exceptions ?? []).length > 0)
  return (
    bit(isFault(entity), OUTLINE_FLAGS.fault) |
    bit(isError(entity), OUTLINE_FLAGS.error) |
    bit(isThrottle(entity), OUTLINE_FLAGS.throttle) |
    bit(entity.inProgress, OUTLINE_FLAGS.inProgress) |
    bit(kind === 'inferred', OUTLINE_FLAGS.inferred) |
    bit(entity.namespace === 'remote', OUTLINE_FLAGS.callsRemote) |
    bit(entity.namespace === 'aws', OUTLINE_FLAGS.callsAws) |
    bit(hasExceptions, OUTLINE_FLAGS.hasExceptions) |
    bit(entity.sql !== undefined, OUTLINE_FLAGS.hasSql) |
    bit(kind !== 'subsegment', OUTLINE_FLAGS.segment) |
    bit((entity.links ?? []).length > 0, OUTLINE_FLAGS.hasLinks) |
    bit(missingParentId !== undefined, OUTLINE_FLAGS.orphan)
  )
}

function bit(isSet: boolean, flag: number): number {
  return isSet ? flag : 0
}

/** A status that is none is not shown as one (spec/ingest §2.5). */
function statusOf({ http }: Entity): number {
  const status = http?.status
  return status !== undefined && Number.isInteger(status) && status >= 100 && status <= 599 ? status : 0
}

function writeService({ name, type, accountId }: ServiceId): OutlineService {
  return { name, ...(type === undefined ? {} : { type }), ...(accountId === undefined ? {} : { account: accountId }) }
}

function linksOf({ links = [] }: Entity, at: number): readonly OutlineLink[] {
  return links.flatMap(({ traceId, id }) =>
    traceId === undefined ? [] : [{ at, traceId, ...(id === undefined ? {} : { id }) }],
  )
}
