import { readFile } from 'node:fs/promises'
import { Agent } from 'node:http'
import { expect, test } from 'vitest'
import { catalogue } from '../fixtures/catalogue.ts'
import { jsonAnswer, send } from '../fixtures/raw-http.ts'
import { startServer, type RunningServer } from '../fixtures/run-server.ts'
import { mutateBytes, mutateText, seededRandom } from './mutate.ts'

const COUNT = Number(process.env['RADIOGRAPH_FUZZ'] ?? 100_000)
const SEED = Number(process.env['RADIOGRAPH_FUZZ_SEED'] ?? Date.now() % 2 ** 31)
const PER_CALL = 50
const CONNECTIONS = 8
/** Large documents are few, or they would be most of the work. */
const LARGE_BYTES = 8_192
const RESIDENT_LIMIT_MB = 900

/**
 * Mutations of every document of the catalogue (spec/ingest §8.7): whatever comes, no answer is a 5xx, every answer is
 * JSON, the process lives and its memory is bounded. `RADIOGRAPH_FUZZ` sets how many, `RADIOGRAPH_FUZZ_SEED` repeats a run.
 */
test(`${COUNT} mutations of the catalogue, seed ${SEED}`, async () => {
  await using server = await startServer()
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  // What is rejected as it stands (spec/ingest §5.3) stays rejected, so it comes more rarely.
  const rows = catalogue(Date.now() / 1000)
  const rejected = rows.filter(({ row }) => row >= 49).flatMap((entry) => entry.texts)
  const texts = rows.filter(({ row }) => row < 49).flatMap((entry) => entry.texts)
  const small = texts.filter((text) => text.length <= LARGE_BYTES)
  const large = texts.filter((text) => text.length > LARGE_BYTES)
  expect(small.length).toBeGreaterThan(40)

  const tally = { calls: 0, documents: 0, rejected: 0, refused: 0, residentMb: 0 }
  let next = 0
  const calls = Math.ceil(COUNT / PER_CALL)
  const connection = async () => {
    while (next < calls) {
      // A generator per call, so that a failing call can be repeated alone.
      const call = next++
      const random = seededRandom(SEED + call)
      const pick = () => {
        const list = random.below(16) === 0 ? rejected : large.length > 0 && random.below(50) === 0 ? large : small
        return list[random.below(list.length)] ?? '{}'
      }
      const documents = Array.from({ length: PER_CALL }, () => mutateText(inTraceOf(call, pick()), random))
      const body = JSON.stringify({ TraceSegmentDocuments: documents })
      await expectSane(server, agent, call, body, tally)
      // One whole body in ten calls is mutated too: the envelope, its encoding, its lists.
      if (call % 10 === 0) await expectSane(server, agent, call, mutateBytes(Buffer.from(body), random), tally)
      if (call % 100 === 0) tally.residentMb = Math.max(tally.residentMb, await residentMb(server.pid))
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, connection))
  agent.destroy()
  tally.residentMb = Math.max(tally.residentMb, await residentMb(server.pid))

  console.info(`seed ${SEED}: ${JSON.stringify(tally)}`)
  expect(server.alive()).toBe(true)
  expect(tally.residentMb).toBeLessThan(RESIDENT_LIMIT_MB)
  // Not blind: some mutations were fine, some were turned away, some whole calls were refused.
  expect(tally.documents).toBeGreaterThanOrEqual(COUNT)
  expect(tally.rejected).toBeGreaterThan(COUNT / 20)
  expect(tally.rejected).toBeLessThan(tally.documents)
  expect(tally.refused).toBeGreaterThan(0)
  // And it still works: it reads, and it stops in order.
  const window = { StartTime: Date.now() / 1000 - 86_400, EndTime: Date.now() / 1000 + 86_400 }
  const page = await send(server.url, { path: '/TraceSummaries', body: JSON.stringify(window) })
  expect(page.status, page.text.slice(0, 300)).toBe(200)
  expect(page.text).not.toMatch(/:null[,}\]]/)
  const ids = summaryIds(jsonAnswer(page))
  expect(ids.length).toBeGreaterThan(10)
  for (let at = 0; at < ids.length; at += 5) {
    const body = JSON.stringify({ TraceIds: ids.slice(at, at + 5) })
    const traces = await send(server.url, { path: '/Traces', body })
    expect(traces.status, traces.text.slice(0, 300)).toBe(200)
    jsonAnswer(traces)
  }
  expect(await server.stop()).toBe(0)
}, 300_000)

/** Traces have a quota, which the few of the catalogue would fill at once: so most calls bring one of their own. */
function inTraceOf(call: number, text: string): string {
  if (call % 8 === 0) return text
  return text.replace(/1-[0-9a-f]{8}-[0-9a-f]{24}/g, `1-5880168b-${(SEED + call).toString(16).padStart(24, '0')}`)
}

type Tally = { calls: number; documents: number; rejected: number; refused: number; residentMb: number }

async function expectSane(
  server: RunningServer,
  agent: Agent,
  call: number,
  body: string | Uint8Array,
  tally: Tally,
): Promise<void> {
  const answer = await send(server.url, { agent, headers: { 'content-type': 'application/json' }, body })
  const where = `seed ${SEED}, call ${call}: ${answer.status} ${answer.text.slice(0, 300)}`
  if (answer.status >= 500) throw new Error(where)
  const json = jsonAnswer(answer)
  tally.calls++
  if (answer.status !== 200) {
    tally.refused++
    return
  }
  const unprocessed = json['UnprocessedTraceSegments']
  if (!Array.isArray(unprocessed)) throw new Error(where)
  tally.documents += PER_CALL
  tally.rejected += unprocessed.length
}

/** Linux tells in /proc; elsewhere the bound is not checked. */
async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Math.round(Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024)
}

function summaryIds(body: Readonly<Record<string, unknown>>): readonly string[] {
  const list = body['TraceSummaries']
  if (!Array.isArray(list)) return []
  return list.map((summary: { readonly Id?: unknown }) => String(summary.Id))
}
