import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Address, openConnection, postJson } from './connection.ts'
import { durationHistogram, type Percentiles, percentiles } from './histogram.ts'

/** P4: how long an acknowledged trace stays unfindable. */
export type Freshness = { readonly delay: Percentiles; readonly neverFound: number }

const PROBE_EVERY_MS = 250
const POLL_EVERY_MS = 5
const GIVE_UP_MS = 10_000
/** Markers lie this far in the past, one second each: nothing else is in their window. */
const MARKER_AGE_SECONDS = 6 * 3_600

/**
 * Writes a marker trace about every 250 ms and asks GetTraceSummaries for its second of time until it is there.
 * The delay counts from the answer to the write; the smallest one possible is one query.
 */
export async function measureFreshness(address: Address, seconds: number): Promise<Freshness> {
  const connection = await openConnection(address.host, address.port)
  const histogram = durationHistogram()
  let neverFound = 0
  const endMs = performance.now() + seconds * 1000
  const firstSecond = Math.floor(Date.now() / 1000) - MARKER_AGE_SECONDS
  for (let probe = 0; performance.now() < endMs; probe++) {
    const turnMs = performance.now()
    const second = firstSecond + probe * 2
    const traceId = `1-${second.toString(16)}-${randomBytes(12).toString('hex')}`
    const document = {
      name: 'bench-marker',
      id: randomBytes(8).toString('hex'),
      trace_id: traceId,
      start_time: second + 0.25,
      end_time: second + 0.5,
    }
    await postJson(connection, address, '/TraceSegments', { TraceSegmentDocuments: [JSON.stringify(document)] })
    const answeredMs = performance.now()
    const window = { StartTime: second, EndTime: second + 1 }
    for (;;) {
      const page = JSON.stringify(await postJson(connection, address, '/TraceSummaries', window))
      const delayMs = performance.now() - answeredMs
      if (page.includes(traceId)) {
        histogram.record(delayMs)
        break
      }
      if (delayMs > GIVE_UP_MS) {
        neverFound++
        break
      }
      await sleep(POLL_EVERY_MS)
    }
    await sleep(Math.max(0, PROBE_EVERY_MS - (performance.now() - turnMs)))
  }
  connection.close()
  return { delay: percentiles(histogram), neverFound }
}
