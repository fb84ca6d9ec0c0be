import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freshSalt, type Options } from './command-line.ts'
import { type Address, openConnection, postJson } from './connection.ts'
import { type Corpus, readCorpus } from './corpus.ts'
import { settledDiskBytes } from './disk-usage.ts'
import { type Freshness, measureFreshness } from './freshness.ts'
import { loadHttp, prepareRequests } from './load-http.ts'
import { figureLine, type QueryFigures, runBusyQueries, runQueries } from './query-run.ts'
import { BENCH_GROUP, groupExpression, onlyOf, querySet } from './query-set.ts'
import { processStats, waitUntilIdle } from './process-stats.ts'
import { seededRandom } from './random.ts'
import { readFiles } from './read-files.ts'
import { startServer } from './server-process.ts'
import type { Figure } from './targets.ts'
import { expectedTraces } from './verify.ts'

/** What was measured with so many documents stored. */
export type AtScale = {
  readonly documents: number
  readonly startSeconds: number
  /** How long the server took, with nothing else to do, to count the graphs of what had been stored. */
  readonly countedSeconds: number
  readonly queries: readonly QueryFigures[]
  readonly freshness: { readonly busy: Freshness; readonly idle: Freshness; readonly rate: number }
  readonly residentMb: number
  readonly diskBytes: number
  readonly rawBytes: number
}

const LIMITS = { times: 300, seconds: 10 }
const BUSY_LIMITS = { times: 100, seconds: 3 }
const FRESHNESS_SECONDS = 8
/** Half of the floor of P1: a load that the server must bear beside queries. */
const BUSY_RATE = 12_500
const REST_LIMIT_MS = 180_000
/** Ids of the last so many passes are asked for; the older ones are no colder. */
const REMEMBERED_PASSES = 50

/**
 * P4 to P9, P11 and P12 with a tenth of the documents stored, then with all of them, in one data
 * directory. What the server answered is not read back here: `bench all` does that.
 */
