import type { AnnotationValue, Entity, Http, SpanLink, Sql } from '../../model/entity.ts'
import { readEntityId, readTraceId } from '../../model/ids.ts'
import type { EntityId } from '../../model/ids.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import { isAnnotation } from './annotation-key.ts'
import { legalName } from './entity-name.ts'
import {
  booleanOf,
  endOf,
  listOf,
  looseTextOf,
  numberOf,
  objectOf,
  objectsIn,
  objectsOf,
  present,
  textOf,
} from './fields.ts'
import { freeFormObject } from './free-form.ts'
import { readAws } from './read-aws.ts'
import { canonicalId, readCause } from './read-cause.ts'

/** Links of one entity; more are dropped (spec/ingest §1.7). */
const MAX_LINKS = 20

/**
 * The tree of one entity: normalised, and without what the schema does not know (spec/ingest §2). `omitted` holds the
 * embedded subsegments to leave out, with all they contain. The entity MUST have passed the reader's checks, so its
 * depth is bounded and recursion is safe; otherwise this throws.
 */
export function readEntity(fields: JsonObject, omitted: ReadonlySet<JsonObject>): Entity {
  const end = endOf(fields)
  return present<Entity>({
    id: idOf(fields),
    name: nameOf(fields),
    startTime: startOf(fields),
    endTime: typeof end === 'number' ? end : undefined,
    inProgress: end === 'open',
    namespace: looseTextOf(fields['namespace']),
    error: booleanOf(fields['error']),
    throttle: booleanOf(fields['throttle']),
    fault: booleanOf(fields['fault']),
    http: readHttp(objectOf(fields['http'])),
    aws: readAws(fields['aws']),
    cause: readCause(fields['cause']),
    annotations: readAnnotations(objectOf(fields['annotations'])),
    metadata: readMetadata(objectOf(fields['metadata'])),
    sql: readSql(objectOf(fields['sql'])),
    precursorIds: listOf(fields['precursor_ids'])?.flatMap((id) => canonicalId(id) ?? []),
    traced: booleanOf(fields['traced']),
    links: readLinks(fields['links']),
    user: looseTextOf(fields['user']),
    origin: looseTextOf(fields['origin']),
    resourceArn: looseTextOf(fields['resource_arn']),
    service: readService(fields['service']),
    subsegments: embeddedIn(fields)
      .filter((subsegment) => !omitted.has(subsegment))
      .map((subsegment) => readEntity(subsegment, omitted)),
  })
}

/** The embedded subsegments of an entity, without nulls and other things that are none. */
export function embeddedIn(fields: JsonObject): readonly JsonObject[] {
  return objectsIn(fields['subsegments']) ?? []
}

/** The id of an entity that was accepted. */
export function idOf(fields: JsonObject): EntityId {
  return required(readEntityId(textOf(fields['id']) ?? ''), 'id')
}

/**
 * The name as `--names sanitize` repairs it. A document accepted under `reject` has no name to repair, so what is
 * stored reads the same whatever the setting is now.
 */
function nameOf(fields: JsonObject): string {
  return legalName(required(textOf(fields['name']), 'name'))
}

/** The start of an entity that was accepted, in epoch seconds. */
function startOf(fields: JsonObject): number {
  return required(numberOf(fields['start_time']), 'start_time')
}

/** For what acceptance promised. A failure here is a mistake of ours, not of the client. */
export function required<T>(value: T | undefined, field: string): T {
  if (value === undefined) throw new TypeError(`A stored document has no valid ${field}`)
  return value
}

function readHttp(http: JsonObject | undefined): Http | undefined {
  if (http === undefined) return undefined
  const request = objectOf(http['request'])
  const response = objectOf(http['response'])
  return present<Http>({
    method: looseTextOf(request?.['method']),
    url: looseTextOf(request?.['url']),
    userAgent: looseTextOf(request?.['user_agent']),
    clientIp: looseTextOf(request?.['client_ip']),
    xForwardedFor: forwardedOf(request?.['x_forwarded_for']),
    traced: booleanOf(request?.['traced']),
    status: numberOf(response?.['status']),
    contentLength: numberOf(response?.['content_length']),
  })
}

/** Some write the header's value where the schema wants to know whether there was one (spec/ingest §2.5). */
function forwardedOf(value: Json | undefined): boolean | undefined {
  return booleanOf(value) ?? (textOf(value) === undefined ? undefined : true)
}

/** The annotations that X-Ray indexes: scalars under legal keys (spec/ingest §2.10). */
function readAnnotations(fields: JsonObject | undefined): ReadonlyMap<string, AnnotationValue> | undefined {
  if (fields === undefined) return undefined
  const annotations = new Map<string, AnnotationValue>()
  for (const [key, value] of Object.entries(fields)) {
    if (isAnnotation(key, value)) annotations.set(key, value)
  }
  return annotations
}

function readMetadata(fields: JsonObject | undefined): ReadonlyMap<string, Json> | undefined {
  return fields === undefined ? undefined : new Map(Object.entries(freeFormObject(fields, 'keep')))
}

function readFreeForm(value: Json | undefined): JsonObject | undefined {
  const fields = objectOf(value)
  return fields === undefined ? undefined : freeFormObject(fields, 'drop')
}

/** Open but for `name`, which Node adds and AWS takes away (spec/ingest §2.0 rule 7). `version` is a text field. */
function readService(value: Json | undefined): JsonObject | undefined {
  const sent = objectOf(value)
  if (sent === undefined) return undefined
  const service = freeFormObject(sent, 'drop')
  delete service['name']
  const version = looseTextOf(service['version'])
  if (version === undefined) delete service['version']
  else service['version'] = version
  return service
}

function readSql(fields: JsonObject | undefined): Sql | undefined {
  if (fields === undefined) return undefined
  return present<Sql>({
    connectionString: looseTextOf(fields['connection_string']),
    url: looseTextOf(fields['url']),
    sanitizedQuery: looseTextOf(fields['sanitized_query']),
    databaseType: looseTextOf(fields['database_type']),
    databaseVersion: looseTextOf(fields['database_version']),
    driverVersion: looseTextOf(fields['driver_version']),
    user: looseTextOf(fields['user']),
    preparation: looseTextOf(fields['preparation']),
  })
}

/** The links of one entity, no more than are allowed (spec/ingest §1.7, §2.4). */
function readLinks(value: Json | undefined): readonly SpanLink[] | undefined {
  return objectsOf(value)?.slice(0, MAX_LINKS).map(readLink)
}

function readLink(fields: JsonObject): SpanLink {
  const traceId = textOf(fields['trace_id'])
  return present<SpanLink>({
    traceId: traceId === undefined ? undefined : (readTraceId(traceId) ?? traceId),
    id: canonicalId(fields['id']),
    attributes: readFreeForm(fields['attributes']),
  })
}
