import type { Random } from './random.ts'
import type { Operation } from './world.ts'

/** The classes of documents in performance.md §2. */
export type DocumentClass = 'stub' | 'plain' | 'calls' | 'lambda' | 'wide' | 'fault' | 'limit' | 'invalid'

/** Share of each class among all documents. */
export const CLASS_SHARES: Readonly<Record<DocumentClass, number>> = {
  stub: 0.08,
  plain: 0.37,
  calls: 0.33,
  lambda: 0.15,
  wide: 0.05,
  fault: 0.015,
  limit: 0.001,
  invalid: 0.004,
}

/** Smallest and largest size in bytes of each class. A document at the limit still fits one UDP datagram. */
export const CLASS_BYTES: Readonly<Record<Exclude<DocumentClass, 'invalid'>, readonly [min: number, max: number]>> = {
  stub: [140, 300],
  plain: [350, 900],
  calls: [1_000, 4_096],
  lambda: [300, 900],
  wide: [4_096, 40_960],
  fault: [4_096, 12_288],
  limit: [49_152, 65_400],
}

/** Every trace id starts so; the zeros are what each pass of the replay writes over (patch.ts). */
export const TRACE_ID_PLACEHOLDER = '1-00000000-00000000'
/** Second zero of the workload. Every time is this plus a small number, always ten digits before the point. */
export const TIME_ORIGIN_SECONDS = 1_700_000_000

/** A JSON object under construction; keys stay in the order in which they are written. */
export type Fields = Record<string, unknown>

/** What a document is about: drawn by the trace it belongs to. */
export type Occasion = {
  readonly traceId: string
  readonly operation: Operation
  readonly parentId: string | undefined
  /** Absolute, {@link TIME_ORIGIN_SECONDS} and on. */
  readonly startSeconds: number
  readonly durationSeconds: number
  readonly lambdaPart: 'service' | 'function' | 'subsegment' | undefined
}

/** Draws from the distributions inside documents. */
export type Draws = { readonly random: Random; readonly annotationKeys: readonly string[] }

const micros = (seconds: number): number => Math.round(seconds * 1e6) / 1e6

/** Builds the fields of one valid document of a class, before its size is checked. `spare` shrinks it, 1 to 0. */
export function buildFields(draws: Draws, kind: DocumentClass, occasion: Occasion, spare: number): Fields {
  const { random } = draws
  const fields = segmentHead(occasion, random)
  if (kind === 'fault') addFault(random, fields)
  else addHttp(random, fields, occasion.operation)
  addAnnotations(draws, fields, kind === 'plain' || kind === 'lambda' ? 0.5 + spare / 2 : 1)
  const count = subsegmentCount(random, kind, spare)
  if (count > 0) fields['subsegments'] = subsegments(random, kind, occasion, count)
  return fields
}

/** The in-progress form of a complete document: what an SDK sends when the segment opens. */
export function stubOf(full: Fields): Fields {
  const stub: Fields = {}
  for (const key of ['name', 'id', 'trace_id', 'parent_id', 'start_time', 'origin']) {
    if (full[key] !== undefined) stub[key] = full[key]
  }
  stub['in_progress'] = true
  return stub
}

/** Metadata of about this many bytes. */
export function metadataOf(random: Random, bytes: number): Fields {
  const values: Fields = {}
  let left = bytes - 25
  for (let i = 0; left > 40; i++) {
    const length = Math.min(left - 20, random.int(20, 200))
    values[`item${i}`] = words(random, length)
    left -= length + 14
  }
  return { default: values }
}

/** Text of about `length` characters that compresses as text does, neither noise nor one letter. */
export function words(random: Random, length: number): string {
  let text = ''
  while (text.length < length) text += random.chance(0.15) ? `${random.hex(8)} ` : `${random.pick(WORDS)} `
  return text.slice(0, length).trimEnd()
}

const WORDS =
  'select insert update from where customer order status pending value total region cache miss retry timeout host shard batch'.split(
    ' ',
  )

function segmentHead(occasion: Occasion, random: Random): Fields {
  const { operation, traceId, parentId, startSeconds, durationSeconds, lambdaPart } = occasion
  const fields: Fields = { name: operation.service.name, id: random.hex(16), trace_id: traceId }
  if (parentId !== undefined) fields['parent_id'] = parentId
  if (lambdaPart === 'subsegment') {
    fields['type'] = 'subsegment'
    fields['namespace'] = 'remote'
  }
  fields['start_time'] = micros(startSeconds)
  fields['end_time'] = micros(startSeconds + durationSeconds)
  if (lambdaPart === 'service' || lambdaPart === 'function') {
    fields['origin'] = lambdaPart === 'service' ? 'AWS::Lambda' : 'AWS::Lambda::Function'
    const arn = `arn:aws:lambda:us-east-1:123456789012:function:${operation.service.name}`
    fields['resource_arn'] = arn
    fields['aws'] = { function_arn: arn, request_id: `${random.hex(8)}-${random.hex(12)}` }
  } else if (lambdaPart === undefined) {
    fields['origin'] = operation.service.origin
    fields['aws'] = { xray: { sdk: operation.service.sdk, sdk_version: '3.12.0', sampling_rule_name: 'Default' } }
    if (random.chance(0.1)) fields['user'] = `user-${random.int(1, 1_000_000)}`
  }
  return fields
}

