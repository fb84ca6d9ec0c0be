import { StoreOpenError } from '../store.ts'
import type { SqlEngine } from './engine.ts'
import type { Migration } from './schema.ts'

/** The first schema that can be brought to a later one; there was another while nothing had been released. */
const OLDEST = 2

/**
 * Brings the schema to the newest version. A step's statements can be run twice, so that a crash between a step and
 * its record only repeats the step. Data of a newer program is refused: its meaning is not known here.
 */
export async function migrate(engine: SqlEngine, migrations: readonly Migration[]): Promise<void> {
  await engine.run(
    'CREATE TABLE IF NOT EXISTS schema_versions (version UInt32, applied_at DateTime DEFAULT now()) ENGINE = MergeTree ' +
      'ORDER BY version SETTINGS fsync_after_insert = 1, fsync_part_directory = 1',
  )
  const [row] = await engine.query('SELECT max(version) AS version FROM schema_versions')
  const current = Number(row?.['version'] ?? 0)
  const newest = migrations.at(-1)?.version ?? 0
  if (current > newest) {
    throw new StoreOpenError(
      `the data was written by a newer Radiograph (schema ${current}, this one knows ${newest}): ` +
        'run that version, or choose another data directory',
    )
  }
  if (current > 0 && current < OLDEST) {
    throw new StoreOpenError(
      `the data was written by a Radiograph from before its first release (schema ${current}): choose another data directory`,
    )
  }
  for (const { version, statements } of migrations.filter((step) => step.version > current)) {
    for (const statement of statements) await engine.run(statement)
    await engine.run('INSERT INTO schema_versions (version) SELECT {version:UInt32}', { version })
  }
}
