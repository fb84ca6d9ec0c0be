import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Options, freshSalt, UsageError } from './command-line.ts'
import { type Address, openConnection, postJson, readAddress } from './connection.ts'
import { type Manifest, readCorpus, readManifest, writeCorpus } from './corpus.ts'
import { ingestOverHttp, ingestOverUdp, type RunContext } from './ingest-run.ts'
import { prepareRequests } from './load-http.ts'
import { prepareDatagrams } from './load-udp.ts'
import { median } from './histogram.ts'
import { FULL_SCALE, measureAll, QUICK_SCALE } from './measure-all.ts'
import { parseCost } from './parse-cost.ts'
import { createBenchGroup, measureScale, scaleFigures } from './measure-scale.ts'
import { runQueries } from './query-run.ts'
import { onlyOf, querySet } from './query-set.ts'
import { loadResults, resultTable, saveResults, writeDocs } from './report.ts'
import { startServer } from './server-process.ts'
import type { Results } from './targets.ts'
import { expectedTraces } from './verify.ts'
import { makeWorkload } from './workload.ts'

const DEFAULT_DOCUMENTS = 100_000
const DEFAULT_SECONDS = 10
const DEFAULT_UDP_RATE = 15_000

/** `bench generate`: writes the workload and prints what it is like. */
export function generate(options: Options): void {
  const documents = options.documents ?? DEFAULT_DOCUMENTS
  const manifest = writeCorpus(options.out, makeWorkload(documents, options.seed), options.seed)
  printManifest(options.out, manifest)
}

/** Makes sure that a workload of this size and seed is in the directory. */
function ensureCorpus(directory: string, documents: number, seed: number): void {
  const known = readManifest(directory)
  if (known?.documents === documents && known.seed === seed) return
  printManifest(directory, writeCorpus(directory, makeWorkload(documents, seed), seed))
}

function printManifest(directory: string, manifest: Manifest): void {
  const { documents, traces, medianBytes, meanBytes, p99Bytes, entitiesPerDocument, duplicates, classes } = manifest
  console.log(`${documents} documents of ${traces} traces in ${directory}`)
  console.log(`size: median ${medianBytes} B, mean ${meanBytes} B, p99 ${p99Bytes} B`)
  console.log(`${entitiesPerDocument} segments and subsegments per document, ${duplicates} exact duplicates`)
  for (const [kind, count] of Object.entries(classes)) {
    console.log(`  ${kind.padEnd(8)} ${String(count).padStart(8)}  ${((count / documents) * 100).toFixed(2)} %`)
  }
}

/** `bench ingest`: replays against a server. Returns whether the figures may be used. */
export async function ingest(options: Options): Promise<boolean> {
  if (options.url === undefined) throw new UsageError('ingest needs --url http://HOST:PORT')
  const address = readAddress(options.url)
  const corpusForm = options.protocol === 'udp' ? 'datagrams' : 'bodies'
  ensureDefaultCorpus(options)
  const corpus = readCorpus(options.out, corpusForm)
  const context: RunContext = {
    address,
    expected: expectedTraces(corpus),
    sampleSize: options.sample,
    ...(options.pid === undefined ? {} : { pid: options.pid }),
  }
  const limits = {
    seconds: options.seconds ?? (options.documents === undefined ? DEFAULT_SECONDS : 600),
    documents: options.documents ?? Number.POSITIVE_INFINITY,
    runSalt: freshSalt(),
  }
  if (options.protocol === 'udp') {
    const udp = options.udp === undefined ? address : readAddress(`http://${options.udp}`)
    const rate = options.rate ?? DEFAULT_UDP_RATE
    const run = await ingestOverUdp(prepareDatagrams(corpus), { ...limits, rate }, { ...context, udp })
    const { ledger: _, ...load } = run.load
    console.log(JSON.stringify({ ...run, load }, null, 2))
    if (!run.lossless) console.error('error: documents were lost')
    return run.lossless
  }
  const plan = {
    ...limits,
    connections: options.connections,
    ...(options.rate === undefined ? {} : { rate: options.rate }),
  }
  const run = await ingestOverHttp(prepareRequests(corpus, address), plan, context)
  const { ledger: _, ...load } = run.load
  console.log(JSON.stringify({ ...run, load }, null, 2))
  for (const problem of run.problems) console.error(`error: ${problem}`)
  return run.problems.length === 0
}

/** `bench parse`: the CPU of merely parsing both JSON layers. */
export function parse(options: Options): void {
  ensureDefaultCorpus(options)
  const cost = parseCost(readCorpus(options.out, 'bodies'), options.seconds ?? 3)
  console.log(
    `${cost.microsPerDocument.toFixed(2)} µs CPU per document, ${Math.round(cost.documentsPerSecond)} documents/s`,
  )
}