/** 4 % of the answers are 4xx, 0.3 % throttled; the 1 % of 5xx are in the class of faults. */
function addHttp(random: Random, fields: Fields, operation: Operation): void {
  const draw = random.next()
  let status = 200
  if (draw < 0.04) {
    fields['error'] = true
    status = random.pick([400, 401, 403, 404, 404, 409])
  } else if (draw < 0.043) {
    fields['error'] = true
    fields['throttle'] = true
    status = 429
  }
  const url = `https://${operation.service.name}.example.com${operation.route}/${random.int(1, 100_000)}`
  fields['http'] = {
    request: { method: operation.method, url, client_ip: `10.${random.int(0, 63)}.${random.int(0, 255)}.7` },
    response: { status, content_length: random.int(10, 20_000) },
  }
}

function addFault(random: Random, fields: Fields): void {
  fields['fault'] = true
  // Two in three faults are answers of 500 (1 % of all documents), the others never answered.
  if (random.chance(2 / 3)) fields['http'] = { request: { method: 'POST' }, response: { status: 500 } }
  const exceptions: Fields[] = []
  const count = random.chance(0.3) ? 2 : 1
  for (let e = 0; e < count; e++) {
    const stack: Fields[] = []
    const frames = random.int(15, 30)
    for (let i = 0; i < frames; i++) {
      const path = `/app/node_modules/${random.pick(WORDS)}-${random.pick(WORDS)}/lib/${random.pick(WORDS)}/handler.js`
      stack.push({ path, line: random.int(1, 900), label: `${random.pick(WORDS)}.${random.pick(WORDS)}.handle` })
    }
    const type = random.pick(['TypeError', 'TimeoutError', 'ConnectionRefused', 'ConditionFailed'])
    exceptions.push({ id: random.hex(16), type, message: words(random, random.int(40, 200)), remote: false, stack })
  }
  fields['cause'] = { working_directory: '/app', paths: [], exceptions }
}

/** 35 % of segments carry 1 to 6 of 40 keys. */
function addAnnotations(draws: Draws, fields: Fields, size: number): void {
  const { random, annotationKeys } = draws
  if (fields['type'] === 'subsegment' || !random.chance(0.35)) return
  const annotations: Fields = {}
  const count = Math.max(1, Math.round(random.int(1, 6) * size))
  while (Object.keys(annotations).length < count) {
    const index = random.int(0, annotationKeys.length - 1)
    annotations[annotationKeys[index] ?? ''] = annotationValue(random, index)
  }
  fields['annotations'] = annotations
}

function annotationValue(random: Random, index: number): string | number | boolean {
  if (index === 0) return `tenant-${random.int(1, 2_000)}`
  if (index === 1) return `user-${random.int(1, 1_000_000)}`
  if (index % 4 === 2) return random.chance(0.5)
  if (index % 4 === 3) return random.int(0, 10_000) / 10
  return random.pick(WORDS)
}

function subsegmentCount(random: Random, kind: DocumentClass, spare: number): number {
  const skewed = (low: number, high: number, power: number): number =>
    low + Math.round((high - low) * random.next() ** power * spare)
  if (kind === 'plain') return random.pick([0, 0, 0, 0, 1, 1, 2]) * Math.round(spare)
  if (kind === 'calls') return skewed(3, 10, 9)
  if (kind === 'lambda') return random.chance(0.2 * spare) ? 1 : 0
  if (kind === 'wide') return skewed(11, 100, 9)
  if (kind === 'fault') return random.int(0, 3)
  if (kind === 'limit') return random.int(100, 130)
  return 0
}

function subsegments(random: Random, kind: DocumentClass, occasion: Occasion, count: number): Fields[] {
  const list: Fields[] = []
  const step = occasion.durationSeconds / (count + 1)
  for (let i = 0; i < count; i++) {
    const startSeconds = occasion.startSeconds + step * i
    const timed = { start_time: micros(startSeconds), end_time: micros(startSeconds + step * random.next()) }
    if (kind === 'plain' || kind === 'lambda') {
      list.push({ id: random.hex(16), name: random.pick(['render', 'validate', 'load']), ...timed })
    } else list.push(callSubsegment(random, occasion.operation, timed, kind === 'calls' ? 220 : 800))
  }
  return list
}

/** One call of an AWS service, a database or another HTTP service, the three in equal parts. */
function callSubsegment(random: Random, operation: Operation, timed: Fields, queryBytes: number): Fields {
  const id = random.hex(16)
  const draw = random.int(0, 2)
  if (draw === 0) {
    const aws = {
      operation: random.pick(['GetItem', 'PutItem', 'Query', 'UpdateItem']),
      region: 'us-east-1',
      table_name: `${operation.service.name}-table`,
      request_id: random.hex(32).toUpperCase(),
      retries: 0,
    }
    return { id, name: 'DynamoDB', ...timed, namespace: 'aws', http: { response: { status: 200 } }, aws }
  }
  if (draw === 1) {
    const sql = {
      url: 'postgresql://db.example.com:5432/main',
      database_type: 'PostgreSQL',
      sanitized_query: `SELECT ${words(random, random.int(30, queryBytes))}`,
    }
    return { id, name: 'main@db.example.com', ...timed, namespace: 'remote', sql }
  }
  const request = { method: 'GET', url: `https://partner.example.com/v1/quotes/${random.int(1, 9_999)}` }
  const http = { request, response: { status: 200, content_length: random.int(2, 9_000) } }
  return { id, name: 'partner.example.com', ...timed, namespace: 'remote', http }
}
