import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createChdbEngine } from '../../src/store/chdb/chdb-engine.ts'
import { insertDocuments } from '../../src/store/sql/documents.ts'
import { migrate } from '../../src/store/sql/migrate.ts'
import { migrations } from '../../src/store/sql/schema.ts'
import { createSqlStore } from '../../src/store/sql/sql-store.ts'
import { writeRows } from '../../src/store/sql/traces.ts'
import { call, document, newTenant, NOW_SECONDS, writeSpoolFile } from './spool-file.ts'
import { traceRow } from './trace-row.ts'

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'radiograph-migrated-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

test('a store of the version before has its documents and its rows, each of its tenant alone', async () => {
  const [tenant, other] = [newTenant(), newTenant()]
  const sent = document({})
  const row = traceRow({ tenant, id: sent.traceId })
  {
    await using engine = createChdbEngine({ directory })
    await engine.open()
    await migrate(
      engine,
      migrations.filter(({ version }) => version <= 5),
    )
    await insertDocuments(engine, await writeSpoolFile(directory, [call(tenant, [sent])]))
    await writeRows(engine, [row], [])
  }
  {
    await using store = createSqlStore(createChdbEngine({ directory }))
    await store.open()
    const read = await store.read(tenant, [sent.traceId])
    expect(read.get(sent.traceId)?.documents.map(({ raw }) => raw)).toEqual([sent.raw])
    expect((await store.read(other, [sent.traceId])).size).toBe(0)
    const window = { kind: 'trace-time', fromSeconds: NOW_SECONDS - 60, toSeconds: NOW_SECONDS + 60, limit: 9 } as const
    expect((await store.findTraces(tenant, window)).map(({ id }) => id)).toEqual([sent.traceId])
    expect(await store.findTraces(other, window)).toEqual([])
  }
  await using engine = createChdbEngine({ directory })
  await engine.open()
  const tables = await engine.query(
    "SELECT name FROM system.tables WHERE database = currentDatabase() AND create_table_query LIKE '%min_compress_block_size = 2048%' ORDER BY name",
  )
  expect(tables.map(({ name }) => name)).toEqual(['documents', 'trace_index', 'traces'])
  const columns = await engine.query(
    "SELECT DISTINCT type FROM system.columns WHERE database = currentDatabase() AND table IN ('documents', 'trace_index', 'traces') AND name IN ('account', 'region')",
  )
  expect(columns.map(({ type }) => type)).toEqual(['String'])
})
