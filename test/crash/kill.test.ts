import { appendFile, open, readdir, readFile, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { readDocumentRows } from '../../src/spool/document-row.ts'
import { recoverFrames } from '../../src/spool/frame.ts'
import { send } from '../fixtures/raw-http.ts'
import { startServer, temporaryDirectory } from '../fixtures/run-server.ts'
import { auditSummaries, auditTraces } from './audit.ts'
import { newLedger, writeUntilGone } from './writers.ts'
import type { Ledger } from './writers.ts'

const ROUNDS = Number(process.env['RADIOGRAPH_CRASH_ROUNDS'] ?? 10)
const CLIENTS = 8
const SECONDS_PER_ROUND = 20
const FIRST_ANSWER_MS = 15_000

/** What a power failure does to the newest spool file beyond a kill −9, one after the other. */
const POWER_FAILURES = ['torn write', 'zeros', 'garbage', 'cut'] as const

it(
  `keeps every acknowledged document through ${ROUNDS} kills at random moments`,
  async () => {
    await using directory = await temporaryDirectory()
    const since = Math.floor(Date.now() / 1000) - 1
    const ledger = newLedger()
    for (let round = 0; round < ROUNDS; round++) {
      await writeAndKill(directory.path, ledger, round)
    }
    await expectAllReadable(directory.path, ledger, new Set(), since)
  },
  ROUNDS * SECONDS_PER_ROUND * 1000 + 60_000,
)

it(
  `keeps every synced document through ${ROUNDS} simulated power failures`,
  async () => {
    await using directory = await temporaryDirectory()
    const since = Math.floor(Date.now() / 1000) - 1
    const ledger = newLedger()
    const lost = new Set<string>()
    let damaged = 0
    for (let round = 0; round < ROUNDS; round++) {
      await writeAndKill(directory.path, ledger, round)
      const kind = POWER_FAILURES[round % POWER_FAILURES.length] ?? 'cut'
      if (await damageNewestSpoolFile(join(directory.path, 'spool'), kind, lost)) damaged += 1
    }
    expect(damaged).toBeGreaterThan(0)
    await expectAllReadable(directory.path, ledger, lost, since)
  },
  ROUNDS * SECONDS_PER_ROUND * 1000 + 60_000,
)

/** One life of the server: it starts on what the last one left, is written to and read from, and is killed. */
async function writeAndKill(dataDir: string, ledger: Ledger, round: number): Promise<void> {
  const callsBefore = ledger.calls
  await using server = await startServer({ dataDir })
  const writing = writeUntilGone(server.url, CLIENTS, ledger)
  // Readers make the server seal and insert, so that some kills meet an insert, and others a quiet spool.
  const reading = round % 2 === 0 ? readUntilGone(server.url) : Promise.resolve()
  await sleep(100 + Math.random() * 700)
  await firstAnswer(ledger, callsBefore, round)
  await server.kill()
  await Promise.all([writing, reading])
}

/**
 * A kill before the first acknowledgement proves nothing, and on a machine that is busy with other tests the first one
 * can take longer than the random wait; so the kill waits for it, and only for it.
 */
async function firstAnswer(ledger: Ledger, callsBefore: number, round: number): Promise<void> {
  const deadline = Date.now() + FIRST_ANSWER_MS
  while (ledger.calls === callsBefore) {
    if (Date.now() > deadline) throw new Error(`round ${round}: no call was answered within ${FIRST_ANSWER_MS} ms`)
    await sleep(5)
  }
}

async function readUntilGone(url: string): Promise<void> {
  const now = Math.floor(Date.now() / 1000)
  const body = JSON.stringify({ StartTime: now - 60, EndTime: now + 60 })
  for (;;) {
    try {
      const answer = await send(url, { path: '/TraceSummaries', body })
      if (answer.status !== 200) throw new RangeError(`a read was answered ${answer.status}: ${answer.text}`)
    } catch (error) {
      if (error instanceof RangeError) throw error
      return
    }
  }
}

async function expectAllReadable(
  dataDir: string,
  ledger: Ledger,
  lost: ReadonlySet<string>,
  sinceSeconds: number,
): Promise<void> {
  await using server = await startServer({ dataDir })
  const { problems, segmentsRead } = await auditTraces(server.url, ledger, lost)
  expect(problems.slice(0, 10)).toEqual([])
  expect(segmentsRead).toBeGreaterThan(ROUNDS * CLIENTS)
  expect(await auditSummaries(server.url, sinceSeconds, ledger)).toEqual([])
  expect(await server.stop()).toBe(0)
}

/**
 * Does to the newest spool file what a power failure can do: the last write stands in it in part, or as zeros, or the
 * file ends early. Cutting takes synced frames as well, which no honest disk does; what they held is noted as lost, and
 * all the rest must survive. Answers whether there was a file.
 */
async function damageNewestSpoolFile(
  spool: string,
  kind: (typeof POWER_FAILURES)[number],
  lost: Set<string>,
): Promise<boolean> {
  const name = (await readdir(spool))
    .filter((file) => file.endsWith('.rows'))
    .toSorted()
    .at(-1)
  if (name === undefined) return false
  const path = join(spool, name)
  const bytes = await readFile(path)
  if (bytes.length === 0) return false
  switch (kind) {
    case 'torn write':
      await appendFile(path, bytes.subarray(0, 1 + Math.floor(Math.random() * (bytes.readUInt32LE(0) - 1))))
      return true
    case 'zeros':
      await appendFile(path, Buffer.alloc(4096))
      return true
    case 'garbage': {
      const file = await open(path, 'a')
      await file.write(Buffer.from(Array.from({ length: 999 }, () => Math.floor(Math.random() * 256))))
      await file.close()
      return true
    }
    case 'cut': {
      const length = Math.floor(Math.random() * bytes.length)
      const { soundBytes } = recoverFrames(bytes.subarray(0, length))
      const before = recoverFrames(bytes).soundBytes
      for (const row of readDocumentRows(bytes.subarray(soundBytes, before))) lost.add(row.document.id)
      await truncate(path, length)
      return true
    }
    default:
      return kind satisfies never
  }
}
