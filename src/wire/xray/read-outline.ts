import type { AnnotationValue, Cause, Entity, Exception, Http, SegmentDocument } from '../../model/entity.ts'
import { readEntityId, readTraceId } from '../../model/ids.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import { booleanOf, endOf, isSubsegment, looseTextOf, numberOf, objectOf, objectsOf, textOf } from './fields.ts'
import { readAws } from './read-aws.ts'
import { canonicalId } from './read-cause.ts'
import { embeddedIn, idOf, nameOf, readAnnotations, readLinks, required, startOf } from './read-entity.ts'
import { repeatedEntities } from './repeated-entities.ts'

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }

/** The members of `aws` that name a service, an account or a resource. */
const AWS_MEMBERS = [
  'account_id',
  'region',
  'operation',
  'table_name',
  'table_names',
  'queue_url',
  'bucket_name',
  'function_name',
  'function_arn',
  'topic_arn',
  'endpoint_name',
  'resource_names',
  'ec2',
  'ecs',
  'cloudwatch_logs',
] as const

const NO_SUBSEGMENTS: readonly Entity[] = []
const NOTHING_OMITTED: ReadonlySet<JsonObject> = new Set()

/**
 * The tree of an accepted document as far as summaries go (`IncomingDocument.outline`). The hot path of ingest, so it
 * fills objects step by step, and leaves out what would only be kept to be thrown away.
 */
export function readOutline(document: JsonObject): SegmentDocument {
  const outline: Mutable<SegmentDocument> = {
    kind: isSubsegment(document) ? 'subsegment' : 'segment',
    traceId: required(readTraceId(textOf(document['trace_id']) ?? ''), 'trace_id'),
    inferred: booleanOf(document['inferred']) === true,
    entity: outlineOf(document, hasRepetitions(document) ? repeatedEntities(document) : NOTHING_OMITTED),
  }
  const parentId = readEntityId(textOf(document['parent_id']) ?? '')
  if (parentId !== undefined) outline.parentId = parentId
  return outline
}

/** Whether any id stands twice among the subsegments, or in the document at all. */
function hasRepetitions(document: JsonObject): boolean {
  const seen = new Set<string>()
  const waiting = [document]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const id = idOf(next)
    if (seen.has(id)) return true
    seen.add(id)
    if (next['subsegments'] !== undefined) waiting.push(...embeddedIn(next))
  }
  return false
}

/** Recursive: an accepted document nests 256 levels at most. */
function outlineOf(fields: JsonObject, omitted: ReadonlySet<JsonObject>): Entity {
  const end = endOf(fields)
  const entity: Mutable<Entity> = {
    id: idOf(fields),
    name: nameOf(fields),
    startTime: startOf(fields),
    inProgress: end === 'open',
    subsegments: fields['subsegments'] === undefined ? NO_SUBSEGMENTS : outlinesIn(fields, omitted),
  }
  if (typeof end === 'number') entity.endTime = end
  for (const flag of ['error', 'throttle', 'fault', 'traced'] as const) {
    const value = fields[flag] === undefined ? undefined : booleanOf(fields[flag])
    if (value !== undefined) entity[flag] = value
  }
  for (const name of ['namespace', 'user', 'origin'] as const) {
    const value = fields[name] === undefined ? undefined : looseTextOf(fields[name])
    if (value !== undefined) entity[name] = value
  }
  const resourceArn = looseTextOf(fields['resource_arn'])
  if (resourceArn !== undefined) entity.resourceArn = resourceArn
  const http = objectOf(fields['http'])
  if (http !== undefined) entity.http = httpOf(http)
  const aws = objectOf(fields['aws'])
  if (aws !== undefined) entity.aws = awsOf(aws)
  const cause = fields['cause'] === undefined ? undefined : causeOf(fields['cause'])
  if (cause !== undefined) entity.cause = cause
  const annotations = objectOf(fields['annotations'])
  if (annotations !== undefined) entity.annotations = readAnnotations(annotations) as Map<string, AnnotationValue>
  if (objectOf(fields['sql']) !== undefined) entity.sql = {}
  const links = fields['links'] === undefined ? undefined : readLinks(fields['links'])
  if (links !== undefined) entity.links = links
  return entity
}

function outlinesIn(fields: JsonObject, omitted: ReadonlySet<JsonObject>): readonly Entity[] {
  const outlines: Entity[] = []
  for (const subsegment of embeddedIn(fields)) {
    if (!omitted.has(subsegment)) outlines.push(outlineOf(subsegment, omitted))
  }
  return outlines
}

function httpOf(http: JsonObject): Http {
  const outline: Mutable<Http> = {}
  const request = objectOf(http['request'])
  if (request !== undefined) {
    const method = looseTextOf(request['method'])
    if (method !== undefined) outline.method = method
    const url = looseTextOf(request['url'])
    if (url !== undefined) outline.url = url
    const userAgent = looseTextOf(request['user_agent'])
    if (userAgent !== undefined) outline.userAgent = userAgent
    const clientIp = looseTextOf(request['client_ip'])
    if (clientIp !== undefined) outline.clientIp = clientIp
    const traced = booleanOf(request['traced'])
    if (traced !== undefined) outline.traced = traced
  }
  const status = numberOf(objectOf(http['response'])?.['status'])
  if (status !== undefined) outline.status = status
  return outline
}

function awsOf(aws: JsonObject): JsonObject {
  const picked: Record<string, Json> = {}
  for (const name of AWS_MEMBERS) {
    const value = aws[name]
    if (value !== undefined) picked[name] = value
  }
  return readAws(picked) ?? {}
}

function causeOf(value: Json): Cause | undefined {
  const reference = canonicalId(value)
  if (reference !== undefined) return { kind: 'reference', id: reference }
  const fields = objectOf(value)
  if (fields === undefined) return undefined
  const cause: Mutable<Extract<Cause, { kind: 'exceptions' }>> = { kind: 'exceptions' }
  const id = canonicalId(fields['id'])
  if (id !== undefined) cause.id = id
  const message = looseTextOf(fields['message'])
  if (message !== undefined) cause.message = message
  const exceptions = objectsOf(fields['exceptions'])?.map(exceptionOf)
  if (exceptions !== undefined) cause.exceptions = exceptions
  return cause
}

function exceptionOf(fields: JsonObject): Exception {
  const exception: Mutable<Exception> = {}
  for (const name of ['id', 'cause'] as const) {
    const value = canonicalId(fields[name])
    if (value !== undefined) exception[name] = value
  }
  for (const name of ['message', 'type'] as const) {
    const value = looseTextOf(fields[name])
    if (value !== undefined) exception[name] = value
  }
  const remote = booleanOf(fields['remote'])
  if (remote !== undefined) exception.remote = remote
  return exception
}
