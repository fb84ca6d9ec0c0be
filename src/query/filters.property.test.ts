import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EVERYTHING } from '../../test/fixtures/assembly-documents.ts'
import { memoryMark, startAssembly } from '../../test/fixtures/assembly.ts'
import { expectedTraces, type SentDocument } from '../../test/fixtures/expected-traces.ts'
import { type FilterValues, randomFilter } from '../../test/fixtures/random-filters.ts'
import { compileFilter } from '../filter/evaluate.ts'
import type { ExtendedExpr } from '../filter/extended-ast.ts'
import { narrow } from '../filter/narrowing.ts'
import { traceFacts, type TraceFacts } from '../filter/trace-facts.ts'
import { assemble } from '../model/assemble.ts'
import { readTraceId, type TraceId } from '../model/ids.ts'
import { SLOW_SECONDS } from '../model/summarize.ts'
import type { Tenant } from '../model/tenant.ts'
import { indexTrace } from '../model/trace-index.ts'
import { createChdbEngine } from '../store/chdb/chdb-engine.ts'
import { createMemoryStore } from '../store/memory/memory-store.ts'
import { createSqlStore } from '../store/sql/sql-store.ts'
import type { TracePosition, TraceStore } from '../store/store.ts'
import { readSegmentDocument } from '../wire/xray/read-segment-document.ts'
import { needsWholeDocuments } from './search-needs.ts'
import type { TraceQueries } from './traces.ts'

const SEED = Number(process.env['RADIOGRAPH_TEST_SEED'] ?? Date.now() % 2 ** 31)
/** A busy machine does fewer runs, rather than fail. */
const ENOUGH_MS = 12_000
const NOW_MS = 1_800_000_000_000
const NOW = NOW_MS / 1000

const NAMES = ['web', 'api', 'DynamoDB', 'orders', 'S3', 'dynamodb', 'bücket']
const TEXTS = ['alice', 'bob 🙂', "a' OR 1=1 {narrow0:String} \\", 'https://api/x?a=1\nb', 'GET', 'i-1', 'zone']
const ACCOUNTS = ['111122223333', '5', 'false']
const ANNOTATIONS = ['x', 'xyz', '', "'\\\0\n", 5, -0.5, 0, 1e21, true, false, 'x'.repeat(1_000)]
const STATUSES = [99, 200, 299, 300, 404, 429, 500, 503, 599]
const SECONDS = [0, 0.0004, 0.5, 1, 1.9996, 2, 2.0004, 5, -1, 90_000, 1e300]

const VALUES: FilterValues = {
  names: [...NAMES, 'nobody', ''],
  types: ['client', 'remote', 'AWS::DynamoDB', 'AWS::EC2::Instance', '', 'AWS::DynamoDB::Table'],
  accounts: ACCOUNTS,
  keys: ['a', 'b', '__proto__'],
  seconds: SECONDS,
  statuses: [...STATUSES, 200.5, 0, -1e300, 1e300],
  texts: [...TEXTS, '\ud83d', 'm'],
  annotations: [...ANNOTATIONS, 'x'.repeat(1_001)],
}

