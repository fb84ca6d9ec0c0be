import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createChdbEngine } from '../../src/store/chdb/chdb-engine.ts'
import { StoreOpenError } from '../../src/store/store.ts'
import { sqlEngineUnderTest } from './sql-engine-under-test.ts'
import { describeStore } from './store.ts'

describeStore('chdb', async () => {
  const directory = await mkdtemp(join(tmpdir(), "radiograph chdb' \\ "))
  return sqlEngineUnderTest(
    () => createChdbEngine({ directory, readers: 2 }),
    () => rm(directory, { recursive: true, force: true }),
  )
})

describe('the embedded engine', () => {
  it.each(['/tmp/a{1,2}', '/tmp/what?', '/tmp/*'])(
    'refuses the data directory %s, since it would take spool file paths for patterns',
    async (directory) => {
      await using engine = createChdbEngine({ directory })
      await expect(engine.open()).rejects.toThrow(StoreOpenError)
    },
  )
})
