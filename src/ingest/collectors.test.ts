import { expect, it } from 'vitest'
import type { CollectorIdentity, TelemetryRecord } from './collectors.ts'
import { Collectors, countsOf } from './collectors.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const NOW = 1_700_000_000_000
const counts = (segmentsReceived: number) => ({ ...countsOf(() => 0), segmentsReceived })
const record = (collector: CollectorIdentity, atMs: number, received: number): TelemetryRecord => ({
  collector,
  atMs,
  counts: counts(received),
})

it('sums up the last hour and the last day, in any order', () => {
  const collectors = new Collectors()
  const web = { hostname: 'web', source: '10.0.0.1' }
  const ages = [0, 30 * MINUTE, 2 * HOUR, 23 * HOUR, 25 * HOUR]
  for (const age of ages.toReversed()) collectors.restore(record(web, NOW - age, 1), NOW - age, NOW)
  for (const age of ages) collectors.restore(record(web, NOW - age, 10), NOW - age, NOW)
  expect(collectors.list(NOW)).toEqual([
    {
      ...web,
      lastSeenMs: NOW,
      last: { ...counts(1), atMs: NOW },
      lastHour: counts(22),
      lastDay: counts(44),
    },
  ])
})

it('has the last record of a call as the last one, live and when a log is read backward', () => {
  const records = [record({ hostname: 'a' }, NOW, 1), record({ hostname: 'a' }, NOW, 2)] as const
  const live = new Collectors()
  for (const one of records) live.add(one, NOW)
  const restored = new Collectors()
  for (const one of records.toReversed()) restored.restore(one, NOW, NOW)
  expect(live.list(NOW)[0]?.last.segmentsReceived).toBe(2)
  expect(restored.list(NOW)).toEqual(live.list(NOW))
})

it('tells apart by host, instance and address, and takes the newest identity', () => {
  const collectors = new Collectors()
  const identities: readonly CollectorIdentity[] = [
    { hostname: 'a', source: '10.0.0.1', daemonVersion: '3.3.6' },
    { hostname: 'a', source: '10.0.0.2' },
    { hostname: 'a', instanceId: 'i-1', source: '10.0.0.1' },
    { source: '10.0.0.1' },
    { hostname: 'a', source: '10.0.0.1', daemonVersion: '3.3.7' },
  ]
  for (const [index, identity] of identities.entries()) collectors.add(record(identity, NOW, 1), NOW + index)
  expect(
    collectors
      .list(NOW + 10)
      .map(({ hostname, source, instanceId, daemonVersion, lastDay }) => [
        hostname,
        source,
        instanceId,
        daemonVersion,
        lastDay.segmentsReceived,
      ]),
  ).toEqual([
    ['a', '10.0.0.1', undefined, '3.3.7', 2],
    [undefined, '10.0.0.1', undefined, undefined, 1],
    ['a', '10.0.0.1', 'i-1', undefined, 1],
    ['a', '10.0.0.2', undefined, undefined, 1],
  ])
})

it('forgets who was not heard of for a day', () => {
  const collectors = new Collectors()
  collectors.add(record({ hostname: 'a' }, NOW, 1), NOW)
  expect(collectors.list(NOW + 24 * HOUR - 1)).toHaveLength(1)
  expect(collectors.list(NOW + 24 * HOUR)).toEqual([])
})

it('takes a time of the future for now, and nonsense for nothing', () => {
  const collectors = new Collectors()
  const nonsense = { ...counts(-5), segmentsSent: 1e300 }
  collectors.add({ collector: { hostname: 'a' }, atMs: NOW + 9 * HOUR, counts: nonsense }, NOW)
  const [report] = collectors.list(NOW)
  expect(report?.lastHour).toEqual({ ...counts(0), segmentsSent: 2 ** 32 })
  expect(report?.last.atMs).toBe(NOW)
})

it('holds a thousand, and forgets the one not heard longest', () => {
  const collectors = new Collectors()
  for (let n = 0; n < 1005; n++) collectors.add(record({ hostname: `h${n}` }, NOW, 1), NOW + n)
  const hosts = collectors.list(NOW + 2000).map(({ hostname }) => hostname)
  expect([hosts.length, hosts[0], hosts.at(-1)]).toEqual([1000, 'h1004', 'h5'])
})
