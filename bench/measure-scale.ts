import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freshSalt, type Options } from './command-line.ts'
import { type Address, openConnection, postJson } from './connection.ts'
import { readCorpus } from './corpus.ts'
import { settledDiskBytes } from './disk-usage.ts'
import { type Freshness, measureFreshness } from './freshness.ts'
import { durationHistogram, type Percentiles, percentiles } from './histogram.ts'
import { loadHttp, prepareRequests } from './load-http.ts'
import { processStats, waitUntilIdle } from './process-stats.ts'
import { seededRandom } from './random.ts'
import { startServer } from './server-process.ts'
import type { Figure } from './targets.ts'
import { expectedTraces } from './verify.ts'

/** What was measured with so many documents stored. */
export type AtScale = {
  readonly documents: number
  readonly startSeconds: number
  readonly traceById: { readonly oneClient: Percentiles; readonly fourClients: Percentiles }
  readonly firstPage: Percentiles
  readonly freshness: { readonly busy: Freshness; readonly idle: Freshness; readonly rate: number }
  readonly residentMb: number
  readonly diskBytes: number
  readonly rawBytes: number
}

const LOOKUPS = 1_000
const WARM_LOOKUPS = 200
const PAGES = 100
const FRESHNESS_SECONDS = 8
/** Half of the floor of P1: a load that the server must bear beside queries. */
const BUSY_RATE = 12_500
const REST_LIMIT_MS = 180_000
/** Ids of the last so many passes are asked for; the older ones are no colder. */
const REMEMBERED_PASSES = 50

/**
 * P4, P5, P6 without a filter, P9 and P11 with a tenth of the documents stored, then with all of them, in one data
 * directory. What the server answered is not read back here: `bench all` does that.
 */
