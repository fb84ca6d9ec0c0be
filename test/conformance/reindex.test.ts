import { PutTraceSegmentsCommand } from '@aws-sdk/client-xray'
import { expect, test } from 'vitest'
import type { TraceId } from '../../src/model/ids.ts'
import { createChdbEngine } from '../../src/store/chdb/chdb-engine.ts'
import { createSqlStore } from '../../src/store/sql/sql-store.ts'
import type { TraceHit, TraceStore } from '../../src/store/store.ts'
import { runCli, startServer, temporaryDirectory } from '../fixtures/run-server.ts'
import { newId, segment, subsegment, type SegmentFields } from '../fixtures/segments.ts'
import { xrayClient } from '../fixtures/xray-client.ts'

const tenant = { account: '000000000000', region: 'us-east-1' }
const NOW = Math.floor(Date.now() / 1000)
const KINDS = ['trace-time', 'event', 'service'] as const

/** Opens the tables below the server, which must not run. */
async function withStore<T>(directory: string, use: (store: TraceStore) => Promise<T>): Promise<T> {
  await using store = createSqlStore(createChdbEngine({ directory }))
  await store.open()
  return await use(store)
}

/** All that windows of each kind find, but for the versions of rows. */
async function allRows(store: TraceStore): Promise<readonly (readonly TraceHit[])[]> {
  const found = []
  for (const kind of KINDS) {
    const hits = await store.findTraces(tenant, { kind, fromSeconds: 0, toSeconds: 2 ** 32, limit: 10_000 })
    found.push(hits.map((hit) => ({ ...hit, version: 0 })))
  }
  return found
}

/** Damages every second row in one of three ways: wrong spans, no row, and one more under another time. */
async function damage(store: TraceStore, rows: readonly TraceHit[]): Promise<void> {
  const version = (await store.lastStamp()) + 1
  const wrong = { tenant, version, spans: [{ startUs: 1, endUs: 2 }], names: ['x'], terms: [], urls: [] }
  const some = rows.map(({ id, timeSeconds }, at) => ({ ...wrong, id, timeSeconds, at }))
  await store.writeRows(
    [
      ...some.filter(({ at }) => at % 6 === 0),
      ...some.filter(({ at }) => at % 6 === 2).map((row) => ({ ...row, timeSeconds: row.timeSeconds + 1_000 })),
    ],
    some.filter(({ at }) => at % 6 === 4),
  )
}

/** Traces of several services, some of whose ids have no time; their documents in the order in which they are sent. */
function randomDocuments(): readonly SegmentFields[] {
  const early: SegmentFields[] = []
  const late: SegmentFields[] = []
  for (let number = 0; number < 60; number++) {
    const epoch = number % 3 === 0 ? 0xdead_beef : NOW - number
    const trace_id = `1-${epoch.toString(16)}-${number.toString(16).padStart(24, '0')}` as TraceId
    const start = NOW - 30 - number
    const [root, call] = [newId(), newId()]
    const times = { trace_id, start_time: start, end_time: start + 1 }
    early.push(segment({ ...times, id: root, name: 'web', in_progress: true, end_time: undefined, fault: true }))
    early.push(subsegment({ ...times, id: call, parent_id: root, name: 'api', namespace: 'remote', http: {} }))
    late.push(segment({ ...times, id: root, name: 'web', user: `user ${number % 4}`, annotations: { number } }))
    // Before its trace began: where the id has no time, the row moves.
    late.push(segment({ ...times, parent_id: call, name: 'api', start_time: start - (number % 5) * 60, error: true }))
  }
  return [...early, ...late.toSorted(() => Math.random() - 0.5)]
}

test('rows that are made anew are the same; damaged ones are mended; leftovers of the spool have theirs', async () => {
  await using directory = await temporaryDirectory()
  const dataDir = `${directory.path}/store`
  const documents = randomDocuments().map((one) => JSON.stringify(one))
  const put = async (url: string, texts: readonly string[]): Promise<void> => {
    const client = xrayClient(url)
    for (let at = 0; at < texts.length; at += 7) {
      await client.send(new PutTraceSegmentsCommand({ TraceSegmentDocuments: texts.slice(at, at + 7) }))
    }
    client.destroy()
  }
  {
    await using server = await startServer({ dataDir })
    await put(server.url, documents.slice(0, 150))
    const refused = await runCli(['reindex', '--data', dataDir])
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toMatch(/^radiograph: another Radiograph is using the data directory [^\n]+\n$/)
    expect(await server.stop()).toBe(0)
  }
  {
    // Late documents, after a restart.
    await using server = await startServer({ dataDir })
    await put(server.url, documents.slice(150))
    expect(await server.stop()).toBe(0)
  }
  const before = await withStore(dataDir, allRows)
  expect(before.map((rows) => rows.length)).toEqual([60, 60, 60])

  const first = await runCli(['reindex', '--data', dataDir])
  expect(first).toMatchObject({ code: 0, stdout: '60 traces were reindexed.\n' })
  expect(await withStore(dataDir, allRows)).toEqual(before)

  await withStore(dataDir, async (store) => {
    await damage(store, before[0] ?? [])
    const damaged = await allRows(store)
    expect(damaged.map((rows) => rows.length)).toEqual([60, 60, 60])
    for (const [at, rows] of damaged.entries()) expect(rows).not.toEqual(before[at])
  })
  {
    await using server = await startServer({ dataDir })
    await put(server.url, [JSON.stringify(segment({ trace_id: `1-${NOW.toString(16)}-${'f'.repeat(24)}` }))])
    await server.kill()
  }
  expect(await runCli(['reindex', '--data', dataDir])).toMatchObject({ code: 0, stdout: '61 traces were reindexed.\n' })
  const mended = await withStore(dataDir, allRows)
  expect(mended.map((rows) => rows.length)).toEqual([61, 61, 61])
  expect(mended.map((rows) => rows.filter(({ id }) => !id.endsWith('ffff')))).toEqual(before)
}, 120_000)

test.each([
  [['--data', '/nowhere/at/all'], /^radiograph: there is no data directory \/nowhere\/at\/all: [^\n]+\n$/],
  [['--store', 'memory'], /^radiograph: --store memory keeps nothing that could be reindexed\n$/],
])('refuses %j in one line', async (args, message) => {
  const { code, stdout, stderr } = await runCli(['reindex', ...args])
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(message)
})
