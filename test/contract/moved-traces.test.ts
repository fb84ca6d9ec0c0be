import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { resolveGroups } from '../../src/filter/resolve-groups.ts'
import { parseFilter } from '../../src/filter/parse-filter.ts'
import type { Tenant } from '../../src/model/tenant.ts'
import { createTraceQueries } from '../../src/query/create-trace-queries.ts'
import type { SummaryPage } from '../../src/query/traces.ts'
import { createChdbEngine } from '../../src/store/chdb/chdb-engine.ts'
import { createSqlStore } from '../../src/store/sql/sql-store.ts'
import type { TraceStore } from '../../src/store/store.ts'
import type { TraceRow } from '../../src/store/trace-row.ts'
import { readOutline } from '../../src/wire/xray/read-outline.ts'
import { readSegmentDocument } from '../../src/wire/xray/read-segment-document.ts'
import { call, document, entityId, newTenant, nextStamp, NOW_SECONDS, traceId, writeSpoolFile } from './spool-file.ts'
import { traceRow } from './trace-row.ts'

let directory: string
let store: TraceStore
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'radiograph-moved-'))
  store = createSqlStore(createChdbEngine({ directory }))
  await store.open()
})
afterAll(async () => {
  await store[Symbol.asyncDispose]()
  await rm(directory, { recursive: true, force: true })
})

/** The page of a search for a service, whose traces are found by rows that may be outdated. */
async function search(tenant: Tenant): Promise<SummaryPage> {
  const nothing = async (): Promise<void> => undefined
  const queries = createTraceQueries({
    store,
    freshen: nothing,
    freshenRows: nothing,
    readDocument: readSegmentDocument,
    readOutline,
    now: () => NOW_SECONDS,
  })
  const parsed = parseFilter('service("shop")')
  if (!parsed.ok) throw new Error('the filter is not valid')
  const resolved = resolveGroups(parsed.value, () => undefined)
  if (!resolved.ok) throw new Error('the filter names a group')
  const expression = resolved.value
  const window = { kind: 'trace-time', fromSeconds: NOW_SECONDS - 60, toSeconds: NOW_SECONDS + 60 } as const
  return queries.summaries(tenant, { ...window, limit: 10, filter: { expression, needsWholeDocuments: false } })
}

/** A trace whose id says no time, that was first seen 10 seconds ago, and has a segment of 20 seconds ago since. */
async function movedTrace(): Promise<{ readonly before: TraceRow; readonly now: TraceRow }> {
  const tenant = newTenant()
  const id = traceId(0xdead_beef)
  const sent = [10, 20].map((ago) => {
    const own = { id: entityId(), name: 'shop', startTime: NOW_SECONDS - ago, endTime: NOW_SECONDS - ago + 1 }
    const raw = JSON.stringify({
      trace_id: id,
      id: own.id,
      name: 'shop',
      start_time: own.startTime,
      end_time: own.endTime,
    })
    return document({ ...own, traceId: id, raw })
  })
  await store.insert(await writeSpoolFile(directory, [call(tenant, sent)]))
  const row = (ago: number): TraceRow => traceRow({ tenant, id, timeSeconds: NOW_SECONDS - ago, names: ['shop'] })
  return { before: row(10), now: row(20) }
}

test('a trace that is filed under another time now is found there, and once', async () => {
  const { before, now } = await movedTrace()
  await store.writeRows([before], [])
  await store.writeRows([now], [{ ...before, version: nextStamp() }])
  const page = await search(now.tenant)
  expect(page.summaries.map(({ summary }) => summary.id)).toEqual([now.id])
  expect(page.scanned).toBe(2)
})

test('a trace whose row is not written anew yet is found where it was', async () => {
  const { before } = await movedTrace()
  await store.writeRows([before], [])
  const page = await search(before.tenant)
  expect(page.summaries.map(({ summary }) => summary.id)).toEqual([before.id])
})
