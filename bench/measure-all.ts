import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, release, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freshSalt, type Options } from './command-line.ts'
import { type Corpus, readCorpus } from './corpus.ts'
import { settledDiskBytes } from './disk-usage.ts'
import { measureFreshness } from './freshness.ts'
import { median } from './histogram.ts'
import { ingestOverHttp, ingestOverUdp, type IngestRun } from './ingest-run.ts'
import { loadHttp, prepareRequests, type Requests } from './load-http.ts'
import { prepareDatagrams } from './load-udp.ts'
import { parseCost } from './parse-cost.ts'
import { processStats } from './process-stats.ts'
import { type ServerProcess, startServer } from './server-process.ts'
import type { Figure, Results } from './targets.ts'
import { type ExpectedTraces, expectedTraces } from './verify.ts'

/** How long and how often: everything is bounded, the whole takes a few minutes. */
export type Scale = {
  readonly documents: number
  readonly runs: number
  readonly seconds: number
  readonly udpRates: readonly number[]
  readonly udpSeconds: number
  readonly mergeLimitMs: number
}

export const FULL_SCALE: Scale = {
  documents: 100_000,
  runs: 5,
  seconds: 10,
  udpRates: [15_000, 20_000, 30_000, 40_000, 50_000],
  udpSeconds: 5,
  mergeLimitMs: 120_000,
}
export const QUICK_SCALE: Scale = {
  documents: 20_000,
  runs: 1,
  seconds: 4,
  udpRates: [15_000, 40_000],
  udpSeconds: 2,
  mergeLimitMs: 8_000,
}

const MEMORY_RATE = 20_000
const MEBI = 1024 * 1024

/** What the measurements share, and where they put what they find. */
type Bench = {
  readonly options: Options
  readonly scale: Scale
  readonly corpus: Corpus
  readonly expected: ExpectedTraces
  readonly figures: Figure[]
  readonly problems: string[]
  readonly details: Record<string, unknown>
}

/** A server under load, with what it has been sent so far. */
type Subject = {
  readonly server: ServerProcess
  readonly requests: Requests
  readonly stored: { documents: number; bytes: number }
}

/** Runs every measurement there is against the built server, each in a temporary directory of its own. */
export async function measureAll(options: Options, scale: Scale): Promise<Results> {
  const loadBefore = Math.round((loadavg()[0] ?? 0) * 100) / 100
  const corpus = readCorpus(options.out, 'bodies')
  const bench: Bench = {
    options,
    scale,
    corpus,
    expected: expectedTraces(corpus),
    figures: [],
    problems: [],
    details: {},
  }
  const isWanted = (...targets: readonly string[]): boolean =>
    options.only.length === 0 || options.only.some((target) => targets.includes(target))
  if (isWanted('P11')) await measureStart(bench)
  if (isWanted('P1', 'P2', 'P4', 'P9')) await inTemporaryDirectory((directory) => measureIngest(bench, directory))
  if (isWanted('P10')) await inTemporaryDirectory((directory) => measureMemory(bench, directory))
  if (isWanted('P3')) await inTemporaryDirectory((directory) => measureDatagrams(bench, directory))
  const { manifest } = corpus
  return {
    date: options.date,
    quick: options.quick,
    machine: {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      memoryGiB: Math.round(totalmem() / MEBI / 1024),
      node: process.version,
      loadBefore,
      os: `${process.platform} ${release().split('.').slice(0, 2).join('.')}`,
    },
    workload: `${manifest.documents} documents, seed ${manifest.seed}, mean ${manifest.meanBytes} B, ${manifest.entitiesPerDocument} segments and subsegments each; new trace ids on every pass`,
    figures: bench.figures,
    problems: bench.problems,
    details: bench.details,
  }
}

