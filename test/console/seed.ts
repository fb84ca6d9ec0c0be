import type { RunningServer } from '../fixtures/run-server.ts'

/** A segment or subsegment document. */
export type Document = { readonly [field: string]: unknown }

/** A trace to look at. */
export type SeedTrace = {
  readonly id: string
  /** Epoch seconds. */
  readonly startSeconds: number
  readonly documents: readonly Document[]
}

const BATCH = 50
const BATCH_BYTES = 4 * 1024 * 1024

/** The id of a trace that began then; the number tells it from others. */
export const seedTraceId = (startSeconds: number, number: number): string =>
  `1-${Math.floor(startSeconds).toString(16).padStart(8, '0')}-${number.toString(16).padStart(24, '0')}`

/** An entity id: 16 hex digits. */
export const seedId = (number: number): string => number.toString(16).padStart(16, '0')

/** A whole second so long ago that everything of a trace is over, and recent enough for every window of the console. */
export const secondsAgo = (seconds: number): number => Math.floor(Date.now() / 1000) - seconds

/** Sends the documents of the traces, in order. Rejects when any of them is not taken. */
export async function sendTraces(server: RunningServer, ...traces: readonly SeedTrace[]): Promise<void> {
  const texts = traces.flatMap((trace) => trace.documents.map((document) => JSON.stringify(document)))
  for (const batch of batchesOf(texts)) {
    const answer = await fetch(`${server.url}/TraceSegments`, {
      method: 'POST',
      body: JSON.stringify({ TraceSegmentDocuments: batch }),
    })
    const text = await answer.text()
    if (text !== '{"UnprocessedTraceSegments":[]}') throw new Error(`${answer.status} ${text.slice(0, 500)}`)
  }
}

function batchesOf(texts: readonly string[]): readonly (readonly string[])[] {
  const batches: string[][] = []
  let bytes = 0
  for (const text of texts) {
    const last = batches.at(-1)
    if (last === undefined || last.length === BATCH || bytes + text.length > BATCH_BYTES) {
      batches.push([text])
      bytes = text.length
    } else {
      last.push(text)
      bytes += text.length
    }
  }
  return batches
}
