import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { controlInMemory } from '../../test/fixtures/control-in-memory.ts'
import { newId, newTraceId } from '../../test/fixtures/segments.ts'
import { servicesInMemory } from '../../test/fixtures/services-in-memory.ts'
import type { Tenant } from '../model/tenant.ts'
import { startInsightRunner, type InsightNotice, type InsightRunner } from './insight-runner.ts'

const TENANT: Tenant = { account: '000000000000', region: 'us-east-1' }
const OTHER: Tenant = { account: '111111111111', region: 'us-east-1' }
const START = 1_700_000_040
const HOUR = 3_600

let nowSeconds: number
let control: ReturnType<typeof controlInMemory>
let services: ReturnType<typeof servicesInMemory>
let reads: number
let notices: InsightNotice[]
let skipped: string[]
let errors: unknown[]
const runners: InsightRunner[] = []

beforeEach(() => {
  nowSeconds = START
  control = controlInMemory(() => nowSeconds * 1_000)
  services = servicesInMemory(() => nowSeconds)
  reads = 0
  notices = []
  skipped = []
  errors = []
})

afterEach(async () => {
  for (const runner of runners.splice(0)) await runner[Symbol.asyncDispose]()
  if (errors.length > 0) throw errors[0]
})

function run(): InsightRunner {
  const runner = startInsightRunner({
    ...control,
    graphs: {
      periods(...question) {
        reads += 1
        return services.graphs.periods(...question)
      },
    },
    now: () => nowSeconds * 1_000,
    notify: (notice) => notices.push(notice),
    onSkipped: (_, group, from, to) => skipped.push(`${group} ${(from - START) / HOUR} ${(to - START) / HOUR}`),
    onError: (error) => errors.push(error),
    lookMs: 1,
  })
  runners.push(runner)
  return runner
}

/** Ten requests in each minute of a span, of which so many fail. */
async function put(fromSeconds: number, minutes: number, faults: number, tenant = TENANT): Promise<void> {
  const texts: string[] = []
  for (let minute = 0; minute < minutes; minute++) {
    for (let at = 0; at < 10; at++) {
      const start_time = fromSeconds + minute * 60 + at
      const id = { id: newId(), trace_id: newTraceId(start_time), name: 'api' }
      texts.push(
        JSON.stringify({ ...id, start_time, end_time: start_time + 1, ...(at < faults ? { fault: true } : {}) }),
      )
    }
  }
  await services.ingest.accept(tenant, texts, 'http')
}

const enable = (notificationsEnabled: boolean, tenant = TENANT) =>
  control.groups.update(tenant, { name: 'Default' }, { insightsEnabled: true, notificationsEnabled })

const through = (tenant = TENANT) => control.insights.detectors(tenant).map(({ throughSeconds }) => throughSeconds)
const kept = (tenant = TENANT) =>
  control.insights.list(tenant, nowSeconds).map(({ insight }) => {
    return { state: insight.state, start: insight.startSeconds - START, end: (insight.endSeconds ?? NaN) - START }
  })
const settled = { timeout: 20_000 }
/** Long enough for a hundred looks. */
const looks = () => new Promise((resolve) => setTimeout(resolve, 100))

