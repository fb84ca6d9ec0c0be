import { setTimeout as sleep } from 'node:timers/promises'
import { type Address, type Connection, openConnection, postJson } from './connection.ts'
import type { Corpus } from './corpus.ts'
import type { Ledger } from './ledger.ts'
import { type Random, seededRandom, shuffle } from './random.ts'

/** What reading back has shown. */
export type Verification = {
  readonly extent: 'all' | 'sample'
  readonly tracesAcknowledged: number
  readonly tracesRead: number
  readonly documentsExpected: number
  /** Acknowledged entities that were not returned, or returned as in progress although their completion was sent. */
  readonly documentsMissing: number
  /** How many of those were there when asked for again: read too late, but not lost. */
  readonly documentsLate: number
  readonly firstMissing?: string
}

/** One document that must be readable once its message is acknowledged. */
type Expected = { readonly message: number; readonly id: string; readonly complete: boolean }
/** Documents by the 16 hex digits that end their trace id. */
export type ExpectedTraces = ReadonlyMap<string, readonly Expected[]>

const SUFFIX_START = 19
const MAX_DOCUMENT_BYTES = 65_536
const IDS_PER_CALL = 5
const READERS = 4
/** So many traces with something missing are asked for a second time. */
const SUSPECTS = 200

/** Lists what the messages of a workload should leave behind. */
export function expectedTraces(corpus: Corpus): ExpectedTraces {
  const traces = new Map<string, Expected[]>()
  corpus.messages.forEach(({ bytes }, message) => {
    for (const text of documentsIn(bytes)) {
      const expected = readExpected(text, message)
      if (expected === undefined) continue
      const known = traces.get(expected.suffix)
      if (known === undefined) traces.set(expected.suffix, [expected])
      else known.push(expected)
    }
  })
  return traces
}

function documentsIn(bytes: Buffer): readonly string[] {
  const text = bytes.toString('utf8')
  if (text.startsWith('{"TraceSegmentDocuments"')) {
    const body = JSON.parse(text) as { TraceSegmentDocuments: string[] } // written by writeCorpus
    return body.TraceSegmentDocuments
  }
  return [text.slice(text.indexOf('\n') + 1)]
}

function readExpected(text: string, message: number): (Expected & { readonly suffix: string }) | undefined {
  if (Buffer.byteLength(text) > MAX_DOCUMENT_BYTES) return undefined
  let document: { readonly id?: string; readonly trace_id: string; readonly end_time?: number }
  try {
    document = JSON.parse(text) as typeof document // written by the generator
  } catch {
    return undefined
  }
  if (document.id === undefined) return undefined
  const suffix = document.trace_id.slice(SUFFIX_START)
  return { message, id: document.id, complete: document.end_time !== undefined, suffix }
}

type Task = { readonly traceId: string; readonly expected: Map<string, boolean> }

/**
 * Reads back what the ledger holds as acknowledged: every trace when there are at most `sampleSize`, else a random
 * sample of that many, spread over all passes. Stops at the limit of time: `tracesRead` tells how far it came.
 */
export async function verify(
  address: Address,
  expected: ExpectedTraces,
  ledgers: readonly Ledger[],
  sampleSize: number,
  limitMs = 120_000,
): Promise<Verification> {
  const random = seededRandom(ledgers.length)
  const { tasks, total } = chooseTasks(random, expected, ledgers, sampleSize)
  const deadline = performance.now() + limitMs
  let documentsExpected = 0
  let documentsMissing = 0
  let tracesRead = 0
  let firstMissing: string | undefined
  const suspects: Task[] = []
  const readSome = async (): Promise<void> => {
    const connection = await openConnection(address.host, address.port)
    for (;;) {
      const some = tasks.splice(-IDS_PER_CALL)
      if (some.length === 0) break
      // What was read by then is what the result speaks of.
      if (performance.now() > deadline) break
      const found = await readTraces(connection, address, some)
      tracesRead += some.length
      for (const task of some) {
        documentsExpected += task.expected.size
        const missing = missingOf(task, found)
        if (missing.size === 0) continue
        documentsMissing += missing.size
        suspects.push({ traceId: task.traceId, expected: missing })
        firstMissing ??= `${task.traceId} ${[...missing.keys()].join(' ')}`.slice(0, 120)
      }
    }
    connection.close()
  }
  await Promise.all(Array.from({ length: READERS }, readSome))
  const lost = await stillMissing(address, suspects.slice(0, SUSPECTS))
  return {
    extent: tracesRead === total ? 'all' : 'sample',
    tracesAcknowledged: total,
    tracesRead,
    documentsExpected,
    documentsMissing,
    documentsLate: lost.asked - lost.missing,
    ...(firstMissing === undefined ? {} : { firstMissing }),
  }
}

