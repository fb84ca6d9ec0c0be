import type {
  AnnotationValue,
  Cause,
  Entity,
  Exception,
  Http,
  SegmentDocument,
  SpanLink,
  Sql,
} from '../../model/entity.ts'
import type { EntityId, TraceId } from '../../model/ids.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import * as outline from './outline-fields.ts'

/**
 * The document of an outline that `writeOutline` made: what `readSegmentDocument` makes of the document's text, but for
 * what an outline leaves out. Throws for an outline of another version, and for text that is no outline.
 *
 * Left out are metadata, `service`, `precursorIds`, stacks and the other facts of exceptions but type and message, the
 * members of `sql`, those of `aws` that neither names nodes nor resources, `xForwardedFor` and `contentLength`, links'
 * attributes but X-Ray's own; any namespace that is no call; and objects of which nothing is left. `traced` stands for
 * both of its spellings. Numbers in annotations are doubles, which is what they are searched by.
 */
export function readOutline(text: string): SegmentDocument {
  const parts = JSON.parse(text) as readonly unknown[]
  if (!Array.isArray(parts) || parts[0] !== outline.OUTLINE_VERSION) {
    throw new TypeError(`not an outline of version ${outline.OUTLINE_VERSION}`)
  }
  const from: Reading = { parts, next: 1, base: 0 }
  const bits = numberAt(from)
  const traceId = textAt(from) as TraceId
  const kind = (bits & outline.IS_SUBSEGMENT) === 0 ? 'segment' : 'subsegment'
  const inferred = (bits & outline.IS_INFERRED) !== 0
  if ((bits & outline.HAS_PARENT) === 0) return { kind, traceId, inferred, entity: readEntity(from, true) }
  const parentId = textAt(from) as EntityId
  return { kind, traceId, parentId, inferred, entity: readEntity(from, true) }
}

type Reading = {
  readonly parts: readonly unknown[]
  next: number
  /** What times are counted from, in ticks. */
  base: number
}

// The casts below are the form of an outline: `writeOutline` put these types there, and nobody else writes outlines.

function numberAt(from: Reading): number {
  return from.parts[from.next++] as number
}

function textAt(from: Reading): string {
  return from.parts[from.next++] as string
}

function listAt(from: Reading): readonly unknown[] {
  return from.parts[from.next++] as readonly unknown[]
}

function timeAt(from: Reading): number {
  return outline.timeOf(from.parts[from.next++] as number | string, from.base)
}

/** Members that may be undefined, where the type says that they are absent. */
type Loose<T> = { [Key in keyof T]: T[Key] | undefined }

const NO_SUBSEGMENTS: readonly Entity[] = []
const SOME_SQL: Sql = Object.freeze({})

const SOME_HTTP =
  outline.HAS_STATUS | outline.HAS_METHOD | outline.HAS_URL | outline.HAS_CLIENT_IP | outline.HAS_USER_AGENT

function readEntity(from: Reading, isTop: boolean): Entity {
  const bits = numberAt(from)
  const id = textAt(from) as EntityId
  const name = textAt(from)
  let startTime: number
  if (isTop) {
    startTime = numberAt(from)
    from.base = outline.baseTicks(startTime)
  } else startTime = timeAt(from)
  // Members are read in the order in which they stand, and all entities have all of them, so that they are of one kind
  // to the engine, which makes everything that reads them faster.
  const entity: Loose<Entity> = {
    id,
    name,
    startTime,
    endTime: (bits & outline.IS_OPEN) === 0 ? timeAt(from) : undefined,
    inProgress: (bits & outline.IS_OPEN) !== 0,
    namespace: (bits & outline.CALLS_AWS) !== 0 ? 'aws' : (bits & outline.CALLS_REMOTE) !== 0 ? 'remote' : undefined,
    error: flag(bits & outline.HAS_ERROR, bits & outline.HAS_NO_ERROR),
    throttle: flag(bits & outline.HAS_THROTTLE, bits & outline.HAS_NO_THROTTLE),
    fault: flag(bits & outline.HAS_FAULT, bits & outline.HAS_NO_FAULT),
    http: (bits & SOME_HTTP) === 0 ? undefined : readHttp(bits, from),
    aws: (bits & outline.HAS_AWS) === 0 ? undefined : readAws(from),
    origin: (bits & outline.HAS_ORIGIN) === 0 ? undefined : textAt(from),
    annotations: (bits & outline.HAS_ANNOTATIONS) === 0 ? undefined : readAnnotations(from),
    user: (bits & outline.HAS_USER) === 0 ? undefined : textAt(from),
    cause: (bits & outline.HAS_CAUSE) === 0 ? undefined : readCause(from),
    resourceArn: (bits & outline.HAS_RESOURCE_ARN) === 0 ? undefined : textAt(from),
    links: (bits & outline.HAS_LINKS) === 0 ? undefined : readLinks(from),
    sql: (bits & outline.HAS_SQL) === 0 ? undefined : SOME_SQL,
    traced: (bits & outline.IS_TRACED) === 0 ? undefined : true,
    subsegments: (bits & outline.HAS_SUBSEGMENTS) === 0 ? NO_SUBSEGMENTS : readSubsegments(from),
  }
  // Nobody asks whether a member is there: absent and undefined are the same to the model.
  return entity as Entity
}

