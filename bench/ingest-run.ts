import { setTimeout as sleep } from 'node:timers/promises'
import type { Address } from './connection.ts'
import { type LoadPlan, type LoadResult, loadHttp, type Requests } from './load-http.ts'
import { type Datagrams, type DatagramResult, loadUdp } from './load-udp.ts'
import { droppedDatagrams, processStats, waitUntilIdle } from './process-stats.ts'
import { type ExpectedTraces, type Verification, verify } from './verify.ts'

/** What the server spent on a run, all threads, the work that its answers left behind included. */
export type ServerCost = {
  readonly cpuSeconds: number
  readonly microsPerDocument: number
  readonly peakResidentBytes: number
  /** Whether it came to rest within the time allowed; if not, some of its work is not counted. */
  readonly cameToRest: boolean
}

/** A measured run over HTTP. `problems` is empty when the figures may be used. */
export type IngestRun = {
  readonly load: LoadResult
  readonly documentsPerSecond: number
  readonly entitiesPerSecond: number
  readonly server?: ServerCost
  readonly verification?: Verification
  readonly problems: readonly string[]
}

const REST_LIMIT_MS = 30_000

/** What a run needs besides its plan. Without `pid` the server's cost is unknown; without `expected` nothing is read. */
export type RunContext = {
  readonly address: Address
  readonly pid?: number
  readonly expected?: ExpectedTraces
  readonly sampleSize: number
}

/** Replays, waits for the server to come to rest, reads back, and says what disqualifies the figures. */
export async function ingestOverHttp(requests: Requests, plan: LoadPlan, context: RunContext): Promise<IngestRun> {
  const { address, pid, expected, sampleSize } = context
  const before = pid === undefined ? undefined : processStats(pid)
  const load = await loadHttp(requests, address, plan)
  const problems: string[] = []
  if (load.failedCalls > 0) problems.push(`${load.failedCalls} calls failed, the first: ${load.firstFailure ?? ''}`)
  if (load.documents === 0) problems.push('nothing was acknowledged')
  if (load.unprocessed !== load.invalidSent) {
    problems.push(`${load.unprocessed} documents unprocessed, but ${load.invalidSent} invalid ones were sent`)
  }
  const server = pid === undefined ? undefined : await costSince(pid, before?.cpuSeconds ?? 0, load.documents)
  const verification = expected === undefined ? undefined : await verify(address, expected, [load.ledger], sampleSize)
  problems.push(...missing(verification, sampleSize))
  return {
    load,
    documentsPerSecond: load.documents / load.elapsedSeconds,
    entitiesPerSecond: load.entities / load.elapsedSeconds,
    ...(server === undefined ? {} : { server }),
    ...(verification === undefined ? {} : { verification }),
    problems,
  }
}

async function costSince(pid: number, cpuSecondsBefore: number, documents: number): Promise<ServerCost> {
  const cameToRest = await waitUntilIdle(pid, REST_LIMIT_MS)
  const { cpuSeconds, peakResidentBytes } = processStats(pid)
  const spent = cpuSeconds - cpuSecondsBefore
  return { cpuSeconds: spent, microsPerDocument: (spent / Math.max(1, documents)) * 1e6, peakResidentBytes, cameToRest }
}

function missing(verification: Verification | undefined, sampleSize: number): readonly string[] {
  if (verification === undefined) return []
  const { documentsMissing, documentsLate, documentsExpected, firstMissing } = verification
  const problems: string[] = []
  const wanted = Math.min(sampleSize, verification.tracesAcknowledged)
  if (verification.tracesRead < wanted) {
    problems.push(`reading back took too long: ${verification.tracesRead} of ${wanted} traces were read`)
  }
  if (documentsMissing > 0) {
    const late = `${documentsLate} were, seconds later`
    const first = firstMissing ?? ''
    problems.push(
      `${documentsMissing} of ${documentsExpected} acknowledged documents were not returned (${late}): ${first}`,
    )
  }
  return problems
}

/** A measured run over UDP. Loss is a result here, not a problem. */
export type DatagramRun = {
  readonly load: DatagramResult
  readonly datagramsPerSecond: number
  readonly kernelDrops: number
  readonly server?: ServerCost
  readonly verification?: Verification
  /** Whether nothing was lost: no drop at the socket, everything that was looked for found. */
  readonly lossless: boolean
}

/** Sends datagrams, gives the server a moment to take them in, and looks for what is missing. */
export async function ingestOverUdp(
  datagrams: Datagrams,
  plan: { readonly rate: number; readonly seconds: number; readonly documents: number; readonly runSalt: number },
  context: RunContext & { readonly udp: Address },
): Promise<DatagramRun> {
  const { address, udp, pid, expected, sampleSize } = context
  const dropsBefore = droppedDatagrams(udp.port)
  const before = pid === undefined ? undefined : processStats(pid)
  const load = await loadUdp(datagrams, udp, plan)
  // Nothing is acknowledged over UDP; the daemon's own batches wait up to a second.
  await sleep(1_500)
  const server = pid === undefined ? undefined : await costSince(pid, before?.cpuSeconds ?? 0, load.datagrams)
  const kernelDrops = droppedDatagrams(udp.port) - dropsBefore
  const verification = expected === undefined ? undefined : await verify(address, expected, [load.ledger], sampleSize)
  return {
    load,
    datagramsPerSecond: load.datagrams / load.elapsedSeconds,
    kernelDrops,
    ...(server === undefined ? {} : { server }),
    ...(verification === undefined ? {} : { verification }),
    lossless: kernelDrops === 0 && load.sendErrors === 0 && (verification?.documentsMissing ?? 0) === 0,
  }
}
