import { createSqlStore } from '../../src/store/sql/sql-store.ts'
import type { SqlEngine } from '../../src/store/sql/engine.ts'
import type { Engine } from './store.ts'

/** The shared SQL store over an engine, with a hand on the tables below it. */
export function sqlEngineUnderTest(createEngine: () => SqlEngine, close: () => Promise<void>): Engine {
  let engine: SqlEngine | undefined
  const run = async (sql: string): Promise<void> => engine?.run(sql)
  return {
    create() {
      engine = createEngine()
      return createSqlStore(engine)
    },
    async settle() {
      await run('OPTIMIZE TABLE documents FINAL')
      await run('OPTIMIZE TABLE traces FINAL')
      await run('OPTIMIZE TABLE trace_index FINAL')
    },
    setNewerSchema: (newer) =>
      run(
        newer
          ? 'INSERT INTO schema_versions (version) SELECT 999'
          : 'ALTER TABLE schema_versions DELETE WHERE version = 999 SETTINGS mutations_sync = 2',
      ),
    close,
  }
}
