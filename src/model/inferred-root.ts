import { sha256 } from '@noble/hashes/sha2.js'
import type { Cause, Entity } from './entity.ts'
import type { EntityId, TraceId } from './ids.ts'
import type { InferredSegment } from './infer-segments.ts'
import { withResourceNames } from './resource-names.ts'

/** An inferred segment as it is returned: like a downstream segment of the call. */
export type InferredRoot = { readonly kind: 'inferred'; readonly parentId: EntityId; readonly entity: Entity }

/**
 * The document of an inferred segment (spec/ingest §3.5). It claims no more of the called service than the call tells:
 * of its exceptions only those that came from there, and no type where nothing but the host is known.
 */
export function inferredRoot(traceId: TraceId, { call, node }: InferredSegment): InferredRoot {
  const { entity } = call
  const { name, startTime, endTime, inProgress, http, error, throttle, fault, sql } = entity
  const aws = withResourceNames(entity, 'subsegment')
  const cause = remoteCause(entity.cause)
  return {
    kind: 'inferred',
    parentId: entity.id,
    entity: {
      id: inferredId(traceId, entity.id),
      name,
      startTime,
      inProgress,
      ...(endTime === undefined ? {} : { endTime }),
      ...(http === undefined ? {} : { http }),
      ...(aws === undefined ? {} : { aws }),
      ...(node.type === undefined || node.type === 'remote' ? {} : { origin: node.type }),
      ...(error === undefined ? {} : { error }),
      ...(throttle === undefined ? {} : { throttle }),
      ...(fault === undefined ? {} : { fault }),
      ...(cause === undefined ? {} : { cause }),
      ...(sql === undefined ? {} : { sql }),
      subsegments: [],
    },
  }
}

function remoteCause(cause: Cause | undefined): Cause | undefined {
  if (cause?.kind !== 'exceptions') return undefined
  const exceptions = (cause.exceptions ?? []).filter(({ remote }) => remote === true)
  return exceptions.length === 0 ? undefined : { kind: 'exceptions', exceptions }
}

/** The first 16 hex digits of SHA-256 of the two ids: the same at every reading, unlike any id that was sent. */
function inferredId(traceId: TraceId, callId: EntityId): EntityId {
  const text = `${traceId}:${callId}`
  // Ids are ASCII, so that a character is a byte.
  const bytes = new Uint8Array(text.length)
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at)
  let digits = ''
  for (const byte of sha256(bytes).subarray(0, 8)) digits += byte.toString(16).padStart(2, '0')
  // Sixteen hex digits are what makes an id.
  return digits as EntityId
}
