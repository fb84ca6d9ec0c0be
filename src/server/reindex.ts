import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { reindexTraces } from '../ingest/reindex-traces.ts'
import { Stamps } from '../ingest/stamps.ts'
import { Spool } from '../spool/spool.ts'
import { searchFactsOfText } from '../wire/xray/find-search-facts.ts'
import { ClosingStack } from './closing-stack.ts'
import type { Config } from './config.ts'
import { openDataDirectory } from './data-directory.ts'
import { createStores, openStore } from './main.ts'
import { StartError } from './start-error.ts'

/** Where the work tells of itself, a line at a time. */
export type ReindexHost = {
  readonly progress: (line: string) => void
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

const PROGRESS_EVERY_MS = 2_000
/** Nothing is appended. */
const SPOOL_LIMITS = { limitBytes: 0, sealBytes: 0, sealAfterMs: 0 }

/**
 * Rebuilds the table `traces` from the documents, those of left-over spool files included. Needs the data directory for
 * itself. Answers how many traces there are. Can be run again, after an interruption too. Rejects with a `StartError` for what the operator can mend.
 */
export async function reindex(config: Config, { progress, now }: ReindexHost): Promise<number> {
  await checkKept(config)
  const opened = new ClosingStack()
  try {
    const directory = await openDataDirectory(config.dataDir, false)
    opened.defer(() => directory.close())
    const { store, minutes } = createStores(config.store, directory.path)
    opened.defer(async () => store[Symbol.asyncDispose]())
    await openStore(store)
    const lastSpooled = await drainSpool(join(directory.path, 'spool'), (file) => store.insert(file))
    // They are counted again when the server runs.
    await minutes.clear()
    const stamps = new Stamps(Math.max(await store.lastStamp(), lastSpooled))
    return await reindexTraces({
      store,
      searchFacts: searchFactsOfText,
      version: stamps.take(1, now()),
      onProgress: progressLines(progress, now),
    })
  } finally {
    await opened.close()
  }
}

async function checkKept({ store, dataDir }: Config): Promise<void> {
  if (store.kind === 'memory') throw new StartError('--store memory keeps nothing that could be reindexed')
  try {
    if ((await stat(dataDir)).isDirectory()) return
  } catch (error) {
    throw new StartError(`there is no data directory ${dataDir}: name the server's with --data`, { cause: error })
  }
  throw new StartError(`${dataDir} is not a directory: name the server's data directory with --data`)
}

/** Stores what an earlier run left behind; answers a stamp that is not less than any in it. */
async function drainSpool(directory: string, insert: (path: string) => Promise<void>): Promise<number> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const spool = await Spool.open({ ...SPOOL_LIMITS, directory, insert, onEvent: () => undefined })
  try {
    await spool.freshen()
    return spool.lastStamp
  } catch (error) {
    const { cause = error } = error as Error
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new StartError(`the store does not take the spool files in ${directory}: ${reason}`, { cause: error })
  } finally {
    await spool.close(0)
  }
}

function progressLines(progress: ReindexHost['progress'], now: () => number): (traces: number) => void {
  const startMs = now()
  let toldMs = startMs
  return (traces) => {
    if (now() - toldMs < PROGRESS_EVERY_MS) return
    toldMs = now()
    progress(`${traces} traces done, ${Math.round((traces * 1000) / (toldMs - startMs))} a second`)
  }
}