/** The documents of a trace that an answer does not show as they were acknowledged. */
function missingOf(task: Task, found: ReadonlyMap<string, 'open' | 'complete'>): Map<string, boolean> {
  const missing = new Map<string, boolean>()
  for (const [id, complete] of task.expected) {
    const state = found.get(`${task.traceId} ${id}`)
    if (state === undefined || (state === 'open' && complete)) missing.set(id, complete)
  }
  return missing
}

/** Asks again for what was missing, after a pause and one trace at a time: late and lost are different defects. */
async function stillMissing(
  address: Address,
  suspects: readonly Task[],
): Promise<{ readonly asked: number; readonly missing: number }> {
  let asked = 0
  let missing = 0
  if (suspects.length === 0) return { asked, missing }
  await sleep(3_000)
  const connection = await openConnection(address.host, address.port)
  for (const task of suspects) {
    asked += task.expected.size
    missing += missingOf(task, await readTraces(connection, address, [task])).size
  }
  connection.close()
  return { asked, missing }
}

/** Picks (pass, trace) pairs of which at least one document was acknowledged. */
function chooseTasks(
  random: Random,
  expected: ExpectedTraces,
  ledgers: readonly Ledger[],
  sampleSize: number,
): { readonly tasks: Task[]; readonly total: number } {
  const candidates: (readonly [prefix: string, suffix: string, acknowledged: Uint8Array])[] = []
  for (const { passes } of ledgers) {
    for (const { pass, acknowledged } of passes) {
      for (const [suffix, documents] of expected) {
        if (documents.some(({ message }) => acknowledged[message] === 1)) {
          candidates.push([pass.idPrefix, suffix, acknowledged])
        }
      }
    }
  }
  const total = candidates.length
  const chosen = total <= sampleSize ? candidates : shuffle(random, candidates).slice(0, sampleSize)
  const tasks = chosen.map(([prefix, suffix, acknowledged]) => {
    const ids = new Map<string, boolean>()
    for (const { message, id, complete } of expected.get(suffix) ?? []) {
      if (acknowledged[message] === 1) ids.set(id, complete || ids.get(id) === true)
    }
    return { traceId: prefix + suffix, expected: ids }
  })
  return { tasks, total }
}

type TracesPage = {
  readonly Traces?: readonly { readonly Id: string; readonly Segments?: readonly { readonly Document: string }[] }[]
  readonly NextToken?: string
}

async function readTraces(
  connection: Connection,
  address: Address,
  tasks: readonly Task[],
): Promise<Map<string, 'open' | 'complete'>> {
  const found = new Map<string, 'open' | 'complete'>()
  const TraceIds = tasks.map(({ traceId }) => traceId)
  for (let token: string | undefined, first = true; first || token !== undefined; first = false) {
    const request = token === undefined ? { TraceIds } : { TraceIds, NextToken: token }
    const page = (await postJson(connection, address, '/Traces', request)) as TracesPage // by the API model
    for (const trace of page.Traces ?? []) {
      for (const { Document } of trace.Segments ?? []) collectEntities(trace.Id, JSON.parse(Document), found)
    }
    token = page.NextToken
  }
  return found
}

/** Notes every entity of a returned document, at any depth, without recursion. */
function collectEntities(traceId: string, document: unknown, found: Map<string, 'open' | 'complete'>): void {
  const left: unknown[] = [document]
  for (let entity = left.pop(); entity !== undefined; entity = left.pop()) {
    if (typeof entity !== 'object' || entity === null) continue
    const { id, end_time: end, subsegments } = entity as { id?: unknown; end_time?: unknown; subsegments?: unknown }
    if (typeof id === 'string') found.set(`${traceId} ${id}`, end === undefined ? 'open' : 'complete')
    if (Array.isArray(subsegments)) for (const child of subsegments as unknown[]) left.push(child)
  }
}
