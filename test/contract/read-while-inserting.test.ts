import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createChdbEngine } from '../../src/store/chdb/chdb-engine.ts'
import { createSqlStore } from '../../src/store/sql/sql-store.ts'
import type { SqlEngine } from '../../src/store/sql/engine.ts'
import { call, document, newTenant, NOW_SECONDS, storedOf, traceId, writeSpoolFile } from './spool-file.ts'

/** The engine itself, where something happens after the first answer about documents and before any of the index. */
function withSomethingBetween(engine: SqlEngine, between: () => Promise<void>): SqlEngine {
  let documentsAnswered: (() => void) | undefined
  const isBetween = new Promise<void>((resolve) => (documentsAnswered = resolve))
  let isFirst = true
  return {
    ...engine,
    async queryByKeys(sql, ...asked) {
      if (!sql.includes('FROM documents')) await isBetween
      const rows = await engine.queryByKeys(sql, ...asked)
      if (isFirst) {
        isFirst = false
        await between()
        documentsAnswered?.()
      }
      return rows
    },
  }
}

test.each([
  ['of the same hour', NOW_SECONDS + 1, false],
  ['of the same hour', NOW_SECONDS + 1, true],
  ['of a later day', NOW_SECONDS + 86_400, false],
  ['of a later day', NOW_SECONDS + 86_400, true],
])(
  'a call %s that is stored between two questions is not counted without its documents',
  async (_, startTime, many) => {
    const directory = await mkdtemp(join(tmpdir(), 'radiograph-between-'))
    try {
      const tenant = newTenant()
      const [id, other] = [traceId(), traceId()]
      const before = call(tenant, [document({ traceId: id }), document({ traceId: other })])
      const after = call(tenant, [document({ traceId: id, startTime })])
      const engine = createChdbEngine({ directory })
      await using store = createSqlStore(engine)
      await store.open()
      await store.insert(await writeSpoolFile(directory, [before]))
      const insert = async (): Promise<void> => store.insert(await writeSpoolFile(directory, [after]))
      const reading = createSqlStore(withSomethingBetween(engine, insert))
      const found = await reading.read(tenant, many ? [id, other] : [id])
      const [first, second] = storedOf(before)
      expect(found.get(id)?.calls.toSorted()).toEqual([before.stamp, after.stamp])
      expect(found.get(id)?.documents).toEqual([first, ...storedOf(after)])
      if (many) expect(found.get(other)).toEqual({ id: other, calls: [before.stamp], documents: [second] })
    } finally {
      await rm(directory, { recursive: true, force: true })
    }
  },
)