export async function measureScale(options: Options, documents: number): Promise<readonly AtScale[]> {
  const directory = mkdtempSync(join(tmpdir(), 'radiograph-scale-'))
  const corpus = readCorpus(options.out, 'bodies')
  const suffixes = [...expectedTraces(corpus).keys()]
  const stored = { documents: 0, bytes: 0 }
  const prefixes: string[] = []
  const results: AtScale[] = []
  try {
    for (const size of [documents / 10, documents]) {
      const filling = await startServer(options.server, directory)
      const loaded = await loadHttp(prepareRequests(corpus, filling.address), filling.address, {
        connections: 8,
        seconds: 3_600,
        documents: size - stored.documents,
        runSalt: freshSalt(),
      })
      if (loaded.failedCalls > 0) throw new Error(`${loaded.failedCalls} calls failed: ${loaded.firstFailure ?? ''}`)
      stored.documents += loaded.documents
      stored.bytes += loaded.documentBytes
      prefixes.push(...loaded.ledger.passes.slice(-REMEMBERED_PASSES).map(({ pass }) => pass.idPrefix))
      await waitUntilIdle(filling.pid, REST_LIMIT_MS)
      await filling.stop()
      const ids = traceIds(prefixes.slice(-REMEMBERED_PASSES), suffixes)
      results.push(await measureAt(options, directory, corpus, stored, ids))
    }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
  return results
}

/** Random trace ids that were stored, without end. */
function traceIds(prefixes: readonly string[], suffixes: readonly string[]): () => string {
  const random = seededRandom(prefixes.length)
  const pick = (from: readonly string[]): string => from[Math.floor(random.next() * from.length)] ?? ''
  return () => pick(prefixes) + pick(suffixes)
}

async function measureAt(
  options: Options,
  directory: string,
  corpus: ReturnType<typeof readCorpus>,
  stored: { documents: number; bytes: number },
  nextId: () => string,
): Promise<AtScale> {
  const server = await startServer(options.server, directory)
  const { address } = server
  await lookUp(address, nextId, 1, WARM_LOOKUPS)
  const oneClient = await lookUp(address, nextId, 1, LOOKUPS)
  const fourClients = await lookUp(address, nextId, 4, LOOKUPS)
  const firstPage = await readFirstPages(address)
  const idle = await measureFreshness(address, FRESHNESS_SECONDS)
  const load = loadHttp(prepareRequests(corpus, address), address, {
    connections: 8,
    seconds: FRESHNESS_SECONDS + 1,
    documents: Number.POSITIVE_INFINITY,
    runSalt: freshSalt(),
    rate: BUSY_RATE,
  })
  const busy = await measureFreshness(address, FRESHNESS_SECONDS)
  const loaded = await load
  stored.documents += loaded.documents
  stored.bytes += loaded.documentBytes
  const residentMb = processStats(server.pid).residentBytes / 1e6
  const { bytes } = await settledDiskBytes(directory, 30_000, REST_LIMIT_MS)
  await server.stop()
  const result = {
    documents: stored.documents,
    startSeconds: server.firstAnswerMs / 1000,
    traceById: { oneClient, fourClients },
    firstPage,
    freshness: { busy, idle, rate: loaded.documents / loaded.elapsedSeconds },
    residentMb,
    diskBytes: bytes,
    rawBytes: stored.bytes,
  }
  console.error(JSON.stringify(result))
  return result
}

/** BatchGetTraces of one id at a time, closed loop. Throws when a trace is not there. */
async function lookUp(address: Address, nextId: () => string, clients: number, count: number): Promise<Percentiles> {
  const histogram = durationHistogram()
  let left = count
  const client = async (): Promise<void> => {
    const connection = await openConnection(address.host, address.port)
    while (left-- > 0) {
      const id = nextId()
      const beganMs = performance.now()
      const answer = JSON.stringify(await postJson(connection, address, '/Traces', { TraceIds: [id] }))
      histogram.record(performance.now() - beganMs)
      if (!answer.includes(`"Id":"${id}"`)) throw new Error(`trace ${id} was not returned: ${answer.slice(0, 200)}`)
    }
    connection.close()
  }
  await Promise.all(Array.from({ length: clients }, client))
  return percentiles(histogram)
}

/** GetTraceSummaries, newest hour, no filter, first page. */
async function readFirstPages(address: Address): Promise<Percentiles> {
  const histogram = durationHistogram()
  const connection = await openConnection(address.host, address.port)
  for (let page = 0; page < PAGES; page++) {
    const now = Math.floor(Date.now() / 1000)
    const beganMs = performance.now()
    await postJson(connection, address, '/TraceSummaries', { StartTime: now - 3600, EndTime: now + 60 })
    histogram.record(performance.now() - beganMs)
  }
  connection.close()
  return percentiles(histogram)
}

/** The figures of the targets that need ten million documents; with fewer they are worth knowing, no more. */
export function scaleFigures(results: readonly AtScale[]): readonly Figure[] {
  const [small, large] = results
  if (small === undefined || large === undefined) return []
  const comparable = large.documents >= 10_000_000 ? {} : { comparable: false as const }
  const note = `with ${large.documents.toLocaleString('en')} documents`
  const figure = (id: string, value: number, more = note): Figure => ({
    id,
    value,
    runs: [value],
    note: more,
    ...comparable,
  })
  const { oneClient, fourClients } = large.traceById
  const growth = oneClient.p50Ms / small.traceById.oneClient.p50Ms
  return [
    figure('P5 p50', oneClient.p50Ms, `${note}, one client; four clients ${fourClients.p50Ms.toFixed(1)} ms`),
    figure('P5 p99', oneClient.p99Ms, `${note}, one client; four clients ${fourClients.p99Ms.toFixed(1)} ms`),
    figure('P6', large.firstPage.p50Ms, `${note}; without a filter only; p99 ${large.firstPage.p99Ms.toFixed(0)} ms`),
    figure('P9', large.rawBytes / large.diskBytes, `${note}, whole data directory`),
    figure('P11 full', large.startSeconds),
    figure('P12', growth, `${note}; P5 p50 alone`),
  ]
}
