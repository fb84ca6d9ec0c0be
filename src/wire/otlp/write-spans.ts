import type { Entity, Exception } from '../../model/entity.ts'
import { effectiveFlags } from '../../model/effective-flags.ts'
import type { EntityId, TraceId } from '../../model/ids.ts'
import type { ProcessedDocument } from '../../model/processed-documents.ts'
import { RawNumber } from '../../model/raw-number.ts'
import { jsonText, type Printable } from '../xray/json-text.ts'

/** One span of a retrieved trace: its id and the text that stands for it. */
export type SpanText = { readonly id: string; readonly document: string }

type Members = { readonly [name: string]: Printable }

/** The model's bound on the text of a span, in characters. */
const MAX_SPAN_CHARS = 204_800

/**
 * A segment and each of its subsegments as OpenTelemetry spans, parents first: one JSON text a span, with its resource
 * and scope, in the style of the log records of Transaction Search (spec/interop §1.15). Attributes are those of the
 * collector's X-Ray receiver. Of a span that is too long, metadata is left out. Not recursive.
 */
export function* writeSpans(traceId: TraceId, document: ProcessedDocument): Generator<SpanText> {
  const resource = { attributes: resourceAttributes(document.entity) }
  const waiting: { readonly entity: Entity; readonly parentId: EntityId | undefined }[] = [
    { entity: document.entity, parentId: document.parentId },
  ]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { entity, parentId } = next
    for (const child of entity.subsegments.toReversed()) waiting.push({ entity: child, parentId: entity.id })
    const isSegment = entity === document.entity && document.kind !== 'orphan'
    const whole = jsonText(writeSpan(traceId, entity, parentId, isSegment, resource))
    const { metadata: _, ...rest } = entity
    const text =
      whole.length <= MAX_SPAN_CHARS ? whole : jsonText(writeSpan(traceId, rest, parentId, isSegment, resource))
    if (text.length <= MAX_SPAN_CHARS) yield { id: entity.id, document: text }
  }
}

function writeSpan(
  traceId: TraceId,
  entity: Entity,
  parentId: EntityId | undefined,
  isSegment: boolean,
  resource: Members,
): Members {
  const start = microseconds(entity.startTime)
  const end = entity.endTime === undefined ? undefined : microseconds(entity.endTime)
  const { fault, error } = effectiveFlags(entity)
  return {
    resource,
    scope: { name: 'radiograph', version: '' },
    traceId: traceId.slice(2, 10) + traceId.slice(11),
    spanId: entity.id,
    parentSpanId: parentId,
    flags: 1,
    name: entity.name,
    kind: kindOf(entity, isSegment),
    startTimeUnixNano: nanoseconds(start),
    endTimeUnixNano: end === undefined ? undefined : nanoseconds(end),
    durationNano: end === undefined ? undefined : nanoseconds(end > start ? end - start : 0n),
    attributes: spanAttributes(entity),
    events: exceptionsOf(entity).map((exception) => writeEvent(exception, end ?? start)),
    links: (entity.links ?? []).map(({ traceId: linked, id, attributes }) => ({
      traceId: linked?.replaceAll('-', '').replace(/^1(?=[0-9a-f]{32}$)/i, ''),
      spanId: id,
      attributes,
    })),
    status: { code: fault || error || entity.cause !== undefined ? 'ERROR' : 'UNSET', message: messageOf(entity) },
  }
}

function kindOf({ namespace }: Entity, isSegment: boolean): string {
  if (isSegment) return 'SERVER'
  return namespace === 'aws' || namespace === 'remote' ? 'CLIENT' : 'INTERNAL'
}

function resourceAttributes({ name, aws, origin, resourceArn, service }: Entity): Members {
  return {
    'service.name': name,
    'service.version': service?.['version'],
    'cloud.provider': aws === undefined ? 'unknown' : 'aws',
    'cloud.account.id': aws?.['account_id'],
    'cloud.region': aws?.['region'],
    'aws.xray.origin': origin,
    'aws.xray.resource_arn': resourceArn,
  }
}

const AWS_FIELDS = ['account_id', 'operation', 'region', 'request_id', 'queue_url', 'table_name'] as const

/** A Map, since annotations may have any name; what the span says itself wins over them. */
function spanAttributes(entity: Entity): Printable {
  const { http, aws, sql, user, namespace, traced, inProgress, annotations, metadata } = entity
  const attributes = new Map<string, Printable>(annotations ?? [])
  if (annotations !== undefined && annotations.size > 0) attributes.set('aws.xray.annotations', [...annotations.keys()])
  for (const [key, value] of metadata ?? []) attributes.set(`aws.xray.metadata.${key}`, jsonText(value))
  const own: readonly (readonly [string, Printable])[] = [
    ['http.method', http?.method],
    ['http.url', http?.url],
    ['http.user_agent', http?.userAgent],
    ['http.client_ip', http?.clientIp],
    ['http.status_code', http?.status],
    ['http.response_content_length', http?.contentLength],
    ['aws.xray.x_forwarded_for', http?.xForwardedFor],
    ['aws.service', namespace === 'aws' ? entity.name : undefined],
    ...AWS_FIELDS.map((field) => [`aws.${field}`, aws?.[field]] as const),
    ['aws.xray.retries', aws?.['retries']],
    ['db.connection_string', sql?.url ?? sql?.connectionString],
    ['db.system', sql?.databaseType],
    ['db.statement', sql?.sanitizedQuery],
    ['db.user', sql?.user],
    ['enduser.id', user],
    ['aws.xray.traced', traced ?? http?.traced],
    ['aws.xray.inprogress', inProgress ? true : undefined],
  ]
  for (const [key, value] of own) if (value !== undefined) attributes.set(key, value)
  return attributes
}

function writeEvent(exception: Exception, time: bigint): Members {
  const { type, message, id, remote, truncated, skipped, cause, stack } = exception
  const frames = (stack ?? []).map(
    ({ path, line, label }) => `\n\tat ${label ?? ''}(${path ?? ''}: ${line ?? '<unknown>'})`,
  )
  return {
    name: 'exception',
    timeUnixNano: nanoseconds(time),
    attributes: {
      'exception.type': type,
      'exception.message': message,
      'exception.stacktrace': stack === undefined ? undefined : `${type ?? ''}: ${message ?? ''}${frames.join('')}`,
      'aws.xray.exception.id': id,
      'aws.xray.exception.remote': remote,
      'aws.xray.exception.truncated': truncated,
      'aws.xray.exception.skipped': skipped,
      'aws.xray.exception.cause': cause,
    },
  }
}

const exceptionsOf = ({ cause }: Entity): readonly Exception[] =>
  cause?.kind === 'exceptions' ? (cause.exceptions ?? []) : []

function messageOf(entity: Entity): string | undefined {
  const { cause } = entity
  return cause?.kind === 'reference' ? cause.id : (cause?.message ?? exceptionsOf(entity)[0]?.message)
}

/** A double has microseconds of today's times, not more. */
function microseconds(seconds: number): bigint {
  const rounded = Math.round(seconds * 1e6)
  // Absurd times are legal; an infinite integer is not.
  return BigInt(Number.isFinite(rounded) ? rounded : 0)
}

/** An integer with all its digits, which a double would not keep. */
const nanoseconds = (micros: bigint): RawNumber => new RawNumber(String(micros * 1_000n))