/** Absent once in so many times. */
const maybe = <T>(of: fc.Arbitrary<T>, freq = 2) => fc.option(of, { nil: undefined, freq })
const text = fc.constantFrom(...TEXTS)
const name = fc.constantFrom(...NAMES)
const flag = fc.constantFrom(undefined, undefined, undefined, undefined, true, false)
const aws = fc.record({
  account_id: maybe(fc.constantFrom('111122223333', 5, false)),
  table_name: maybe(name),
  bucket_name: maybe(name),
  ec2: maybe(fc.record({ instance_id: text, availability_zone: text })),
})
/** What an entity says beside its id, name and times. */
const said = fc.record({
  namespace: maybe(fc.constantFrom('aws', 'remote'), 3),
  fault: flag,
  error: flag,
  throttle: flag,
  user: maybe(text),
  origin: maybe(fc.constantFrom('AWS::EC2::Instance', 'AWS::DynamoDB')),
  resource_arn: maybe(text),
  http: maybe(
    fc.record({
      request: maybe(fc.record({ url: text, method: maybe(text), traced: maybe(fc.boolean()) })),
      response: maybe(fc.record({ status: fc.constantFrom(...STATUSES) }), 3),
    }),
    2,
  ),
  aws: maybe(aws),
  annotations: maybe(fc.dictionary(fc.constantFrom('a', 'b'), fc.constantFrom(...ANNOTATIONS), { maxKeys: 2 }), 2),
  metadata: maybe(fc.record({ default: fc.record({ a: fc.constantFrom(...ANNOTATIONS) }) })),
  cause: maybe(fc.constant({ exceptions: [{ id: '00000000000000ee', type: 'alice', message: 'm' }] })),
})
const took = fc.constantFrom(...SECONDS, -1, -1, undefined)
const entity = fc.record({ id: fc.nat(4), name, start: fc.constantFrom(0, 0.5, 1), took, said })
/** Few traces and entities, so that copies, parents and calls collide. */
const document = fc.record({
  trace: fc.nat(5),
  top: entity,
  parent: maybe(fc.nat(12)),
  isSubsegment: fc.oneof(fc.constant(false), fc.boolean()),
  inner: fc.array(entity, { maxLength: 2 }),
})
const run = fc.record({
  calls: fc.array(fc.array(document, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 5 }),
  flushes: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
  memoryLimitBytes: fc.constantFrom(1, 4_000, 2 ** 26),
  packedLimitBytes: fc.constantFrom(0, 2 ** 20),
})
type Run = typeof run extends fc.Arbitrary<infer T> ? T : never
type Drawn = Run['calls'][number][number]

const question = fc.record({
  expression: randomFilter(VALUES),
  limit: fc.integer({ min: 1, max: 4 }),
  scanLimit: maybe(fc.integer({ min: 1, max: 3 })),
})
type Question = typeof question extends fc.Arbitrary<infer T> ? T : never

const idOf = (number: number): string => (0xa0 + number).toString(16).padStart(16, '0')

function fieldsOf({ id, name: own, start, took: seconds, said: more }: Drawn['top'], offset: number): object {
  const from = NOW + start
  const end = seconds === undefined ? { in_progress: true } : { end_time: from + seconds }
  return { ...more, id: idOf(id + offset), name: own, start_time: from, ...end }
}

function textOf({ trace, top, parent, isSubsegment, inner }: Drawn, ids: readonly TraceId[]): string {
  const parentId = parent ?? (isSubsegment ? 1 : undefined)
  return JSON.stringify({
    ...fieldsOf(top, 0),
    trace_id: ids[trace],
    ...(isSubsegment ? { type: 'subsegment' } : {}),
    ...(parentId === undefined ? {} : { parent_id: idOf(parentId) }),
    // Their ids follow those of the documents, so that segments can name them as their parents.
    subsegments: inner.map((one, at) => fieldsOf(one, 5 + 5 * at)),
  })
}

/** How often what came. */
type Tally = { asked: number; found: number; foundSome: number; narrowed: number; ruledOut: number }

let runs = 0

/** Sends documents the real way, and asks for them by the expressions. */
async function live(store: TraceStore, drawn: Run, questions: readonly Question[], tally: Tally): Promise<void> {
  runs += 1
  const tenant: Tenant = { account: String(200_000_000_000 + runs), region: 'us-east-1' }
  // A clock of its own, ahead of what the store knows.
  const nowMs = NOW_MS + runs * 2_000
  const ids = [0, 1, 1, 2, 3, 3].flatMap((seconds, at) => {
    return readTraceId(`1-${(NOW - seconds).toString(16)}-${String(at).padStart(24, '0')}`) ?? []
  })
  const directory = await mkdtemp(join(tmpdir(), 'radiograph-filters-'))
  const { memoryLimitBytes, packedLimitBytes } = drawn
  const assembly = await startAssembly(store, {
    directory,
    mark: memoryMark(),
    now: () => nowMs,
    memoryLimitBytes,
    packedLimitBytes,
  })
  const sent: SentDocument[] = []
  for (const [call, documents] of drawn.calls.entries()) {
    const texts = documents.map((one) => textOf(one, ids))
    expect((await assembly.ingest.accept(tenant, texts, 'http')).rejections).toEqual([])
    for (const one of texts) {
      sent.push({ call, received: nowMs * 1_000 + sent.length, document: readSegmentDocument(one) })
    }
    if (drawn.flushes[call] === true) await assembly.assembler.flush()
  }
  const traces = factsOf(sent, nowMs / 1000)
  for (const asked of questions) {
    const { expression } = asked
    const holds = compileFilter(expression)
    const expected = [...traces].filter(([, facts]) => holds(facts)).map(([id]) => id)
    const { found, scanned } = await ask(assembly.queries, tenant, asked)
    expect(found, JSON.stringify(expression)).toEqual(expected)
    tally.asked += 1
    if (expected.length > 0) tally.found += 1
    if (expected.length > 0 && expected.length < traces.size) tally.foundSome += 1
    if (narrow(expression).kind !== 'everything') tally.narrowed += 1
    if (scanned < traces.size) tally.ruledOut += 1
  }
  expect(assembly.errors.map(({ message }) => message)).toEqual([])
  await assembly.stop()
  await rm(directory, { recursive: true, force: true })
}

