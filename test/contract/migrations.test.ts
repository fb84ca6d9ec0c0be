import { expect, it } from 'vitest'
import { createChdbEngine } from '../../src/store/chdb/chdb-engine.ts'
import { conditionOf } from '../../src/store/sql/narrowing.ts'
import { migrate } from '../../src/store/sql/migrate.ts'
import { type Migration, migrations } from '../../src/store/sql/schema.ts'
import { writeRows } from '../../src/store/sql/traces.ts'
import { StoreOpenError } from '../../src/store/store.ts'
import { temporaryDirectory } from '../fixtures/run-server.ts'
import { newTenant, traceId } from './spool-file.ts'
import { traceRow } from './trace-row.ts'

const created: Migration = {
  version: 2,
  statements: ['CREATE TABLE IF NOT EXISTS things (id UInt32) ENGINE = MergeTree ORDER BY id'],
}
const widened: Migration = {
  version: 3,
  statements: ["ALTER TABLE things ADD COLUMN IF NOT EXISTS name String DEFAULT concat('thing ', toString(id))"],
}
const broken: Migration = { version: 3, statements: [...widened.statements, 'ALTER TABLE missing ADD COLUMN x UInt8'] }

it('steps forward over starts, keeps the data, and does each step once', async () => {
  await using directory = await temporaryDirectory()
  for (const [start, steps] of [[created], [created, widened], [created, widened]].entries()) {
    await using engine = createChdbEngine({ directory: directory.path })
    await engine.open()
    await migrate(engine, steps)
    if (start === 0) await engine.run('INSERT INTO things (id) VALUES (7)')
    const columns = start === 0 ? 'id' : 'id, name'
    const rows = start === 0 ? [{ id: 7 }] : [{ id: 7, name: 'thing 7' }]
    expect(await engine.query(`SELECT ${columns} FROM things`)).toEqual(rows)
  }
  await using engine = createChdbEngine({ directory: directory.path })
  await engine.open()
  expect(await engine.query('SELECT version FROM schema_versions ORDER BY version')).toEqual([
    { version: 2 },
    { version: 3 },
  ])
})

it('repeats a step that a crash cut short, and refuses data of a newer program', async () => {
  await using directory = await temporaryDirectory()
  await using engine = createChdbEngine({ directory: directory.path })
  await engine.open()
  await migrate(engine, [created])
  await expect(migrate(engine, [created, broken])).rejects.toThrow(/missing/)
  await migrate(engine, [created, widened])
  expect(await engine.query('SELECT max(version) AS version FROM schema_versions')).toEqual([{ version: 3 }])
  const refused = migrate(engine, [created])
  await expect(refused).rejects.toBeInstanceOf(StoreOpenError)
  await expect(refused).rejects.toThrow(/newer Radiograph \(schema 3, this one knows 2\): run that version/)
})

it('refuses data from before the first release, as it stands, and says what to do', async () => {
  await using directory = await temporaryDirectory()
  await using engine = createChdbEngine({ directory: directory.path })
  await engine.open()
  await migrate(engine, [{ ...created, version: 1 }])
  const refused = migrate(engine, migrations)
  await expect(refused).rejects.toBeInstanceOf(StoreOpenError)
  await expect(refused).rejects.toThrow(
    /^the data was written by a Radiograph from before its first release \(schema 1\): choose another data directory$/,
  )
  expect(await engine.query('SELECT version FROM schema_versions')).toEqual([{ version: 1 }])
  expect(await engine.query('SELECT name FROM system.tables WHERE database = currentDatabase() ORDER BY name')).toEqual(
    [{ name: 'schema_versions' }, { name: 'things' }],
  )
})

it('gives rows that were written before the indexes of searches, also when the step is done twice', async () => {
  await using directory = await temporaryDirectory()
  await using engine = createChdbEngine({ directory: directory.path })
  await engine.open()
  await migrate(
    engine,
    migrations.filter(({ version }) => version < 5),
  )
  const row = traceRow({ tenant: newTenant(), id: traceId(), terms: ['Fx'], urls: ['https://shop.example/orders/7'] })
  await writeRows(engine, [row], [])
  const step = migrations.find(({ version }) => version === 5) ?? expect.fail('there is no such step')
  for (const statement of step.statements) await engine.run(statement)
  await migrate(engine, migrations)
  const usedFor = async (narrowing: Parameters<typeof conditionOf>[0]): Promise<string> => {
    const { sql, params } = conditionOf(narrowing)
    const plan = await engine.query(`EXPLAIN indexes = 1 SELECT version FROM traces WHERE ${sql}`, params)
    return plan.map(({ explain }) => String(explain)).join('\n')
  }
  // The rows get them in the background; what is not there rules nothing out.
  const nowhere = { kind: 'url', text: '/nowhere/at/all' } as const
  await expect.poll(() => usedFor(nowhere), { timeout: 10_000 }).toMatch(/Name: by_url[^]*Granules: 0\/1/)
  await expect
    .poll(() => usedFor({ kind: 'term', term: 'Fy' }), { timeout: 10_000 })
    .toMatch(/by_term[^]*Granules: 0\/1/)
  expect(await usedFor({ kind: 'url', text: 'example/orders' })).toMatch(/Name: by_url[^]*Granules: 1\/1/)
})
