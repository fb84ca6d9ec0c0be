import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createChdbEngine } from '../../src/store/chdb/chdb-engine.ts'
import { createClickHouseEngine } from '../../src/store/clickhouse/clickhouse-engine.ts'
import type { ControlLog } from '../../src/store/control-log.ts'
import { createMemoryControlLog } from '../../src/store/memory/memory-control-log.ts'
import { CONTROL_LOG_TABLE, createSqlControlLog } from '../../src/store/sql/control-log.ts'
import type { SqlEngine } from '../../src/store/sql/engine.ts'
import { startClickHouseFront } from '../fixtures/clickhouse-front.ts'
import type { ControlLogEngine } from './control-log.ts'
import { describeControlLog } from './control-log.ts'

/** The SQL log over engines, of which there can be several where the data are on a server. */
async function sqlLogs(
  createEngine: () => SqlEngine,
  count: 'one' | 'many',
  close: () => Promise<void>,
): Promise<ControlLogEngine> {
  const engines: SqlEngine[] = []
  let only: ControlLog | undefined
  const open = async (): Promise<ControlLog> => {
    if (only !== undefined) return only
    const engine = createEngine()
    await engine.open()
    await engine.run(CONTROL_LOG_TABLE)
    engines.push(engine)
    const log = createSqlControlLog(engine)
    if (count === 'one') only = log
    return log
  }
  const closeAll = async (): Promise<void> => {
    for (const engine of engines.splice(0)) await engine[Symbol.asyncDispose]()
    only = undefined
  }
  return {
    open,
    async reopen() {
      await closeAll()
      return open()
    },
    async close() {
      await closeAll()
      await close()
    },
  }
}

describeControlLog('memory', async () => {
  const log = createMemoryControlLog()
  return { open: async () => log, close: async () => {} }
})

describeControlLog('chdb', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'radiograph-control-'))
  return sqlLogs(
    () => createChdbEngine({ directory }),
    'one',
    () => rm(directory, { recursive: true, force: true }),
  )
})

describeControlLog('clickhouse', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'radiograph-control-'))
  const front = await startClickHouseFront(directory)
  return sqlLogs(
    () => createClickHouseEngine({ url: front.url }),
    'many',
    async () => {
      await front.stop()
      await rm(directory, { recursive: true, force: true })
    },
  )
})
