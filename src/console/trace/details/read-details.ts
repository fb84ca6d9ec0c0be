import type { Json, JsonObject } from '../../../model/json.ts'
import { RawNumber } from '../../../model/raw-number.ts'
import { parseExact } from '../../../wire/xray/exact-numbers.ts'

/** A fact of a segment: what it is called, and its value as it was sent. */
export type Fact = {
  readonly label: string
  readonly text: string
  /** What finds it in a list of traces, in braces of `service()`; the keyword of the filter language. */
  readonly keyword?: string
  readonly isNumber?: boolean
}
export type DetailAnnotation = { readonly key: string; readonly value: string | number | boolean | RawNumber }
export type DetailFrame = { readonly label: string; readonly place: string }
export type DetailException = {
  readonly id: string
  readonly type: string
  readonly message: string
  readonly isRemote: boolean
  readonly frames: readonly DetailFrame[]
  /** How many frames were left out, as the sender says. */
  readonly left: number
  /** The id of the exception that caused it. */
  readonly cause: string
}
export type DetailLink = { readonly traceId: string; readonly id?: string; readonly text: string }

/** A segment or subsegment, taken apart for the panel (spec/ingest §2). Numbers keep their digits. */
export type Details = {
  readonly facts: readonly Fact[]
  readonly annotations: readonly DetailAnnotation[]
  /** By namespace. */
  readonly metadata: readonly { readonly namespace: string; readonly value: Json }[]
  readonly exceptions: readonly DetailException[]
  /** An id elsewhere in the trace: of what failed first. */
  readonly causeId: string | undefined
  readonly causeMessage: string | undefined
  readonly sql: readonly Fact[]
  readonly aws: JsonObject | undefined
  readonly links: readonly DetailLink[]
  readonly parentId: string | undefined
}

/** Reads the `document` of `/api/traces/{id}/segments/{segment}`. */
export function readDetails(document: string): Details {
  const { value, annotations } = parseExact(document)
  const top = objectOf(value)
  const cause = top?.['cause']
  return {
    facts: factsOf(top),
    annotations: annotationsOf(objectOf(top?.['annotations']), annotations),
    metadata: membersOf(objectOf(top?.['metadata'])).map(([namespace, inner]) => ({ namespace, value: inner })),
    exceptions: listOf(objectOf(cause)?.['exceptions']).map(exceptionOf),
    causeId: typeof cause === 'string' ? cause : textOf(objectOf(cause)?.['id']),
    causeMessage: textOf(objectOf(cause)?.['message']),
    sql: SQL_FACTS.flatMap(([key, label]) => factOf(objectOf(top?.['sql'])?.[key], label)),
    aws: objectOf(top?.['aws']),
    links: listOf(top?.['links']).flatMap(linkOf),
    parentId: textOf(top?.['parent_id']),
  }
}

const SQL_FACTS = [
  ['sanitized_query', 'Statement'],
  ['url', 'URL'],
  ['connection_string', 'Connection'],
  ['database_type', 'Database'],
  ['database_version', 'Version'],
  ['driver_version', 'Driver'],
  ['user', 'User'],
  ['preparation', 'Preparation'],
] as const

