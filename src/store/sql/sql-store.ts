import type { TraceStore } from '../store.ts'
import { insertDocuments, newestEpoch, readTraces, trackTraces, tracesSince } from './documents.ts'
import type { SqlEngine } from './engine.ts'
import { migrate } from './migrate.ts'
import { number } from './rows.ts'
import { migrations } from './schema.ts'
import { countTexts } from './texts.ts'
import { countTraces, findTraces, writeRows } from './traces.ts'

const LAST_STAMP = `
  SELECT greatest(
    (SELECT max(bitAnd(version, 4611686018427387903)) FROM documents),
    (SELECT max(version) FROM traces)
  ) AS stamp
`

/** The store contract over ClickHouse's SQL. Knows nothing of how the engine is reached. */
export function createSqlStore(engine: SqlEngine): TraceStore {
  return {
    async open() {
      await engine.open()
      await migrate(engine, migrations)
    },
    insert: (path) => insertDocuments(engine, path),
    newestEpoch: (upToSeconds) => newestEpoch(engine, upToSeconds),
    read: (tenant, ids, signal) => readTraces(engine, tenant, ids, signal),
    track: (tenant, ids) => trackTraces(engine, tenant, ids),
    tracesSince: (stamp, limit, after) => tracesSince(engine, stamp, limit, after),
    writeRows: (rows, obsolete) => writeRows(engine, rows, obsolete),
    findTraces: (tenant, query, signal) => findTraces(engine, tenant, query, signal),
    countTraces: (tenant, window, signal) => countTraces(engine, tenant, window, signal),
    countTexts: (tenant, query, signal) => countTexts(engine, tenant, query, signal),
    async lastStamp() {
      const [row] = await engine.query(LAST_STAMP)
      return number(row, 'stamp')
    },
    check: (signal) => engine.check(signal),
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  }
}