export async function measureScale(options: Options, documents: number): Promise<readonly AtScale[]> {
  const directory = mkdtempSync(join(tmpdir(), 'radiograph-scale-'))
  const corpus = readCorpus(options.out, 'bodies')
  const suffixes = [...expectedTraces(corpus).keys()]
  const stored = { documents: 0, bytes: 0 }
  const prefixes: string[] = []
  const pass = corpus.manifest.documents
  const results: AtScale[] = []
  try {
    for (const size of [documents / 10, documents]) {
      const filling = await startServer(options.server, directory)
      const loaded = await loadHttp(prepareRequests(corpus, filling.address), filling.address, {
        connections: 8,
        seconds: 3_600,
        // Whole passes: all traces of a pass are asked for.
        documents: Math.ceil((size - stored.documents) / pass) * pass,
        runSalt: freshSalt(),
      })
      if (loaded.failedCalls > 0) throw new Error(`${loaded.failedCalls} calls failed: ${loaded.firstFailure ?? ''}`)
      stored.documents += loaded.documents
      stored.bytes += loaded.documentBytes
      prefixes.push(...loaded.ledger.passes.slice(-REMEMBERED_PASSES).map(({ pass }) => pass.idPrefix))
      await waitUntilIdle(filling.pid, REST_LIMIT_MS)
      const asksForGraphs = options.only.length === 0 || options.only.includes('P7')
      const countedSeconds = asksForGraphs ? await graphsAreCounted(filling.address) : 0
      await filling.stop()
      const ids = traceIds(prefixes.slice(-REMEMBERED_PASSES), suffixes)
      results.push({ ...(await measureAt(options, directory, corpus, stored, ids)), countedSeconds })
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
  corpus: Corpus,
  stored: { documents: number; bytes: number },
  nextId: () => string,
): Promise<Omit<AtScale, 'countedSeconds'>> {
  const server = await startServer(options.server, directory)
  const { address } = server
  await createBenchGroup(address, corpus)
  const set = onlyOf(querySet(corpus, nextId), options.only)
  const quiet = await runQueries(address, set, LIMITS, () => readFiles(directory))
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
  const background = loadHttp(prepareRequests(corpus, address), address, {
    connections: 8,
    seconds: set.length * BUSY_LIMITS.seconds,
    documents: Number.POSITIVE_INFINITY,
    runSalt: freshSalt(),
    rate: BUSY_RATE,
  })
  const queries = await runBusyQueries(address, set, BUSY_LIMITS, quiet)
  const more = await background
  for (const figures of queries) console.error(figureLine(figures))
  stored.documents += loaded.documents + more.documents
  stored.bytes += loaded.documentBytes + more.documentBytes
  const residentMb = processStats(server.pid).residentBytes / 1e6
  const { bytes } = await settledDiskBytes(directory, 30_000, REST_LIMIT_MS)
  await server.stop()
  const result = {
    documents: stored.documents,
    startSeconds: server.firstAnswerMs / 1000,
    queries,
    freshness: { busy, idle, rate: loaded.documents / loaded.elapsedSeconds },
    residentMb,
    diskBytes: bytes,
    rawBytes: stored.bytes,
  }
  console.error(JSON.stringify(result))
  return result
}

/** Minutes are left alone until they have been quiet for so long. */
const QUIET_MS = 65_000
const COUNT_LIMIT_MS = 1_800_000
const LOOK_EVERY_MS = 2_000

/** Waits until no minute waits to be counted, which is done in spare time. Seconds. */
async function graphsAreCounted(address: Address): Promise<number> {
  await sleep(QUIET_MS)
  const beganMs = performance.now()
  while (performance.now() - beganMs < COUNT_LIMIT_MS) {
    const metrics = await (await fetch(`http://${address.host}:${address.port}/metrics`)).text()
    const waiting = /^radiograph_graph_minutes_waiting (\d+)/m.exec(metrics)?.[1]
    if (waiting === undefined || waiting === '0') break
    await sleep(LOOK_EVERY_MS)
  }
  return (performance.now() - beganMs) / 1000
}

/** Creates the group that is asked for, or leaves the one that an earlier run made. */
export async function createBenchGroup(address: Address, corpus: Corpus): Promise<void> {
  const connection = await openConnection(address.host, address.port)
  const { Groups } = (await postJson(connection, address, '/Groups', {})) as {
    Groups: readonly { readonly GroupName?: string }[]
  }
  if (!Groups.some(({ GroupName }) => GroupName === BENCH_GROUP)) {
    await postJson(connection, address, '/CreateGroup', {
      GroupName: BENCH_GROUP,
      FilterExpression: groupExpression(corpus),
    })
  }
  connection.close()
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
  const of = (results: AtScale, target: string): readonly QueryFigures[] =>
    results.queries.filter((query) => query.target === target)
  /** The slowest question of a target. */
  const slowest = (target: string): Figure[] => {
    const [first] = of(large, target).toSorted((a, b) => b.oneClient.p50Ms - a.oneClient.p50Ms)
    if (first === undefined) return []
    const each = of(large, target).map(({ name, oneClient }) => `${name} ${oneClient.p50Ms.toFixed(1)}`)
    return [figure(target, first.oneClient.p50Ms, `${note}; p50 of the slowest: ${each.join(', ')}`)]
  }
  const growths = large.queries.flatMap(({ name, target, oneClient }) => {
    const before = small.queries.find((query) => query.name === name)
    return before === undefined || target === 'P8' ? [] : [oneClient.p50Ms / before.oneClient.p50Ms]
  })
  const [byId] = of(large, 'P5')
  return [
    ...(byId === undefined
      ? []
      : [
          figure('P5 p50', byId.oneClient.p50Ms, `${note}, one client; four ${byId.fourClients.p50Ms.toFixed(1)} ms`),
          figure('P5 p99', byId.oneClient.p99Ms, `${note}, one client; four ${byId.fourClients.p99Ms.toFixed(1)} ms`),
        ]),
    ...slowest('P6'),
    ...slowest('P7'),
    ...slowest('P8'),
    figure('P9', large.rawBytes / large.diskBytes, `${note}, whole data directory`),
    figure('P11 full', large.startSeconds),
    figure('P12', Math.max(...growths), `${note}; the question that grows most`),
  ]
}
