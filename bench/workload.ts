import {
  CLASS_SHARES,
  type DocumentClass,
  type Draws,
  type Fields,
  stubOf,
  TIME_ORIGIN_SECONDS,
  TRACE_ID_PLACEHOLDER,
  words,
} from './document.ts'
import { seededRandom, shuffle } from './random.ts'
import { sizedDocument } from './sized-document.ts'
import { buildWorld, type Operation, type World } from './world.ts'

/** One document of the workload, in the order in which it arrives. */
export type WorkloadDocument = {
  readonly kind: DocumentClass
  readonly text: string
  /** Seconds after the start of the workload. */
  readonly arrivalSeconds: number
  readonly duplicate: boolean
}

/** All documents of a workload, and how long it would last at {@link NOMINAL_RATE}. */
export type Workload = {
  readonly documents: readonly WorkloadDocument[]
  readonly traceCount: number
  readonly durationSeconds: number
}

/** Documents a second that the arrival times imitate. A replay may be faster or slower. */
const NOMINAL_RATE = 20_000
/** Shares of trace sizes, in segments (performance.md §2). */
export const TRACE_SIZES: readonly { readonly share: number; readonly min: number; readonly max: number }[] = [
  { share: 0.25, min: 1, max: 1 },
  { share: 0.45, min: 2, max: 5 },
  { share: 0.25, min: 6, max: 20 },
  { share: 0.045, min: 21, max: 100 },
  { share: 0.005, min: 101, max: 2_000 },
]
const DUPLICATE_SHARE = 0.001
const ANNOTATION_KEYS = 40
/** Room for the start times of the slowest operations before the first arrival. */
const LEAD_SECONDS = 5

type Draft = { readonly kind: FullClass; readonly text: string; readonly fields: Fields; readonly arrival: number }
type FullClass = Exclude<DocumentClass, 'stub' | 'invalid'>
type Maker = { readonly draws: Draws; readonly world: World; readonly durationSeconds: number }

/** Makes the workload of performance.md §2. Equal counts and seeds give equal bytes. */
export function makeWorkload(count: number, seed: number): Workload {
  const random = seededRandom(seed)
  const annotationKeys = ['tenant', 'user']
  while (annotationKeys.length < ANNOTATION_KEYS) annotationKeys.push(`key_${annotationKeys.length}`)
  const durationSeconds = Math.max(10, count / NOMINAL_RATE)
  const maker: Maker = { draws: { random, annotationKeys }, world: buildWorld(random), durationSeconds }

  const deck = classDeck(maker, count)
  const drafts: Draft[] = []
  let traceCount = 0
  for (let at = 0; at < deck.length; traceCount++) {
    const size = Math.min(traceSize(maker), deck.length - at)
    addTrace(maker, deck.slice(at, at + size), drafts)
    at += size
  }
  const documents: WorkloadDocument[] = drafts.map(({ kind, text, arrival }) => ({
    kind,
    text,
    arrivalSeconds: arrival,
    duplicate: false,
  }))
  addStubs(maker, drafts, count, documents)
  for (let i = 0; i < shareOf('invalid', count); i++) documents.push(invalidDocument(maker, i))
  addDuplicates(maker, count, documents)
  documents.sort((a, b) => a.arrivalSeconds - b.arrivalSeconds)
  return { documents, traceCount, durationSeconds }
}

function shareOf(kind: DocumentClass, count: number): number {
  return Math.round(CLASS_SHARES[kind] * count)
}

/** The classes of all complete documents in exact shares, shuffled; rounding falls to the plain ones. */
function classDeck(maker: Maker, count: number): FullClass[] {
  const deck: FullClass[] = []
  for (const kind of ['calls', 'lambda', 'wide', 'fault', 'limit'] as const) {
    for (let i = shareOf(kind, count); i > 0; i--) deck.push(kind)
  }
  const others = shareOf('stub', count) + shareOf('invalid', count) + Math.round(DUPLICATE_SHARE * count)
  while (deck.length < count - others) deck.push('plain')
  return shuffle(maker.draws.random, deck)
}

/** Sizes are log-uniform inside their class: small ones are the more common. */
function traceSize(maker: Maker): number {
  const { random } = maker.draws
  let draw = random.next()
  for (const { share, min, max } of TRACE_SIZES) {
    if (draw < share) return Math.min(max, Math.floor(min * ((max + 1) / min) ** random.next()))
    draw -= share
  }
  return 1
}

type Caller = { readonly parentId: string; readonly operation: Operation; readonly startSeconds: number }

