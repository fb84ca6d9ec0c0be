import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { entityId, traceId } from '../../test/fixtures/model-documents.ts'
import type { TraceFacts } from './open-trace.ts'
import { OpenTraces } from './open-traces.ts'
import { PackedTraces } from './packed-traces.ts'

const tenant = { account: '000000000000', region: 'us-east-1' }
const other = { account: '000000000000', region: 'eu-west-1' }
const T0 = 1_700_000_000_000_000

/** What is known of a trace with so many documents when its row has been written. */
function traceOf(number: number, documents: number): TraceFacts {
  const open = new OpenTraces(Infinity)
  const trace = open.touch(tenant, traceId(number))
  for (let at = 0; at < documents; at++) {
    open.add(trace, {
      kind: at % 3 === 0 ? 'subsegment' : 'segment',
      id: entityId((at + 1).toString(16)),
      complete: at % 2 === 0,
      received: T0 + at,
      startUs: T0 + at,
      ...(at % 2 === 0 ? { endUs: T0 + at + 5 } : {}),
      search: {
        names: [`näme ${at}`],
        terms: [`at=${'long '.repeat(at % 9)}`],
        urls: at % 4 === 0 ? [`https://a/${at}`] : [],
        isRoot: at === 1,
        lastEnd: at === 0 ? -Infinity : 17,
      },
    })
  }
  const { ids, received, starts, ends, kinds, names, terms, urls, lastEndUs } = trace
  const rowTimes = [1_700_000_000, 0, 2 ** 32 - 1].slice(0, documents)
  const id = traceId(number)
  return { tenant, id, firstCall: T0, ids, received, starts, ends, kinds, names, terms, urls, lastEndUs, rowTimes }
}

const idsOf = (traces: readonly { readonly id: string }[]) => traces.map(({ id }) => id)

test.each([1, 2, 7, 100])('a trace of %s documents comes back as it was, once', (documents) => {
  const packed = new PackedTraces(2 ** 16)
  const trace = traceOf(1, documents)
  expect(packed.put(trace)).toEqual([])
  expect(packed.take(other, trace.id)).toBeUndefined()
  expect(packed.take(tenant, trace.id)).toEqual(trace)
  expect(packed.take(tenant, trace.id)).toBeUndefined()
  expect(packed.size).toBe(0)
})

test('the oldest make room for new ones, and are named', () => {
  const packed = new PackedTraces(4_096)
  const traces = Array.from({ length: 40 }, (_, at) => traceOf(at, 5))
  const gone = traces.flatMap((trace) => packed.put(trace))
  expect(gone.length).toBeGreaterThan(10)
  expect(idsOf(gone)).toEqual(idsOf(traces.slice(0, gone.length)))
  for (const trace of traces.slice(0, gone.length)) expect(packed.take(tenant, trace.id)).toBeUndefined()
  for (const trace of traces.slice(gone.length)) expect(packed.take(tenant, trace.id)).toEqual(trace)
})

describe('not kept is', () => {
  const trace = traceOf(1, 3)
  test.each<[string, TraceFacts]>([
    ['one that would push out too many others', traceOf(1, 200)],
    ['one that the store was not asked for', { ...trace, rowTimes: undefined }],
    ['one whose calls are not known', { ...trace, firstCall: Infinity }],
  ])('%s', (_, refused) => {
    const packed = new PackedTraces(8_192)
    const earlier = traceOf(2, 3)
    packed.put(earlier)
    expect(packed.put(refused)).toEqual([refused])
    expect(packed.take(tenant, refused.id)).toBeUndefined()
    expect(packed.take(tenant, earlier.id)).toEqual(earlier)
  })

  test('anything, where there is no room at all', () => {
    const packed = new PackedTraces(0)
    expect(packed.put(trace)).toEqual([trace])
    expect(packed.take(tenant, trace.id)).toBeUndefined()
  })
})

test('whatever comes and goes, each trace is here as it was or has been named', () => {
  const step = fc.record({ number: fc.integer({ min: 0, max: 30 }), documents: fc.integer({ min: 1, max: 20 }) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), fc.integer({ min: 500, max: 20_000 }), (steps, limitBytes) => {
      const packed = new PackedTraces(limitBytes)
      const here = new Map<string, TraceFacts>()
      for (const { number, documents } of steps) {
        const trace = traceOf(number, documents)
        const known = here.get(trace.id)
        // As an assembler does: what comes back is taken out before it is put in again.
        const back = packed.take(tenant, trace.id)
        expect(back).toEqual(known)
        here.set(trace.id, trace)
        for (const { id } of packed.put(trace)) expect(here.delete(id)).toBe(true)
        expect(packed.size).toBe(here.size)
      }
      for (const trace of here.values()) expect(packed.take(tenant, trace.id)).toEqual(trace)
    }),
  )
})