/** The traces put together from the documents as they were sent, in the order of answers. */
function factsOf(sent: readonly SentDocument[], nowSeconds: number): ReadonlyMap<TraceId, TraceFacts> {
  return new Map(
    expectedTraces(sent, nowSeconds).map(({ id }) => {
      const mine = sent.filter(({ document: { traceId } }) => traceId === id)
      const index = indexTrace(assemble(id, 1, mine))
      return [id, traceFacts(index, { nowSeconds, slowSeconds: SLOW_SECONDS })]
    }),
  )
}

/** All pages. */
async function ask(
  queries: TraceQueries,
  tenant: Tenant,
  { expression, limit, scanLimit }: Question,
): Promise<{ readonly found: readonly TraceId[]; readonly scanned: number }> {
  // What stands for everything asks for nothing, wherever it stands.
  const filter = { expression, needsWholeDocuments: needsWholeDocuments(expression as ExtendedExpr) }
  const found: TraceId[] = []
  let scanned = 0
  let after: TracePosition | undefined
  do {
    const position = after === undefined ? {} : { after }
    const most = scanLimit === undefined ? {} : { scanLimit }
    const page = await queries.summaries(tenant, { ...EVERYTHING, limit, ...most, ...position, filter })
    expect(page.summaries.length).toBeLessThanOrEqual(limit)
    found.push(...page.summaries.map(({ summary }) => summary.id))
    scanned += page.scanned
    after = page.next
  } while (after !== undefined)
  return { found, scanned }
}

/** Proves that the questions were worth asking: at least this share of them found something, and so on. */
function expectFair({ asked, found, foundSome, narrowed, ruledOut }: Tally, least: number): void {
  expect(found / asked).toBeGreaterThan(least)
  expect(foundSome / asked).toBeGreaterThan(least / 3)
  expect(narrowed / asked).toBeGreaterThan(least)
  expect(ruledOut / asked).toBeGreaterThan(least / 2)
}

const noTally = (): Tally => ({ asked: 0, found: 0, foundSome: 0, narrowed: 0, ruledOut: 0 })
const questions = (length: number) => fc.array(question, { minLength: length, maxLength: length })

describe('random expressions find the traces that the evaluator says yes to, when it looks at what was sent', () => {
  test(`memory, seed ${SEED}`, async () => {
    const tally = noTally()
    const property = fc.asyncProperty(run, questions(30), async (drawn, asked) => {
      await using store = createMemoryStore()
      await store.open()
      await live(store, drawn, asked, tally)
    })
    await fc.assert(property, { seed: SEED, numRuns: 200, interruptAfterTimeLimit: ENOUGH_MS })
    expectFair(tally, 0.25)
  }, 30_000)

  test(`chdb, seed ${SEED}`, async () => {
    const directory = await mkdtemp(join(tmpdir(), 'radiograph-filters-'))
    await using store = createSqlStore(createChdbEngine({ directory }))
    await store.open()
    const tally = noTally()
    await fc.assert(
      fc.asyncProperty(run, questions(20), async (drawn, asked) => live(store, drawn, asked, tally)),
      { seed: SEED, numRuns: 6, interruptAfterTimeLimit: ENOUGH_MS },
    )
    // Six runs are few, and one may be of a trace alone.
    expectFair(tally, 0.1)
    await rm(directory, { recursive: true, force: true })
  }, 60_000)
})
