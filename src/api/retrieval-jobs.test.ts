import { expect, test } from 'vitest'
import { controlInMemory } from '../../test/fixtures/control-in-memory.ts'
import { servicesInMemory } from '../../test/fixtures/services-in-memory.ts'
import type { TraceQueries } from '../query/traces.ts'
import { createRetrievalJobs } from './retrieval-jobs.ts'

const T0 = 1_700_000_000
const tenant = { account: '000000000000', region: 'us-east-1' }
const clock = () => T0 * 1000
const idOf = (index: number) => `1-${T0.toString(16)}-${index.toString(16).padStart(24, '0')}`
const TRACES = 12

type Ask = TraceQueries['traces']

/** Retrievals over twelve stored traces, whose reading `around` may disturb; starts one of all. */
async function started(around: (traces: Ask) => Ask) {
  const { ingest, queries } = servicesInMemory(() => T0)
  const { retrievals } = controlInMemory(clock).settings
  const segment = (index: number) =>
    JSON.stringify({ trace_id: idOf(index), id: 'aaaaaaaaaaaaaaaa', name: 'n', start_time: T0, end_time: T0 })
  await ingest.accept(
    tenant,
    Array.from({ length: TRACES }, (_, index) => segment(index)),
    'http',
  )
  const traceIds = Array.from({ length: TRACES }, (_, index) => idOf(index))
  const request = { traceIds, fromSeconds: T0, toSeconds: T0 }
  const token = await retrievals.start(tenant, request, T0)
  const errors: unknown[] = []
  const jobsOver = (traces: Ask) =>
    createRetrievalJobs({ retrievals, queries: { traces }, clock, onError: (error) => errors.push(error) })
  const status = async () => {
    const found = await retrievals.find(tenant, token, T0)
    return found.ok ? found.value.status : found.refusal.code
  }
  const again = () => jobsOver((...ask) => queries.traces(...ask))
  const jobs = jobsOver(around((...ask) => queries.traces(...ask)))
  const scheduled = { ...request, status: 'SCHEDULED', startedSeconds: T0 } as const
  return { jobs, again, token, scheduled, errors, status, traceIds, retrievals }
}

test('a retrieval reads a few traces at a time, and once though asked twice', async () => {
  const sizes: number[] = []
  const { jobs, token, scheduled, status, errors } = await started((traces) => (of, ids, signal) => {
    sizes.push(ids.length)
    return traces(of, ids, signal)
  })
  jobs.ensure(tenant, token, scheduled)
  jobs.ensure(tenant, token, scheduled)
  expect(jobs.isRunning(token)).toBe(false)
  await expect.poll(() => jobs.isRunning(token)).toBe(true)
  await expect.poll(status).toBe('COMPLETE')
  jobs.ensure(tenant, token, { ...scheduled, status: 'COMPLETE' })
  await jobs[Symbol.asyncDispose]()
  expect([sizes, errors]).toEqual([[5, 5, 2], []])
})

test('one whose traces cannot be read has failed, and the reason is told', async () => {
  const broken = new Error('the disk says no')
  const { jobs, token, scheduled, status, errors } = await started(() => () => Promise.reject(broken))
  jobs.ensure(tenant, token, scheduled)
  await expect.poll(status).toBe('FAILED')
  expect(errors).toEqual([broken])
})

test('one that is given up when the server stops is done by the next one', async () => {
  const { jobs, again, token, scheduled, status, errors, traceIds, retrievals } = await started(
    () => (_of, _ids, signal) =>
      new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new Error('aborted')))),
  )
  jobs.ensure(tenant, token, scheduled)
  await expect.poll(() => jobs.isRunning(token)).toBe(true)
  await jobs[Symbol.asyncDispose]()
  expect([await status(), jobs.isRunning(token), errors]).toEqual(['SCHEDULED', false, []])
  jobs.ensure(tenant, token, scheduled)
  expect(jobs.isRunning(token)).toBe(false)

  await using next = again()
  next.ensure(tenant, token, scheduled)
  await expect.poll(status).toBe('COMPLETE')
  expect(await retrievals.find(tenant, token, T0)).toMatchObject({ value: { traceIds } })
})
