import type { AnnotationValue, Cause, Entity, Exception, Http, SpanLink } from '../../model/entity.ts'
import { readTraceId } from '../../model/ids.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import { isAnnotation } from './annotation-key.ts'
import { booleanOf, isList, looseTextOf, numberOf, objectOf, objectsOf, textOf } from './fields.ts'
import { canonicalId } from './read-cause.ts'

// The parts of an entity as `readOutline` keeps them. Each is undefined when nothing of it is left.

/** Members that may be undefined, where the type says that they are absent. */
type Loose<T> = { -readonly [Key in keyof T]: T[Key] | undefined }

/** What filters ask of a request and its response; `traced` goes to the entity. */
export function outlineHttp(value: Json | undefined, entity: Pick<Loose<Entity>, 'traced'>): Http | undefined {
  const fields = objectOf(value)
  if (fields === undefined) return undefined
  const http: Loose<Http> = {
    status: numberOf(objectOf(fields['response'])?.['status']),
    method: undefined,
    url: undefined,
    clientIp: undefined,
    userAgent: undefined,
  }
  let isAny = http.status !== undefined
  const request = objectOf(fields['request'])
  for (const key in request) {
    const member = request[key]
    if (key === 'traced') {
      if (booleanOf(member) === true) entity.traced = true
      continue
    }
    const text = looseTextOf(member)
    if (text === undefined) continue
    if (key === 'method') http.method = text
    else if (key === 'url') http.url = text
    else if (key === 'client_ip') http.clientIp = text
    else if (key === 'user_agent') http.userAgent = text
    else continue
    isAny = true
  }
  // Absent and undefined are the same to the model.
  return isAny ? (http as Http) : undefined
}

/** The annotations that X-Ray indexes (spec/ingest §2.10). */
export function outlineAnnotations(fields: JsonObject | undefined): ReadonlyMap<string, AnnotationValue> | undefined {
  let annotations: Map<string, AnnotationValue> | undefined
  // All keys of parsed JSON are its own.
  for (const key in fields) {
    const value = fields[key]
    if (isAnnotation(key, value)) (annotations ??= new Map<string, AnnotationValue>()).set(key, value)
  }
  return annotations
}

const DOCUMENTED_TEXTS: ReadonlySet<string> = new Set(['table_name', 'account_id', 'queue_url'])
const FREE_TEXTS: ReadonlySet<string> = new Set([
  'bucket_name',
  'function_name',
  'function_arn',
  'topic_arn',
  'endpoint_name',
])

/** The members of `aws` that summaries, nodes and filters read; only those that are there, since some ask for that. */
export function outlineAws(fields: JsonObject | undefined): JsonObject | undefined {
  let aws: Record<string, Json> | undefined
  for (const key in fields) {
    const kept = awsMember(key, fields[key])
    // Every key that is kept is one of ours, so that none is dangerous.
    if (kept !== undefined) (aws ??= {})[key] = kept
  }
  return aws
}

function awsMember(key: string, value: Json | undefined): Json | undefined {
  if (DOCUMENTED_TEXTS.has(key)) return looseTextOf(value)
  if (FREE_TEXTS.has(key)) return freeTextOf(value)
  switch (key) {
    case 'ec2':
      return textsIn(objectOf(value), 'instance_id', 'availability_zone')
    case 'ecs':
      return textsIn(objectOf(value), 'container_arn')
    case 'cloudwatch_logs': {
      const logs = objectsOf(value)?.flatMap((group) => {
        const arn = freeTextOf(group['arn'])
        return arn === undefined ? [] : [{ arn }]
      })
      return logs === undefined || logs.length === 0 ? undefined : logs
    }
    case 'table_names':
      return isList(value) ? textsOfList(value) : freeTextOf(value)
    case 'resource_names':
      return isList(value) ? textsOfList(value) : undefined
    default:
      return undefined
  }
}

function textsIn(fields: JsonObject | undefined, ...keys: readonly string[]): JsonObject | undefined {
  if (fields === undefined) return undefined
  let part: Record<string, Json> | undefined
  for (const key of keys) {
    const text = looseTextOf(fields[key])
    if (text !== undefined) (part ??= {})[key] = text
  }
  return part
}

/** Whatever in a list is no text is not read by anybody. */
function textsOfList(list: readonly Json[]): readonly string[] | undefined {
  const texts = list.filter((text): text is string => typeof text === 'string' && text !== '')
  return texts.length === 0 ? undefined : texts
}

/** Of a free-form member, what `textAt` would read there. */
function freeTextOf(value: Json | undefined): string | undefined {
  return typeof value === 'boolean' ? undefined : looseTextOf(value)
}

/** A reference; or the exceptions, of each its id, type and message (spec/ingest §2.9). */
export function outlineCause(value: Json | undefined): Cause | undefined {
  const reference = canonicalId(value)
  if (reference !== undefined) return { kind: 'reference', id: reference }
  const fields = objectOf(value)
  if (fields === undefined) return undefined
  const id = canonicalId(fields['id'])
  const exceptions = (objectsOf(fields['exceptions']) ?? []).map((exception): Exception => {
    const outline: Loose<Exception> = {
      id: canonicalId(exception['id']),
      type: looseTextOf(exception['type']),
      message: looseTextOf(exception['message']),
    }
    return outline as Exception
  })
  if (id !== undefined) return { kind: 'exceptions', id, exceptions }
  return exceptions.length === 0 ? undefined : { kind: 'exceptions', exceptions }
}

/** Links of one entity; more are dropped, as `readEntity` does (spec/ingest §1.7). */
const MAX_LINKS = 20
/** The attributes of links that are kept begin with this (spec/ingest §2.4 `links`). */
const LINK_ATTRIBUTE_PREFIX = 'aws.xray.reserved.'

/** Trace id, id and X-Ray's own attributes of each link. */
export function outlineLinks(value: Json | undefined): readonly SpanLink[] | undefined {
  const links = objectsOf(value)
  if (links === undefined || links.length === 0) return undefined
  return links.slice(0, MAX_LINKS).map((fields): SpanLink => {
    const traceId = textOf(fields['trace_id'])
    const link: Loose<SpanLink> = {
      traceId: traceId === undefined ? undefined : (readTraceId(traceId) ?? traceId),
      id: canonicalId(fields['id']),
      attributes: linkAttributes(objectOf(fields['attributes'])),
    }
    return link as SpanLink
  })
}

/** Every key begins with X-Ray's prefix, so that none is dangerous. */
function linkAttributes(fields: JsonObject | undefined): JsonObject | undefined {
  let attributes: Record<string, Json> | undefined
  for (const key in fields) {
    if (!key.startsWith(LINK_ATTRIBUTE_PREFIX)) continue
    const value = fields[key]
    const isScalar = typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)
    if (isScalar && value !== undefined) (attributes ??= {})[key] = value
  }
  return attributes
}