function ensureDefaultCorpus(options: Options): void {
  if (readManifest(options.out) === undefined) ensureCorpus(options.out, DEFAULT_DOCUMENTS, options.seed)
}

/** `bench start`: P11, on a directory of the caller's or on empty ones. */
export async function start(options: Options): Promise<void> {
  const seconds: number[] = []
  for (let run = 0; run < (options.runs ?? 5); run++) {
    const directory = options.data ?? mkdtempSync(join(tmpdir(), 'radiograph-bench-'))
    try {
      const server = await startServer(options.server, directory)
      seconds.push(server.firstAnswerMs / 1000)
      await server.stop()
    } finally {
      if (options.data === undefined) rmSync(directory, { recursive: true, force: true })
    }
  }
  const each = seconds.map((value) => value.toFixed(2)).join(', ')
  console.log(`start to first answer: median ${median(seconds).toFixed(2)} s of ${each}`)
}

/** `bench all`: measures everything, saves it, prints the table. A quick run leaves the docs alone. */
export async function all(options: Options): Promise<boolean> {
  const base = options.quick ? QUICK_SCALE : FULL_SCALE
  const scale = {
    ...base,
    documents: options.documents ?? base.documents,
    runs: options.runs ?? base.runs,
    seconds: options.seconds ?? base.seconds,
  }
  const out = `bench/data/${scale.documents}-${options.seed}`
  ensureCorpus(out, scale.documents, options.seed)
  const measured = await measureAll({ ...options, out }, scale)
  const results = options.only.length === 0 ? measured : withFigures(loadResults(options.results), measured)
  const path = saveResults(results)
  if (!options.quick) writeDocs(results)
  console.log(`\n${resultTable(results)}\n\nsaved in ${path}`)
  for (const problem of results.problems) console.error(`error: ${problem}`)
  return results.problems.length === 0
}

/** `bench report`: the table, and the page and chart of the docs, from saved results. */
export function report(options: Options): void {
  const results = loadResults(options.results)
  writeDocs(results)
  console.log(resultTable(results))
}

/** `bench query`: the questions of P5 to P8, with one client and with four, against a server that was filled before. */
export async function query(options: Options): Promise<void> {
  if (options.url === undefined) throw new UsageError('query needs --url http://HOST:PORT')
  const address = readAddress(options.url)
  ensureDefaultCorpus(options)
  const corpus = readCorpus(options.out, 'bodies')
  const ids = await someIds(address)
  if (ids.length === 0) throw new UsageError('no trace in the last hour: fill the server first, with bench ingest')
  await createBenchGroup(address, corpus)
  let asked = 0
  const nextId = (): string => ids[asked++ % ids.length] ?? ''
  const queries = onlyOf(querySet(corpus, nextId), options.only)
  const figures = await runQueries(address, queries, { times: 1_000, seconds: options.seconds ?? DEFAULT_SECONDS })
  console.log(JSON.stringify(figures, null, 2))
}

const ID_PAGES = 20

/** Ids of the newest traces, a few pages of them. */
async function someIds(address: Address): Promise<readonly string[]> {
  const connection = await openConnection(address.host, address.port)
  const now = Math.floor(Date.now() / 1000)
  const ids: string[] = []
  let token: string | undefined
  for (let page = 0; page < ID_PAGES; page++) {
    const window = { StartTime: now - 3_600, EndTime: now + 60 }
    const answer = (await postJson(connection, address, '/TraceSummaries', {
      ...window,
      ...(token === undefined ? {} : { NextToken: token }),
    })) as { TraceSummaries: readonly { Id: string }[]; NextToken?: string } // the model's shape
    ids.push(...answer.TraceSummaries.map(({ Id }) => Id))
    token = answer.NextToken
    if (token === undefined) break
  }
  connection.close()
  return ids
}

/** What is known, with what was measured again in its place. */
function withFigures(known: Results, again: Pick<Results, 'figures' | 'details' | 'problems'>): Results {
  const { figures, details, problems } = again
  return {
    ...known,
    figures: [...known.figures.filter(({ id }) => !figures.some((other) => other.id === id)), ...figures],
    details: { ...known.details, ...details },
    problems: [...known.problems, ...problems],
  }
}

/** `bench scale`: what needs a large store, added to the results of `bench all`. */
export async function scale(options: Options): Promise<void> {
  ensureDefaultCorpus(options)
  const measured = await measureScale(options, options.documents ?? 10_000_000)
  const results = withFigures(loadResults(options.results), {
    figures: scaleFigures(measured),
    details: { scale: measured },
    problems: [],
  })
  saveResults(results)
  writeDocs(results)
  console.log(resultTable(results))
}