describe('a runner', () => {
  test('reads nothing while no group has insights enabled', async () => {
    await put(START - HOUR, 60, 6)
    await control.groups.create(TENANT, { name: 'g', filterExpression: 'fault' })
    run()
    await looks()
    expect(reads).toBe(0)
  })

  test('looks a day back at first, and at each minute 60 seconds after it ended', async () => {
    await put(START - HOUR, 10, 6)
    await enable(false)
    run()
    await expect.poll(() => kept(), settled).toEqual([{ state: 'CLOSED', start: -HOUR, end: 14 * 60 - HOUR }])
    await expect.poll(() => through(), settled).toEqual([START - 60])
    const before = reads
    nowSeconds += 59
    await looks()
    expect(reads).toBe(before)
    nowSeconds += 1
    await expect.poll(() => reads, settled).toBe(before + 1)
  })

  test('opens an insight while it goes on, and tells where that is wanted', async () => {
    await enable(true)
    await enable(false, OTHER)
    for (const tenant of [TENANT, OTHER]) await put(START - 600, 10, 6, tenant)
    run()
    const active = [{ state: 'ACTIVE', start: -600, end: NaN }]
    await expect.poll(() => [kept(), kept(OTHER)], settled).toEqual([active, active])
    await expect.poll(() => notices.map(({ change }) => change.event.kind), settled).toContain('opened')
    expect(new Set(notices.map(({ tenant }) => tenant.account))).toEqual(new Set([TENANT.account]))
    const [mine, theirs] = [TENANT, OTHER].map((tenant) => control.insights.list(tenant, nowSeconds)[0]?.insight.id)
    expect(mine).not.toBe(theirs)
  })

  test('does not tell what is over an hour old', async () => {
    await enable(true)
    await put(START - 3 * HOUR, 10, 6)
    run()
    await expect.poll(() => kept(), settled).toHaveLength(1)
    await expect.poll(() => through(), settled).toEqual([START - 60])
    expect(notices).toEqual([])
  })

  test('goes on where another one was, and finds what that one would have found', async () => {
    await enable(true)
    await put(START - 600, 10, 6)
    const first = run()
    await expect.poll(() => kept(), settled).toHaveLength(1)
    await first[Symbol.asyncDispose]()
    const told = notices.length
    await put(START, 10, 6)
    nowSeconds += 30 * 60
    // Two of them, as on a cluster: what one has found, the other one does not find again.
    run()
    run()
    await expect.poll(() => kept(), settled).toEqual([{ state: 'CLOSED', start: -600, end: 14 * 60 }])
    const events = control.insights.events(TENANT, control.insights.list(TENANT, nowSeconds)[0]?.insight.id ?? '')
    expect(events.map(({ number }) => number)).toEqual(events.map((_, at) => events.length - at))
    expect(notices).toHaveLength(events.length)
    expect(told).toBeGreaterThan(0)
  })

  test('leaves out what is more than a day ago, says so, and closes what was active then', async () => {
    await enable(false)
    await put(START - 600, 10, 6)
    const first = run()
    await expect.poll(() => kept(), settled).toMatchObject([{ state: 'ACTIVE' }])
    await first[Symbol.asyncDispose]()
    nowSeconds += 30 * HOUR
    run()
    await expect.poll(() => kept(), settled).toMatchObject([{ state: 'CLOSED', start: -600 }])
    expect(skipped[0]).toMatch(/^Default -?0\.\d+ 5\.98\d*$/)
  })

  test.each(['disabled', 'deleted'])('closes what is active of a group that is %s', async (how) => {
    await control.groups.create(TENANT, { name: 'g', filterExpression: 'service("api")', insightsEnabled: true })
    await put(START - 600, 10, 6)
    run()
    await expect.poll(() => kept(), settled).toMatchObject([{ state: 'ACTIVE' }])
    if (how === 'deleted') await control.groups.delete(TENANT, { name: 'g' })
    else await control.groups.update(TENANT, { name: 'g' }, { insightsEnabled: false })
    await expect.poll(() => kept(), settled).toMatchObject([{ state: 'CLOSED' }])
    expect(through()).toEqual([])
  })

  test('sees only the traces of its group', async () => {
    await control.groups.create(TENANT, { name: 'g', filterExpression: 'service("mail")', insightsEnabled: true })
    await put(START - HOUR, 10, 6)
    run()
    await expect.poll(() => through(), settled).toEqual([START - 60])
    expect(kept()).toEqual([])
  })

  test('stops in the middle of a history', async () => {
    await enable(false)
    await put(START - HOUR, 50, 6)
    const runner = run()
    await expect.poll(() => reads, settled).toBeGreaterThan(0)
    await runner[Symbol.asyncDispose]()
    const before = reads
    await looks()
    expect(reads).toBe(before)
  })
})
