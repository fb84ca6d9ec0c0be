import { batchesOf } from '../demo/batches.ts'
import { demoDocuments } from '../demo/demo-documents.ts'
import type { Environment } from '../server/config.ts'
import { StartError } from '../server/start-error.ts'
import { printable } from './rejected.ts'
import { usualAddress } from './ask-server.ts'

/** What `radiograph demo` was asked for. */
export type DemoFlags = {
  readonly url?: string
  readonly minutes: string
  readonly traces?: string
  readonly seed?: string
}

/** What the command has of the world. */
export type DemoHost = {
  readonly environment: Environment
  /** Epoch milliseconds. */
  readonly now: () => number
  /** How far it is. */
  readonly progress: (text: string) => void
}

const PER_MINUTE = 20
const MAX_MINUTES = 7 * 24 * 60
const MAX_TRACES = 1_000_000
const TIMEOUT_MS = 30_000
/** Of a call that the server has no room for at the moment. */
const RETRIES = 10
const RETRY_MS = 500

/**
 * Sends the traces of a shop that never was, as its services would have (PutTraceSegments). Answers lines that
 * say where to look. Throws a `StartError` for what the operator can mend.
 */
export async function demo(flags: DemoFlags, { environment, now, progress }: DemoHost): Promise<readonly string[]> {
  const minutes = wholeNumber('--minutes', flags.minutes, MAX_MINUTES)
  const requests = flags.traces === undefined ? minutes * PER_MINUTE : wholeNumber('--traces', flags.traces, MAX_TRACES)
  const nowSeconds = now() / 1000
  const seed = flags.seed === undefined ? Math.floor(nowSeconds) : wholeNumber('--seed', flags.seed, 2 ** 32 - 1)
  const url = flags.url ?? usualAddress(environment)
  const base = readBase(url)
  let documents = 0
  let traces = 0
  for (const batch of batchesOf(demoDocuments({ nowSeconds, seed, minutes, perMinute: requests / minutes }))) {
    await put(url, base, batch.texts)
    documents += batch.texts.length
    traces += batch.traces
    progress(`${traces} traces, ${documents} documents`)
  }
  return whereToLook(url, minutes, traces, documents)
}

function whereToLook(url: string, minutes: number, traces: number, documents: number): readonly string[] {
  const address = url.replace(/\/+$/, '')
  const options = `--from ${minutes + 5}m --url ${address}`
  return [
    `${traces} traces of a web shop (${documents} documents) are at ${address}, of the last ${minutes} minutes.`,
    'After two thirds of that time, version 42 of payments went wrong. To see it, open',
    `  ${address}/map?t=${minutes + 5}m`,
    'or ask:',
    `  radiograph traces 'fault' ${options}`,
    `  radiograph traces 'service("payments") { fault AND annotation.version = 42 }' ${options}`,
    `  radiograph traces 'segments() > 100' --extended ${options}`,
    `  curl '${address}/api/graph?from=${minutes + 5}m'`,
  ]
}

function wholeNumber(option: string, text: string, max: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : 0
  if (value >= 1 && value <= max) return value
  throw new StartError(`${option} must be an integer from 1 to ${max}`)
}

function readBase(url: string): URL {
  const base = URL.canParse(url) ? new URL(url) : undefined
  if (base !== undefined && /^https?:$/.test(base.protocol)) return base
  throw new StartError(`cannot send to ${url}: expected a URL such as http://127.0.0.1:2000`)
}

/** One call; as long as the server has no room it is tried again. */
async function put(url: string, base: URL, texts: readonly string[]): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const { status, body } = await post(url, base, JSON.stringify({ TraceSegmentDocuments: texts }))
    if (status === 429 && attempt < RETRIES) {
      await new Promise((resolve) => void setTimeout(resolve, RETRY_MS))
      continue
    }
    const unprocessed = isObject(body) ? body['UnprocessedTraceSegments'] : undefined
    if (status === 200 && Array.isArray(unprocessed)) return refuseRejected(url, unprocessed)
    const message = isObject(body) && typeof body['message'] === 'string' ? body['message'] : undefined
    if (message === undefined) throw new StartError(`cannot send to ${url}: that is no Radiograph`)
    throw new StartError(`${url} refused the traces: ${printable(message)}`)
  }
}

function refuseRejected(url: string, unprocessed: readonly unknown[]): void {
  const [first] = unprocessed
  if (first === undefined) return
  throw new StartError(
    `${url} rejected ${unprocessed.length} documents, the first with ${printable(JSON.stringify(first))}`,
  )
}

async function post(
  url: string,
  base: URL,
  text: string,
): Promise<{ readonly status: number; readonly body: unknown }> {
  try {
    const answer = await fetch(new URL('/TraceSegments', base), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: text,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    return { status: answer.status, body: parse(await answer.text()) }
  } catch (error) {
    const { cause, message } = error as Error
    const reason = cause instanceof Error ? cause.message : message
    throw new StartError(`cannot send to ${url}: ${reason}: is the server running there?`, { cause: error })
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null