function factsOf(top: JsonObject | undefined): readonly Fact[] {
  const request = objectOf(objectOf(top?.['http'])?.['request'])
  const response = objectOf(objectOf(top?.['http'])?.['response'])
  const service = objectOf(top?.['service'])
  const aws = objectOf(top?.['aws'])
  const known = ['version', 'compiler', 'compiler_version', 'runtime', 'runtime_version']
  return [
    ...factOf(request?.['method'], 'Method', 'http.method'),
    ...factOf(request?.['url'], 'URL', 'http.url'),
    ...factOf(response?.['status'], 'Status', 'http.status'),
    ...factOf(response?.['content_length'], 'Content length'),
    ...factOf(request?.['client_ip'], 'Client IP', 'http.clientip'),
    ...factOf(request?.['x_forwarded_for'], 'X-Forwarded-For'),
    ...factOf(request?.['user_agent'], 'User agent', 'http.useragent'),
    ...factOf(top?.['user'], 'User', 'user'),
    ...factOf(service?.['version'], 'Version'),
    ...membersOf(service).flatMap(([key, inner]) => (known.includes(key) ? [] : factOf(inner, `Service ${key}`))),
    ...factOf([service?.['runtime'], service?.['runtime_version']].flatMap(wordOf).join(' '), 'Runtime'),
    ...factOf([service?.['compiler'], service?.['compiler_version']].flatMap(wordOf).join(' '), 'Compiler'),
    ...factOf(top?.['origin'], 'Origin'),
    ...factOf(top?.['namespace'], 'Namespace'),
    ...factOf(top?.['resource_arn'], 'Resource ARN', 'resource.arn'),
    ...factOf(aws?.['account_id'], 'Account', 'account.id'),
    ...factOf(aws?.['region'], 'Region'),
  ]
}

function factOf(value: Json | undefined, label: string, keyword?: string): readonly Fact[] {
  const [text] = wordOf(value)
  if (text === undefined || text === '') return []
  return [{ label, text, isNumber: typeof value === 'number', ...(keyword === undefined ? {} : { keyword }) }]
}

function annotationsOf(
  written: JsonObject | undefined,
  exact: ReadonlyMap<JsonObject, ReadonlyMap<string, RawNumber>>,
): readonly DetailAnnotation[] {
  const digits = written === undefined ? undefined : exact.get(written)
  return membersOf(written).flatMap(([key, value]): readonly DetailAnnotation[] => {
    const known = digits?.get(key)
    if (known !== undefined) return [{ key, value: known }]
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? [{ key, value }] : []
  })
}

function exceptionOf(value: Json): DetailException {
  const exception = objectOf(value)
  const number = (inner: Json | undefined) => (typeof inner === 'number' ? inner : 0)
  return {
    id: textOf(exception?.['id']) ?? '',
    type: textOf(exception?.['type']) ?? 'Exception',
    message: textOf(exception?.['message']) ?? '',
    isRemote: exception?.['remote'] === true,
    frames: listOf(exception?.['stack']).map(frameOf),
    left: number(exception?.['truncated']) + number(exception?.['skipped']),
    cause: textOf(exception?.['cause']) ?? '',
  }
}

function frameOf(value: Json): DetailFrame {
  const frame = objectOf(value)
  const [path, line] = [textOf(frame?.['path']), frame?.['line']]
  const place = [path, typeof line === 'number' ? String(line) : undefined].filter((part) => part !== undefined)
  return { label: textOf(frame?.['label']) ?? '', place: place.join(':') }
}

function linkOf(value: Json): readonly DetailLink[] {
  const link = objectOf(value)
  const [traceId, id] = [textOf(link?.['trace_id']), textOf(link?.['id'])]
  if (traceId === undefined) return []
  const attributes = membersOf(objectOf(link?.['attributes']))
  const text = attributes.map(([key, inner]) => `${key}: ${wordOf(inner)[0] ?? '…'}`).join(', ')
  return [{ traceId, text, ...(id === undefined ? {} : { id }) }]
}

/** A value in one line, as it was sent; objects and lists are none. */
function wordOf(value: Json | undefined): readonly string[] {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? [String(value)] : []
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function objectOf(value: Json | undefined): JsonObject | undefined {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof RawNumber)
  // What is an object and no list is one with members: JSON has nothing else.
  return isObject ? (value as JsonObject) : undefined
}

function membersOf(value: JsonObject | undefined): readonly (readonly [string, Json])[] {
  return value === undefined ? [] : Object.entries(value)
}

function listOf(value: Json | undefined): readonly Json[] {
  // The type of what Array.isArray leaves is wider than JSON.
  return Array.isArray(value) ? (value as readonly Json[]) : []
}