/** Builds the documents of one trace: a root, and others that hang below any earlier one. */
function addTrace(maker: Maker, kinds: readonly FullClass[], drafts: Draft[]): void {
  const { draws, world } = maker
  const { random } = draws
  const traceId = `${TRACE_ID_PLACEHOLDER}${random.hex(16)}`
  const traceStart = TIME_ORIGIN_SECONDS + LEAD_SECONDS + random.next() * maker.durationSeconds
  const callers: Caller[] = []
  let waitingFunction: Caller | undefined
  for (const kind of kinds) {
    let caller = callers.length === 0 ? undefined : random.pick(callers)
    let lambdaPart: 'service' | 'function' | 'subsegment' | undefined
    if (kind === 'lambda') {
      if (waitingFunction !== undefined) lambdaPart = 'function'
      else if (caller !== undefined && random.chance(1 / 3)) lambdaPart = 'subsegment'
      else lambdaPart = 'service'
      if (lambdaPart === 'function') caller = waitingFunction
    }
    let operation = caller === undefined ? world.drawOperation() : world.drawDownstream(caller.operation.service)
    if (lambdaPart === 'function' && caller !== undefined) operation = caller.operation
    const durationSeconds = Math.min(30, random.logNormal(operation.medianSeconds, operation.sigma))
    const startSeconds = caller === undefined ? traceStart : caller.startSeconds + random.next() * 0.05
    const parentId = caller?.parentId
    const occasion = { traceId, operation, parentId, startSeconds, durationSeconds, lambdaPart }
    const { fields, text } = sizedDocument(draws, kind, occasion)
    const self: Caller = { parentId: callSiteOf(fields), operation, startSeconds }
    if (lambdaPart === 'service') waitingFunction = self
    else if (lambdaPart === 'function') waitingFunction = undefined
    if (lambdaPart !== 'subsegment') callers.push(self)
    drafts.push({ kind, fields, text, arrival: arrivalOf(maker, startSeconds + durationSeconds) })
  }
}

/** The id that a downstream segment names as its parent: the last subsegment, or the segment itself. */
function callSiteOf(fields: Fields): string {
  const list = fields['subsegments']
  const last: unknown = Array.isArray(list) ? list.at(-1) : undefined
  const id = typeof last === 'object' && last !== null && 'id' in last ? last.id : fields['id']
  return String(id)
}

/**
 * 97 % arrive within 2 s of their end, 2.9 % within 60 s, 0.1 % up to 10 min late. What would arrive after the end of
 * the workload arrives at a random moment before it: a pass has no later.
 */
function arrivalOf(maker: Maker, endSeconds: number): number {
  const { random } = maker.draws
  const end = endSeconds - TIME_ORIGIN_SECONDS
  const draw = random.next()
  let lateness = Math.min(2, -0.3 * Math.log(1 - random.next()))
  if (draw >= 0.999) lateness = 60 + random.next() * 540
  else if (draw >= 0.97) lateness = 2 + random.next() * 58
  const limit = LEAD_SECONDS + maker.durationSeconds
  if (end + lateness <= limit || draw < 0.97) return end + lateness
  return end + random.next() * Math.max(2, limit - end)
}

/** Gives some complete documents an in-progress one ahead of them. */
function addStubs(maker: Maker, drafts: readonly Draft[], count: number, documents: WorkloadDocument[]): void {
  const { random } = maker.draws
  const eligible = drafts.filter(({ fields }) => fields['type'] !== 'subsegment')
  for (const { fields } of shuffle(random, eligible).slice(0, shareOf('stub', count))) {
    const arrivalSeconds = Number(fields['start_time']) - TIME_ORIGIN_SECONDS + random.next() * 0.02
    documents.push({ kind: 'stub', text: JSON.stringify(stubOf(fields)), arrivalSeconds, duplicate: false })
  }
}

/** Bad JSON, no id, and over 64 KB, a third each. */
function invalidDocument(maker: Maker, index: number): WorkloadDocument {
  const { random } = maker.draws
  const arrivalSeconds = LEAD_SECONDS + random.next() * maker.durationSeconds
  const start = Math.round((TIME_ORIGIN_SECONDS + arrivalSeconds - 0.1) * 1e6) / 1e6
  const fields: Fields = {
    name: maker.world.drawOperation().service.name,
    trace_id: `${TRACE_ID_PLACEHOLDER}${random.hex(16)}`,
    start_time: start,
    end_time: Math.round((start + 0.1) * 1e6) / 1e6,
  }
  if (index % 3 !== 1) fields['id'] = random.hex(16)
  if (index % 3 === 2) fields['metadata'] = { default: { blob: words(random, 66_000) } }
  const text = JSON.stringify(fields)
  return { kind: 'invalid', text: index % 3 === 0 ? text.slice(0, -9) : text, arrivalSeconds, duplicate: false }
}

function addDuplicates(maker: Maker, count: number, documents: WorkloadDocument[]): void {
  const { random } = maker.draws
  const valid = documents.filter(({ kind }) => kind !== 'invalid')
  for (let i = Math.round(DUPLICATE_SHARE * count); i > 0; i--) {
    const original = random.pick(valid)
    documents.push({ ...original, arrivalSeconds: original.arrivalSeconds + random.next() * 2, duplicate: true })
  }
}
