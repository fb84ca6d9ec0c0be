import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createChdbEngine } from '../../src/store/chdb/chdb-engine.ts'
import { createClickHouseEngine } from '../../src/store/clickhouse/clickhouse-engine.ts'
import { createMemoryGraphMinutes } from '../../src/store/memory/memory-graph-minutes.ts'
import { createMemoryStore } from '../../src/store/memory/memory-store.ts'
import type { SqlEngine } from '../../src/store/sql/engine.ts'
import { createSqlGraphMinutes } from '../../src/store/sql/graph-minutes.ts'
import { createSqlStore } from '../../src/store/sql/sql-store.ts'
import { startClickHouseFront } from '../fixtures/clickhouse-front.ts'
import type { MinutesUnderTest } from './graph-minutes.ts'
import { describeGraphMinutes } from './graph-minutes.ts'

function sqlMinutes(engine: SqlEngine, close: () => Promise<void>): MinutesUnderTest {
  return {
    async open() {
      const store = createSqlStore(engine)
      await store.open()
      return { store, minutes: createSqlGraphMinutes(engine) }
    },
    async settle() {
      await engine.run('OPTIMIZE TABLE graph_minutes FINAL')
      await engine.run('OPTIMIZE TABLE graph_touches FINAL')
    },
    close,
  }
}

describeGraphMinutes('memory', async () => {
  const minutes = createMemoryGraphMinutes()
  const store = createMemoryStore(minutes.onRows)
  return {
    async open() {
      await store.open()
      return { store, minutes }
    },
    close: async () => {},
  }
})

describeGraphMinutes('chdb', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'radiograph-minutes-'))
  return sqlMinutes(createChdbEngine({ directory }), () => rm(directory, { recursive: true, force: true }))
})

describeGraphMinutes('clickhouse', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'radiograph-minutes-'))
  const front = await startClickHouseFront(directory)
  return sqlMinutes(createClickHouseEngine({ url: front.url }), async () => {
    await front.stop()
    await rm(directory, { recursive: true, force: true })
  })
})
