import { readTraceId } from '../../model/ids.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import { booleanOf, isList, looseTextOf, numberOf, objectOf, objectsOf, textOf } from './fields.ts'
import * as outline from './outline-fields.ts'
import type { OutlinePart } from './outline-fields.ts'
import { canonicalId } from './read-cause.ts'

// Each function adds one part of an entity to its outline, and answers the bits of what there was to add.

/** Adds a text, if there is one. */
export function writeText(text: string | undefined, bit: number, parts: OutlinePart[]): number {
  if (text === undefined) return 0
  parts.push(text)
  return bit
}

/** What filters ask of a request and its response, and `traced`. */
export function writeOutlineHttp(http: JsonObject, parts: OutlinePart[]): number {
  const status = numberOf(objectOf(http['response'])?.['status'])
  if (status !== undefined) parts.push(status)
  const bits = status === undefined ? 0 : outline.HAS_STATUS
  const request = objectOf(http['request'])
  return request === undefined ? bits : bits | writeRequest(request, parts)
}

function writeRequest(request: JsonObject, parts: OutlinePart[]): number {
  let isTraced: boolean | undefined
  let method: string | undefined
  let url: string | undefined
  let clientIp: string | undefined
  let userAgent: string | undefined
  for (const key in request) {
    const value = request[key]
    if (key === 'method') method = looseTextOf(value)
    else if (key === 'url') url = looseTextOf(value)
    else if (key === 'client_ip') clientIp = looseTextOf(value)
    else if (key === 'user_agent') userAgent = looseTextOf(value)
    else if (key === 'traced') isTraced = booleanOf(value)
  }
  return (
    writeText(method, outline.HAS_METHOD, parts) |
    writeText(url, outline.HAS_URL, parts) |
    writeText(clientIp, outline.HAS_CLIENT_IP, parts) |
    writeText(userAgent, outline.HAS_USER_AGENT, parts) |
    (isTraced === true ? outline.IS_TRACED : 0)
  )
}

/** The annotations that X-Ray indexes: their number, then key, value, key, value (spec/ingest §2.10). */
export function writeOutlineAnnotations(annotations: JsonObject, parts: OutlinePart[]): number {
  const place = parts.length
  let count = 0
  // All keys of parsed JSON are its own.
  for (const key in annotations) {
    const value = annotations[key]
    const isScalar = typeof value === 'string' || typeof value === 'boolean' || isFinite(value)
    if (!isScalar || !isAnnotationKey(key)) continue
    if (count === 0) parts.push(0)
    count++
    parts.push(key, value)
  }
  if (count === 0) return 0
  parts[place] = count
  return outline.HAS_ANNOTATIONS
}

const MAX_KEY_CHARACTERS = 500
const KEY_CHARACTER = /[A-Za-z0-9_.]/

/** One entry per ASCII code: 1 where a key may hold it. */
const KEY_ASCII = Uint8Array.from({ length: 128 }, (_, code) => (KEY_CHARACTER.test(String.fromCharCode(code)) ? 1 : 0))

/** The rule of `readEntity`, without a regular expression, which takes three times as long (spec/ingest §2.10). */
function isAnnotationKey(key: string): boolean {
  const start = key.startsWith('aws:') ? 4 : 0
  const length = key.length - start
  if (length === 0 || length > MAX_KEY_CHARACTERS) return false
  for (let at = start; at < key.length; at++) if (KEY_ASCII[key.charCodeAt(at)] !== 1) return false
  return true
}

function isFinite(value: Json | undefined): value is number {
  return Number.isFinite(value)
}

