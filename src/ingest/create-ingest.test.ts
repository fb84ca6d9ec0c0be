import { readFile } from 'node:fs/promises'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { DocumentReader, IncomingDocument } from '../model/document.ts'
import { readEntityId, readTraceId } from '../model/ids.ts'
import type { Rejection } from '../model/outcome.ts'
import { readDocumentRows } from '../spool/document-row.ts'
import type { DocumentRow } from '../spool/document-row.ts'
import { Spool } from '../spool/spool.ts'
import { createMemoryStore } from '../store/memory/memory-store.ts'
import { otlpKey } from '../wire/otlp/otlp-in-xray.ts'
import { Assembler } from './assembler.ts'
import { createIngest } from './create-ingest.ts'
import type { Ingest } from './ingest.ts'
import { OverloadError } from './ingest.ts'
import { Stamps } from './stamps.ts'
import { TraceSizes } from './trace-sizes.ts'

const tenant = { account: '000000000000', region: 'us-east-1' }
const NO_FACTS = { names: [], terms: [], urls: [], isRoot: false, lastEnd: 0 }
const NOW_MS = 1_700_000_000_000

let directory: string
let rows: DocumentRow[]
/** Traces that have a row at the end. */
let touched = 0
const heard: string[] = []

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'radiograph-ingest-'))
  rows = []
  heard.length = 0
})
afterEach(() => rm(directory, { recursive: true, force: true }))

/** A language of one word: `bad`, `inferred`, `two` for an array of two, or anything else for an accepted document. */
const read: DocumentReader = (text, nowSeconds) => {
  if (text === 'bad') return [{ ok: false, rejection: { id: 'x', code: 'InvalidName', message: 'no' } }]
  const value = document(text, nowSeconds)
  return text === 'two' ? [{ ok: true, value }, ...read('bad', nowSeconds)] : [{ ok: true, value }]
}

function document(text: string, nowSeconds: number): IncomingDocument {
  const traceId = readTraceId('1-58406520-a006649127e371903a2de979')
  const id = readEntityId('53995c3f42cd8ad8')
  if (traceId === undefined || id === undefined) throw new Error('not ids')
  return {
    kind: 'segment',
    traceId,
    id,
    name: 'api',
    startTime: nowSeconds,
    endTime: nowSeconds,
    complete: true,
    inferred: text === 'inferred',
    raw: text,
    search: NO_FACTS,
  }
}

async function withIngest(
  limits: { spoolBytes?: number; traceBytes?: number },
  use: (ingest: Ingest) => Promise<void>,
): Promise<void> {
  const spool = await Spool.open({
    directory,
    limitBytes: limits.spoolBytes ?? 1e6,
    sealBytes: 1e6,
    sealAfterMs: 60_000,
    insert: async (path) => void rows.push(...readDocumentRows(await readFile(path))),
    onEvent: () => undefined,
  })
  const store = createMemoryStore()
  await store.open()
  const stamps = new Stamps(0)
  const assembler = new Assembler({
    store,
    stamps,
    now: () => NOW_MS,
    freshen: async () => {},
    storeHasTraces: false,
    searchFacts: () => NO_FACTS,
    memoryLimitBytes: 1e6,
    packedLimitBytes: 0,
    mark: { read: async () => 0, write: async () => {} },
    onError: (error) => heard.push(error.message),
  })
  const ingest = createIngest({
    spool,
    read,
    stamps,
    assembler,
    otlpKey,
    sizes: new TraceSizes(limits.traceBytes ?? 1e6, 1000),
    now: () => NOW_MS,
    onRejection: ({ code }: Rejection, _, source) => heard.push(`${code} from ${source}`),
    onOtlp: (count, _, source) => heard.push(`${count} OTLP from ${source}`),
  })
  await use(ingest)
  await assembler.close()
  touched = await store.countTraces(tenant, { kind: 'trace-time', fromSeconds: 0, toSeconds: 2 ** 32 })
  await spool.close(1000)
}

it('stores what was accepted, in order, and lists what was not', async () => {
  await withIngest({}, async (ingest) => {
    const { rejections } = await ingest.accept(tenant, ['a', 'bad', 'b', 'two'], 'http')
    expect(rejections.map(({ code }) => code)).toEqual(['InvalidName', 'InvalidName'])
  })
  expect(rows.map(({ document: { raw, received }, call }) => ({ raw, received, call }))).toEqual([
    { raw: 'a', received: NOW_MS * 1000, call: NOW_MS * 1000 },
    { raw: 'b', received: NOW_MS * 1000 + 1, call: NOW_MS * 1000 },
    { raw: 'two', received: NOW_MS * 1000 + 2, call: NOW_MS * 1000 },
  ])
  expect(heard).toEqual(['InvalidName from http', 'InvalidName from http'])
  expect(touched).toBe(1)
})

it('keeps OTLP texts beside the documents of their call, and tells of them (spec/interop §1.0)', async () => {
  await withIngest({}, async (ingest) => {
    expect(await ingest.accept(tenant, ['T1Sabc', 'a', 'T1Udef'], 'udp')).toEqual({ rejections: [] })
    expect(await ingest.accept(tenant, ['T1Sabc'], 'udp')).toEqual({ rejections: [] })
  })
  const call = NOW_MS * 1000
  expect(rows.map((row) => [row.format, row.document.raw, row.document.received, row.call])).toEqual([
    ['xray-json', 'a', call, call],
    ['otlp', 'T1Sabc', call + 1, call],
    ['otlp', 'T1Udef', call + 2, call],
    ['otlp', 'T1Sabc', call + 3, call + 3],
  ])
  expect(heard).toEqual(['2 OTLP from udp', '1 OTLP from udp'])
  expect(touched).toBe(1)
})

it('acknowledges inferred documents without storing them (spec/ingest §5 row 28)', async () => {
  await withIngest({}, async (ingest) => {
    expect(await ingest.accept(tenant, ['inferred'], 'http')).toEqual({ rejections: [] })
  })
  expect(touched).toBe(0)
  expect(rows).toEqual([])
})

it('refuses newcomers to a trace at its quota, with AWS’s text', async () => {
  await withIngest({ traceBytes: 8 }, async (ingest) => {
    expect(await ingest.accept(tenant, ['12345678', 'x'], 'udp')).toEqual({
      rejections: [
        {
          id: '53995c3f42cd8ad8',
          code: 'InvalidSegment',
          message:
            'Trace Size Exceeded. Reduce the number of segments per trace and the size of your segment documents.',
          path: 'trace_id',
        },
      ],
    })
  })
  expect(rows.map((row) => row.document.raw)).toEqual(['12345678'])
})

it('says that there is no room when the spool is full, and does not count what it could not store', async () => {
  await withIngest({ spoolBytes: 1, traceBytes: 4 }, async (ingest) => {
    await ingest.accept(tenant, ['abc'], 'http')
    await expect(ingest.accept(tenant, ['d'], 'http')).rejects.toBeInstanceOf(OverloadError)
    await expect(ingest.accept(tenant, ['e'], 'http')).rejects.toBeInstanceOf(OverloadError)
  })
  expect(rows.map((row) => row.document.raw)).toEqual(['abc'])
})