function readSubsegments(from: Reading): readonly Entity[] {
  const subsegments: Entity[] = []
  for (let left = numberAt(from); left > 0; left--) subsegments.push(readEntity(from, false))
  return subsegments
}

function flag(yes: number, no: number): boolean | undefined {
  return yes !== 0 ? true : no !== 0 ? false : undefined
}

function readHttp(bits: number, from: Reading): Http {
  const http: Loose<Http> = {
    status: (bits & outline.HAS_STATUS) === 0 ? undefined : numberAt(from),
    method: (bits & outline.HAS_METHOD) === 0 ? undefined : textAt(from),
    url: (bits & outline.HAS_URL) === 0 ? undefined : textAt(from),
    clientIp: (bits & outline.HAS_CLIENT_IP) === 0 ? undefined : textAt(from),
    userAgent: (bits & outline.HAS_USER_AGENT) === 0 ? undefined : textAt(from),
  }
  return http as Http
}

function readAnnotations(from: Reading): ReadonlyMap<string, AnnotationValue> {
  const annotations = new Map<string, AnnotationValue>()
  for (let left = numberAt(from); left > 0; left--) {
    const key = textAt(from)
    annotations.set(key, from.parts[from.next++] as AnnotationValue)
  }
  return annotations
}

/** Only with the members that are there, since some ask for that. All keys are ours. */
function readAws(from: Reading): JsonObject {
  const bits = numberAt(from)
  const aws: Record<string, Json> = {}
  if ((bits & outline.HAS_TABLE_NAME) !== 0) aws['table_name'] = textAt(from)
  if ((bits & outline.HAS_ACCOUNT_ID) !== 0) aws['account_id'] = textAt(from)
  if ((bits & outline.HAS_QUEUE_URL) !== 0) aws['queue_url'] = textAt(from)
  if ((bits & outline.HAS_BUCKET_NAME) !== 0) aws['bucket_name'] = textAt(from)
  if ((bits & outline.HAS_FUNCTION_NAME) !== 0) aws['function_name'] = textAt(from)
  if ((bits & outline.HAS_FUNCTION_ARN) !== 0) aws['function_arn'] = textAt(from)
  if ((bits & outline.HAS_TOPIC_ARN) !== 0) aws['topic_arn'] = textAt(from)
  if ((bits & outline.HAS_ENDPOINT_NAME) !== 0) aws['endpoint_name'] = textAt(from)
  if (bits < outline.HAS_INSTANCE_ID) return aws
  if ((bits & (outline.HAS_INSTANCE_ID | outline.HAS_AVAILABILITY_ZONE)) !== 0) {
    const ec2: Record<string, string> = {}
    if ((bits & outline.HAS_INSTANCE_ID) !== 0) ec2['instance_id'] = textAt(from)
    if ((bits & outline.HAS_AVAILABILITY_ZONE) !== 0) ec2['availability_zone'] = textAt(from)
    aws['ec2'] = ec2
  }
  if ((bits & outline.HAS_CONTAINER_ARN) !== 0) aws['ecs'] = { container_arn: textAt(from) }
  if ((bits & outline.HAS_LOG_ARNS) !== 0) {
    aws['cloudwatch_logs'] = (listAt(from) as readonly string[]).map((arn) => ({ arn }))
  }
  if ((bits & outline.HAS_TABLE_NAMES) !== 0) aws['table_names'] = from.parts[from.next++] as string | readonly string[]
  if ((bits & outline.HAS_RESOURCE_NAMES) !== 0) aws['resource_names'] = listAt(from) as readonly string[]
  return aws
}

function readCause(from: Reading): Cause {
  const part = from.parts[from.next++] as string | readonly string[]
  if (typeof part === 'string') return { kind: 'reference', id: part }
  const exceptions: Exception[] = []
  for (let at = 1; at < part.length; at += 3) {
    const exception: Loose<Exception> = {
      id: textOr(part[at]),
      type: textOr(part[at + 1]),
      message: textOr(part[at + 2]),
    }
    exceptions.push(exception as Exception)
  }
  const id = textOr(part[0])
  return id === undefined ? { kind: 'exceptions', exceptions } : { kind: 'exceptions', id, exceptions }
}

function textOr(text: string | undefined): string | undefined {
  return text === '' ? undefined : text
}

function readLinks(from: Reading): readonly SpanLink[] {
  const list = listAt(from)
  const links: SpanLink[] = []
  for (let at = 0; at < list.length; at += 3) {
    const link: Loose<SpanLink> = {
      traceId: textOr(list[at] as string),
      id: textOr(list[at + 1] as string),
      attributes: attributesOf(list[at + 2] as readonly (string | AnnotationValue)[]),
    }
    links.push(link as SpanLink)
  }
  return links
}

/** Every key begins with X-Ray's prefix, so that none is dangerous. */
function attributesOf(list: readonly (string | AnnotationValue)[]): JsonObject | undefined {
  if (list.length === 0) return undefined
  const attributes: Record<string, Json> = {}
  for (let at = 0; at < list.length; at += 2) attributes[String(list[at])] = list[at + 1] ?? null
  return attributes
}