async function inTemporaryDirectory(measure: (directory: string) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'radiograph-bench-'))
  try {
    await measure(directory)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** Notes a figure as the median of its runs; none at all is a problem, not a figure. */
function note(bench: Bench, id: string, runs: readonly number[], text?: string, comparable = true): void {
  if (runs.length === 0) return
  const figure = { id, value: median(runs), runs }
  const noted = text === undefined ? figure : { ...figure, note: text }
  bench.figures.push(comparable ? noted : { ...noted, comparable: false })
  console.error(`${id}: ${figure.value.toPrecision(4)}  (${runs.map((run) => run.toPrecision(4)).join(', ')})`)
}

/** P11 on an empty directory. */
async function measureStart(bench: Bench): Promise<void> {
  const runs: number[] = []
  for (let run = 0; run < bench.scale.runs; run++) {
    await inTemporaryDirectory(async (directory) => {
      const server = await startServer(bench.options.server, directory)
      runs.push(server.firstAnswerMs / 1000)
      await server.stop()
    })
  }
  note(bench, 'P11 empty', runs)
}

/** P1, P2, P4, P9 and P11 on the directory that they leave, in one server's life. */
async function measureIngest(bench: Bench, directory: string): Promise<void> {
  const { scale, corpus, options } = bench
  const server = await startServer(options.server, directory)
  const requests = prepareRequests(corpus, server.address)
  const subject: Subject = { server, requests, stored: { documents: 0, bytes: 0 } }
  const maximum = await measureMaximum(bench, subject)
  if (maximum !== undefined) {
    await measureAnswers(bench, subject, maximum / 2)
    await measureFinding(bench, subject, maximum / 2)
  }
  await measureDisk(bench, subject, directory)
  await server.stop()
  const runs: number[] = []
  for (let run = 0; run < scale.runs; run++) {
    const again = await startServer(options.server, directory)
    runs.push(again.firstAnswerMs / 1000)
    await again.stop()
  }
  const sent = `with ${subject.stored.documents.toLocaleString('en')} documents sent`
  // Fewer than ten million say nothing about the target, but they are worth knowing.
  note(bench, 'P11 full', runs, sent, subject.stored.documents >= 10_000_000)
}

async function run(bench: Bench, subject: Subject, label: string, plan: { rate?: number }): Promise<IngestRun> {
  const { server, requests, stored } = subject
  const result = await ingestOverHttp(
    requests,
    {
      ...plan,
      connections: 8,
      seconds: bench.scale.seconds,
      documents: Number.POSITIVE_INFINITY,
      runSalt: freshSalt(),
    },
    { address: server.address, pid: server.pid, expected: bench.expected, sampleSize: bench.options.sample },
  )
  stored.documents += result.load.documents
  stored.bytes += result.load.documentBytes
  for (const problem of result.problems) bench.problems.push(`${label}: ${problem}`)
  return result
}

/** P1. Returns the median rate, nothing when no run may be used. */
async function measureMaximum(bench: Bench, subject: Subject): Promise<number | undefined> {
  const { scale, corpus } = bench
  const warmUp = { connections: 8, seconds: 2, documents: Number.POSITIVE_INFINITY, runSalt: freshSalt() }
  const warmed = await loadHttp(subject.requests, subject.server.address, warmUp)
  subject.stored.documents += warmed.documents
  subject.stored.bytes += warmed.documentBytes
  const rates: number[] = []
  const ratios: number[] = []
  const details: unknown[] = []
  for (let i = 0; i < scale.runs; i++) {
    const result = await run(bench, subject, 'P1', {})
    // Right beside the run, while the server rests: the machine's speed of this minute.
    const parsing = parseCost(corpus, 1.5)
    const { ledger: _, ...load } = result.load
    details.push({ ...result, load, parsing })
    if (result.problems.length > 0) continue
    rates.push(result.documentsPerSecond)
    if (result.server !== undefined) ratios.push(result.server.microsPerDocument / parsing.microsPerDocument)
    if (result.server?.cameToRest === false)
      bench.problems.push('P1: the server did not come to rest: its CPU is a minimum')
  }
  bench.details['P1'] = details
  note(bench, 'P1 rate', rates, 'answered after fdatasync, default settings; a read-back follows every run')
  note(bench, 'P1 cost', ratios, 'CPU until the server rests again')
  return rates.length === 0 ? undefined : median(rates)
}

/** P2: open-loop. */
async function measureAnswers(bench: Bench, subject: Subject, rate: number): Promise<void> {
  const p99s: number[] = []
  const details: unknown[] = []
  for (let i = 0; i < bench.scale.runs; i++) {
    const result = await run(bench, subject, 'P2', { rate })
    details.push({ rate, reached: result.documentsPerSecond, answers: result.load.answers })
    if (result.problems.length === 0) p99s.push(result.load.answers.p99Ms)
  }
  bench.details['P2'] = details
  note(bench, 'P2', p99s, `at ${Math.round(rate).toLocaleString('en')} documents/s, from the moment a call was due`)
}

/** P4, first at half of the maximum rate, then idle. */
async function measureFinding(bench: Bench, subject: Subject, rate: number): Promise<void> {
  const { server, requests, stored } = subject
  const { seconds } = bench.scale
  const plan = { connections: 8, seconds: seconds + 1, documents: Number.POSITIVE_INFINITY, runSalt: freshSalt(), rate }
  const load = loadHttp(requests, server.address, plan)
  await sleep(500)
  const busy = await measureFreshness(server.address, seconds)
  const loaded = await load
  stored.documents += loaded.documents
  stored.bytes += loaded.documentBytes
  await sleep(2_000)
  const idle = await measureFreshness(server.address, Math.min(5, seconds))
  bench.details['P4'] = { rate, busy, idle, answersDuringProbes: loaded.answers }
  if (loaded.failedCalls > 0)
    bench.problems.push(`P4: ${loaded.failedCalls} calls failed: ${loaded.firstFailure ?? ''}`)
  if (busy.neverFound + idle.neverFound > 0) bench.problems.push('P4: a marker was not found within 10 s')
  const describe = (count: number): string => `${count} markers, one run`
  note(bench, 'P4', [busy.delay.p99Ms], describe(busy.delay.count))
  note(bench, 'P4 idle', [idle.delay.p99Ms], describe(idle.delay.count))
}

/** P9. The reads before have sealed what the spool held. */
async function measureDisk(bench: Bench, subject: Subject, directory: string): Promise<void> {
  const { bytes, settled } = await settledDiskBytes(directory, bench.scale.mergeLimitMs / 4, bench.scale.mergeLimitMs)
  const { stored } = subject
  bench.details['P9'] = { diskBytes: bytes, rawBytes: stored.bytes, documents: stored.documents, settled }
  const state = settled ? 'size at rest' : 'size still changing when the time was up'
  note(
    bench,
    'P9',
    [stored.bytes / bytes],
    `${(bytes / stored.documents).toFixed(0)} B per document, whole data directory; ${state}`,
  )
}

/** P10, in a fresh server: the highest of samples twice a second. */
async function measureMemory(bench: Bench, directory: string): Promise<void> {
  const server = await startServer(bench.options.server, directory)
  const requests = prepareRequests(bench.corpus, server.address)
  const seconds = bench.scale.seconds * Math.min(3, bench.scale.runs)
  // A young process answers slower than the rate wants, and would spend the run catching up.
  const warmUp = { connections: 8, seconds: 2, documents: Number.POSITIVE_INFINITY, runSalt: freshSalt() }
  await loadHttp(requests, server.address, warmUp)
  const samples: number[] = []
  const timer = setInterval(() => samples.push(processStats(server.pid).residentBytes / 1e6), 500)
  const plan = { connections: 8, seconds, documents: Number.POSITIVE_INFINITY, runSalt: freshSalt(), rate: MEMORY_RATE }
  const load = await loadHttp(requests, server.address, plan)
  clearInterval(timer)
  await server.stop()
  const reached = load.documents / load.elapsedSeconds
  bench.details['P10'] = { reached, samplesMb: samples }
  if (load.failedCalls > 0) bench.problems.push(`P10: ${load.failedCalls} calls failed: ${load.firstFailure ?? ''}`)
  const rate = Math.round(reached).toLocaleString('en')
  note(bench, 'P10', [Math.max(...samples)], `over ${seconds} s at ${rate} documents/s`, reached > MEMORY_RATE * 0.95)
}

/** P3: the highest rate of the ladder at which nothing is lost; a step must hold in the majority of its runs. */
async function measureDatagrams(bench: Bench, directory: string): Promise<void> {
  const { scale, options } = bench
  const server = await startServer(options.server, directory)
  const corpus = readCorpus(options.out, 'datagrams')
  const datagrams = prepareDatagrams(corpus)
  const expected = expectedTraces(corpus)
  const steps: { rate: number; reached: number; lost: number; drops: number; lossless: boolean }[] = []
  let best = 0
  for (const rate of scale.udpRates) {
    let held = 0
    const tries = Math.min(3, scale.runs)
    for (let i = 0; i < tries; i++) {
      const result = await ingestOverUdp(
        datagrams,
        { rate, seconds: scale.udpSeconds, documents: Number.POSITIVE_INFINITY, runSalt: freshSalt() },
        { address: server.address, udp: server.address, pid: server.pid, expected, sampleSize: options.sample },
      )
      const lost = result.verification?.documentsMissing ?? 0
      const reached = result.datagramsPerSecond
      steps.push({ rate, reached, lost, drops: result.kernelDrops, lossless: result.lossless })
      if (result.lossless && reached > rate * 0.97) held++
    }
    if (held * 2 <= tries) break
    best = rate
  }
  await server.stop()
  bench.details['P3'] = steps
  note(
    bench,
    'P3',
    [best],
    `steps ${scale.udpRates.map((rate) => rate / 1000).join(', ')} thousand; drops counted by the kernel, and read back`,
  )
}
