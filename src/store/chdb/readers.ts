import type { ChdbResult, Session } from 'chdb'
import type { Keys, SqlParams } from '../sql/engine.ts'
import { Turns } from './turns.ts'
import { writeKeys } from './write-keys.ts'

/** A session that reads, one statement at a time. */
type Reader = { readonly session: Session; readonly turns: Turns }

const SETTINGS: readonly string[] = [
  // Which granules a search need not read is found out before it reads any, for all of them at once: while it reads, one
  // after the other, it takes half as long again when few match, and no less when many do.
  'use_skip_indexes_on_data_read = 0',
  // To hand rows to threads that write them down takes longer than to write them.
  'output_format_parallel_formatting = 0',
  // Keys stand in the text, thousands perhaps.
  'max_query_size = 16777216',
]

/** Threads of Node's pool when nothing is said of them. */
const DEFAULT_POOL_SIZE = 4
/** Those that two inserts and a sync of the spool take, and the first reader. */
const THREADS_TAKEN = 4

/** How many sessions may read, in the pool of threads that this environment asks for. */
export function readersOf({ UV_THREADPOOL_SIZE: size }: NodeJS.ProcessEnv): number {
  return Number(size ?? DEFAULT_POOL_SIZE) > THREADS_TAKEN ? 2 : 1
}

/** The sessions that read. Statements of one wait for each other; bound ones for those of all sessions, so one has them. */
export class Readers {
  readonly #all: readonly Reader[]
  readonly #first: Reader

  /** One session at least. */
  constructor(sessions: readonly Session[]) {
    this.#all = sessions.map((session) => ({ session, turns: new Turns() }))
    const [first] = this.#all
    if (first === undefined) throw new Error('no session reads')
    this.#first = first
  }

  get sessions(): readonly Session[] {
    return this.#all.map(({ session }) => session)
  }

  /** To be called once, before anything is asked. */
  async setUp(): Promise<void> {
    for (const session of this.sessions) await session.queryAsync(`SET ${SETTINGS.join(', ')}`)
  }

  /** Rejects with the signal's reason as soon as it aborts. */
  ask(format: string, sql: string, params: SqlParams, signal?: AbortSignal): Promise<ChdbResult> {
    return inTurn(this.#first, (session) => session.queryBindAsync(sql, params, { format }), signal)
  }

  /** `SqlEngine.queryByKeys`, of whichever session is free first. */
  async askByKeys(sql: string, keys: Keys, signal?: AbortSignal): Promise<ChdbResult> {
    const text = writeKeys(sql, keys)
    return inTurn(this.#leastBusy(), (session) => session.queryAsync(text, { format: 'RowBinary' }), signal)
  }

  /** The last one of those that are equally busy: the first has the bound statements besides. */
  #leastBusy(): Reader {
    return this.#all.reduce((least, one) => (one.turns.length <= least.turns.length ? one : least), this.#first)
  }
}

function inTurn(
  { session, turns }: Reader,
  ask: (session: Session) => Promise<ChdbResult>,
  signal: AbortSignal | undefined,
): Promise<ChdbResult> {
  const answer = turns.take(async () => {
    signal?.throwIfAborted()
    return ask(session)
  })
  return orAborted(answer, signal)
}

/** The answer, or the signal's reason as soon as it aborts. The engine cannot be stopped, so its turn goes on. */
function orAborted<T>(answer: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return answer
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error)
    signal.addEventListener('abort', abort, { once: true })
    void answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