/** The members of `aws` that summaries, nodes and filters read: their bits, then the members. */
export function writeOutlineAws(aws: JsonObject, parts: OutlinePart[]): number {
  const place = parts.length
  parts.push(0)
  let bits = 0
  // In the order of the bits, whatever the order of the document.
  let table: string | undefined
  let account: string | undefined
  let queue: string | undefined
  let bucket: string | undefined
  let calledName: string | undefined
  let ownArn: string | undefined
  let topic: string | undefined
  let endpoint: string | undefined
  let ec2: JsonObject | undefined
  let ecs: JsonObject | undefined
  let logs: Json | undefined
  let tables: Json | undefined
  let names: Json | undefined
  for (const key in aws) {
    const value = aws[key]
    if (key === 'table_name') table = looseTextOf(value)
    else if (key === 'account_id') account = looseTextOf(value)
    else if (key === 'queue_url') queue = looseTextOf(value)
    else if (key === 'bucket_name') bucket = freeTextOf(value)
    else if (key === 'function_name') calledName = freeTextOf(value)
    else if (key === 'function_arn') ownArn = freeTextOf(value)
    else if (key === 'topic_arn') topic = freeTextOf(value)
    else if (key === 'endpoint_name') endpoint = freeTextOf(value)
    else if (key === 'ec2') ec2 = objectOf(value)
    else if (key === 'ecs') ecs = objectOf(value)
    else if (key === 'cloudwatch_logs') logs = value
    else if (key === 'table_names') tables = value
    else if (key === 'resource_names') names = value
  }
  bits |= writeText(table, outline.HAS_TABLE_NAME, parts)
  bits |= writeText(account, outline.HAS_ACCOUNT_ID, parts)
  bits |= writeText(queue, outline.HAS_QUEUE_URL, parts)
  bits |= writeText(bucket, outline.HAS_BUCKET_NAME, parts)
  bits |= writeText(calledName, outline.HAS_FUNCTION_NAME, parts)
  bits |= writeText(ownArn, outline.HAS_FUNCTION_ARN, parts)
  bits |= writeText(topic, outline.HAS_TOPIC_ARN, parts)
  bits |= writeText(endpoint, outline.HAS_ENDPOINT_NAME, parts)
  if (ec2 !== undefined) {
    bits |= writeText(looseTextOf(ec2['instance_id']), outline.HAS_INSTANCE_ID, parts)
    bits |= writeText(looseTextOf(ec2['availability_zone']), outline.HAS_AVAILABILITY_ZONE, parts)
  }
  if (ecs !== undefined) bits |= writeText(looseTextOf(ecs['container_arn']), outline.HAS_CONTAINER_ARN, parts)
  if (logs !== undefined) bits |= writeTexts(objectsOf(logs)?.map(arnOf), outline.HAS_LOG_ARNS, parts)
  if (isList(tables)) bits |= writeTexts(tables, outline.HAS_TABLE_NAMES, parts)
  else if (tables !== undefined) bits |= writeText(freeTextOf(tables), outline.HAS_TABLE_NAMES, parts)
  if (isList(names)) bits |= writeTexts(names, outline.HAS_RESOURCE_NAMES, parts)
  if (bits === 0) {
    parts.pop()
    return 0
  }
  parts[place] = bits
  return outline.HAS_AWS
}

/** Whatever in a list is no text is not read by anybody. */
function writeTexts(list: readonly (Json | undefined)[] | undefined, bit: number, parts: OutlinePart[]): number {
  const texts = list?.filter((text) => typeof text === 'string' && text !== '') as string[] | undefined
  if (texts === undefined || texts.length === 0) return 0
  parts.push(texts)
  return bit
}

/** Of a free-form member, what `textAt` would read there. */
function freeTextOf(value: Json | undefined): string | undefined {
  return typeof value === 'boolean' ? undefined : looseTextOf(value)
}

function arnOf(logs: JsonObject): string | undefined {
  return freeTextOf(logs['arn'])
}

/**
 * A reference as its text; exceptions as a list: the id of the object that holds them or an empty text, then id, type
 * and message of each, an empty text for each that is absent (spec/ingest §2.9).
 */
export function writeOutlineCause(cause: Json, parts: OutlinePart[]): number {
  const reference = canonicalId(cause)
  if (reference !== undefined) {
    parts.push(reference)
    return outline.HAS_CAUSE
  }
  const fields = objectOf(cause)
  if (fields === undefined) return 0
  const id = canonicalId(fields['id'])
  const exceptions = objectsOf(fields['exceptions'])
  if (id === undefined && (exceptions === undefined || exceptions.length === 0)) return 0
  const list: string[] = [id ?? '']
  if (exceptions !== undefined) {
    for (const exception of exceptions) {
      list.push(
        canonicalId(exception['id']) ?? '',
        looseTextOf(exception['type']) ?? '',
        looseTextOf(exception['message']) ?? '',
      )
    }
  }
  parts.push(list)
  return outline.HAS_CAUSE
}

/**
 * A list with trace id and id of each link, an empty text for what is absent, and a list of its attributes: key, value,
 * key, value.
 */
export function writeOutlineLinks(links: readonly JsonObject[] | undefined, parts: OutlinePart[]): number {
  if (links === undefined || links.length === 0) return 0
  const list: OutlinePart[] = []
  for (let at = 0; at < links.length && at < outline.MAX_LINKS; at++) {
    const link = links[at] ?? {}
    const traceId = textOf(link['trace_id'])
    list.push(
      traceId === undefined ? '' : (readTraceId(traceId) ?? traceId),
      canonicalId(link['id']) ?? '',
      attributesOf(objectOf(link['attributes'])),
    )
  }
  parts.push(list)
  return outline.HAS_LINKS
}

function attributesOf(attributes: JsonObject | undefined): readonly OutlinePart[] {
  const list: OutlinePart[] = []
  for (const key in attributes) {
    if (!key.startsWith(outline.LINK_ATTRIBUTE_PREFIX)) continue
    const value = attributes[key]
    if (typeof value === 'string' || typeof value === 'boolean' || isFinite(value)) list.push(key, value)
  }
  return list
}
