import { setTimeout as sleep } from 'node:timers/promises'
import { type Address, type Connection, openConnection, postRequest } from './connection.ts'
import type { Corpus, Message } from './corpus.ts'
import { durationHistogram, type Percentiles, percentiles } from './histogram.ts'
import { type Ledger, type PassRecord, startLedger } from './ledger.ts'
import { findSlots, type PatchSlots, patchMessage } from './patch.ts'

/** How much to send, and how fast. */
export type LoadPlan = {
  readonly connections: number
  /** Stop after this time, or after this many documents, whichever comes first. */
  readonly seconds: number
  readonly documents: number
  /** Documents a second. Without it each connection sends as soon as it has its answer. */
  readonly rate?: number
  readonly runSalt: number
}

/** What a run did. Only calls that were answered with 200 count. */
export type LoadResult = {
  readonly elapsedSeconds: number
  readonly calls: number
  readonly failedCalls: number
  readonly documents: number
  readonly entities: number
  /** Bytes of the valid documents as texts. */
  readonly documentBytes: number
  readonly unprocessed: number
  readonly invalidSent: number
  readonly answers: Percentiles
  /** CPU of this process while it sent: it is not the server's. */
  readonly generatorCpuSeconds: number
  readonly firstFailure?: string
  readonly ledger: Ledger
}

/** Requests ready to send, with the places to patch. Made once, used by every run. */
export type Requests = { readonly corpus: Corpus; readonly prepared: readonly Prepared[] }
type Prepared = { readonly message: Message; readonly request: Buffer; readonly slots: PatchSlots }

/** Puts an HTTP head before every body and finds what to patch. */
export function prepareRequests(corpus: Corpus, address: Address): Requests {
  const prepared = corpus.messages.map((message) => {
    const request = postRequest(address, '/TraceSegments', message.bytes)
    return { message, request, slots: findSlots(request) }
  })
  return { corpus, prepared }
}

const NOTHING_REJECTED = '{"UnprocessedTraceSegments":[]}'
/** After so many failures in a row a connection gives up: the server is gone. */
const MAX_FAILURES = 20

type Tally = {
  calls: number
  failedCalls: number
  documents: number
  entities: number
  documentBytes: number
  unprocessed: number
  invalidSent: number
  firstFailure?: string
}

/**
 * Replays the requests: closed-loop, or open-loop when the plan has a rate. Open-loop answer times count from the
 * moment at which the call was due, so that a server that stalls cannot hide it by slowing the sender down.
 */
export async function loadHttp(requests: Requests, address: Address, plan: LoadPlan): Promise<LoadResult> {
  const { prepared, corpus } = requests
  // A request is in one buffer only: it must have its answer before the next pass overwrites it.
  const connections = Math.min(plan.connections, prepared.length)
  const ledger = startLedger(prepared.length, corpus.manifest.durationSeconds, plan.runSalt)
  const histogram = durationHistogram()
  const tally = newTally()
  const startMs = performance.now()
  const take = turnstile(requests, ledger, plan, startMs)
  const cpuBefore = process.cpuUsage()
  let lastAnswerMs = startMs

  const run = async (): Promise<void> => {
    let connection: Connection | undefined
    for (let failures = 0; failures < MAX_FAILURES;) {
      const turn = take()
      if (turn === undefined) break
      const wait = turn.dueMs - performance.now()
      if (wait > 0) await sleep(wait)
      try {
        connection ??= await openConnection(address.host, address.port)
        patchMessage(turn.prepared.request, turn.prepared.slots, turn.record.pass)
        const sentMs = plan.rate === undefined ? performance.now() : turn.dueMs
        const answer = await connection.send(turn.prepared.request)
        const answeredMs = performance.now()
        if (answer.status !== 200) throw new Error(`${answer.status}: ${answer.body.toString('utf8', 0, 200)}`)
        lastAnswerMs = answeredMs
        histogram.record(answeredMs - sentMs)
        countAnswer(tally, turn.prepared.message, answer.body.toString('utf8'))
        turn.record.acknowledged[turn.index] = 1
        failures = 0
      } catch (error) {
        failures++
        tally.failedCalls++
        tally.firstFailure ??= String(error)
        connection?.close()
        connection = undefined
      }
    }
    connection?.close()
  }
  await Promise.all(Array.from({ length: connections }, run))
  const cpu = process.cpuUsage(cpuBefore)
  return {
    ...tally,
    elapsedSeconds: Math.max(0.001, (lastAnswerMs - startMs) / 1000),
    answers: percentiles(histogram),
    generatorCpuSeconds: (cpu.user + cpu.system) / 1e6,
    ledger,
  }
}

function newTally(): Tally {
  return { calls: 0, failedCalls: 0, documents: 0, entities: 0, documentBytes: 0, unprocessed: 0, invalidSent: 0 }
}

function countAnswer(tally: Tally, message: Message, body: string): void {
  tally.calls++
  tally.documents += message.documents
  tally.entities += message.entities
  tally.documentBytes += message.documentBytes
  tally.invalidSent += message.invalid
  if (body !== NOTHING_REJECTED) tally.unprocessed += body.split('"ErrorCode"').length - 1
}

type Turn = {
  readonly prepared: Prepared
  readonly index: number
  readonly record: PassRecord
  readonly dueMs: number
}

/** Hands out one request after the other, pass after pass, until the plan is fulfilled. */
function turnstile(requests: Requests, ledger: Ledger, plan: LoadPlan, startMs: number): () => Turn | undefined {
  const { prepared } = requests
  let index = 0
  let given = 0
  let record: PassRecord | undefined
  return () => {
    const dueMs = plan.rate === undefined ? 0 : startMs + (given / plan.rate) * 1000
    const endMs = startMs + plan.seconds * 1000
    if (given >= plan.documents || performance.now() >= endMs || dueMs >= endMs) return undefined
    record ??= ledger.begin(Date.now())
    const next = prepared[index]
    if (next === undefined) return undefined
    given += next.message.documents
    const turn = { prepared: next, index, record, dueMs }
    index++
    if (index === prepared.length) {
      index = 0
      record = undefined
    }
    return turn
  }
}
