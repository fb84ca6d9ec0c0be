import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createChdbEngine } from '../../src/store/chdb/chdb-engine.ts'
import { createSqlStore } from '../../src/store/sql/sql-store.ts'
import type { SqlEngine } from '../../src/store/sql/engine.ts'
import type { TraceRow } from '../../src/store/trace-row.ts'
import { newTenant, nextStamp, NOW_SECONDS, traceId } from './spool-file.ts'
import { traceRow } from './trace-row.ts'

/** The engine itself, where something happens after the first statement of a page. */
function withSomethingBetween(engine: SqlEngine, between: () => Promise<void>): SqlEngine {
  let isFirst = true
  return {
    ...engine,
    async queryBytes(...asked) {
      const rows = await engine.queryBytes(...asked)
      if (isFirst) {
        isFirst = false
        await between()
      }
      return rows
    },
  }
}

test.each<[string, Partial<TraceRow>, boolean]>([
  ['still matches', { names: ['shop', 'late'] }, true],
  ['matches no more', { names: ['late'] }, false],
])('a trace whose new row %s is found as that row says', async (_, change, isFound) => {
  const directory = await mkdtemp(join(tmpdir(), 'radiograph-paging-'))
  try {
    const tenant = newTenant()
    const id = traceId()
    const old = traceRow({ tenant, id, names: ['shop'] })
    const engine = createChdbEngine({ directory })
    await using plain = createSqlStore(engine)
    await plain.open()
    await plain.writeRows([old], [])
    const paging = createSqlStore(
      withSomethingBetween(engine, () => plain.writeRows([{ ...old, version: nextStamp(), ...change }], [])),
    )
    const window = { kind: 'trace-time', fromSeconds: NOW_SECONDS - 60, toSeconds: NOW_SECONDS + 60 } as const
    const hits = await paging.findTraces(tenant, { ...window, narrowing: { kind: 'name', name: 'shop' }, limit: 10 })
    expect(hits.map((hit) => hit.id)).toEqual(isFound ? [id] : [])
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
})
