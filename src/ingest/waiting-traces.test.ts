import { describe, expect, test } from 'vitest'
import { traceId } from '../../test/fixtures/model-documents.ts'
import type { OpenTrace } from './open-trace.ts'
import { OpenTraces } from './open-traces.ts'
import { WaitingTraces } from './waiting-traces.ts'

const tenant = { account: '000000000000', region: 'us-east-1' }
/** As many as are taken whatever becomes of them. */
const FEW = 1_000

/** So many traces, which wait for nothing yet. */
function opened(count: number): readonly OpenTrace[] {
  const open = new OpenTraces(Infinity)
  return Array.from({ length: count }, (_, number) => open.touch(tenant, traceId(number)))
}

/** Three traces that were touched by the calls 5, 3 and 4 at the milliseconds 0, 10 and 20. */
function three(): { readonly waiting: WaitingTraces; readonly traces: readonly [OpenTrace, OpenTrace, OpenTrace] } {
  const [first, second, third] = opened(3)
  if (first === undefined || second === undefined || third === undefined) throw new Error('there are three')
  const waiting = new WaitingTraces()
  waiting.add(first, 5, 0)
  waiting.add(second, 3, 10)
  waiting.add(third, 4, 20)
  return { waiting, traces: [first, second, third] }
}

describe('takeAll', () => {
  test('takes each once, in the order of the first touch, with the first call that touched it', () => {
    const { waiting, traces } = three()
    const [first, second, third] = traces
    waiting.add(first, 6, 30)
    waiting.add(second, 2, 30)
    expect(waiting.size).toBe(3)
    expect(traces.map((trace) => waiting.has(trace))).toEqual([true, true, true])
    expect([...waiting.takeAll()]).toEqual([
      [first, 5],
      [second, 3],
      [third, 4],
    ])
    expect(traces.map((trace) => waiting.has(trace))).toEqual([false, false, false])
    expect([waiting.size, waiting.takeAll().size]).toEqual([0, 0])
  })

  test('a trace that was taken waits again when it is touched again', () => {
    const { waiting, traces } = three()
    waiting.takeAll()
    waiting.add(traces[1], 9, 40)
    expect([...waiting.takeAll()]).toEqual([[traces[1], 9]])
  })
})

describe('takeSettled', () => {
  test('takes few as they are', () => {
    const waiting = new WaitingTraces()
    for (const trace of opened(FEW)) waiting.add(trace, 1, 0)
    expect(waiting.takeSettled(0).size).toBe(FEW)
    expect(waiting.size).toBe(0)
  })

  test.each<[reason: string, touchedMs: readonly number[], nowMs: number, isTaken: boolean]>([
    ['touched just now', [0], 0, false],
    ['touched a second ago', [0], 1_000, false],
    ['almost settled', [0], 1_499, false],
    ['settled', [0], 1_500, true],
    ['touched again before it settled', [0, 1_400], 1_500, false],
    ['settled since it was touched again', [0, 1_400], 2_900, true],
    ['never settled, for almost four seconds', [0, 1_400, 2_800, 3_900], 3_999, false],
    ['never settled, for four seconds', [0, 1_400, 2_800, 3_900], 4_000, true],
  ])('of many, one that was %s: at the milliseconds %j, looked at %i: taken is %s', (_, touchedMs, nowMs, isTaken) => {
    const waiting = new WaitingTraces()
    const [one, ...others] = opened(FEW + 1)
    if (one === undefined) throw new Error('there are many')
    for (const ms of touchedMs) waiting.add(one, 7 + ms, ms)
    for (const trace of others) waiting.add(trace, 10_000, nowMs)
    expect([...waiting.takeSettled(nowMs)]).toEqual(isTaken ? [[one, 7]] : [])
    expect(waiting.has(one)).toBe(!isTaken)
    expect(waiting.size).toBe(isTaken ? FEW : FEW + 1)
  })
})

describe('putBack', () => {
  test('what was taken waits again, with its call', () => {
    const { waiting, traces } = three()
    waiting.putBack(waiting.takeAll(), 30)
    expect([...waiting.takeAll()]).toEqual([
      [traces[0], 5],
      [traces[1], 3],
      [traces[2], 4],
    ])
  })

  test('of one that was touched meanwhile the least call counts, whichever it is', () => {
    const { waiting, traces } = three()
    const taken = waiting.takeAll()
    waiting.add(traces[0], 8, 30)
    waiting.add(traces[1], 1, 30)
    waiting.putBack(taken, 40)
    expect(waiting.size).toBe(3)
    expect(waiting.takeAll()).toEqual(
      new Map([
        [traces[0], 5],
        [traces[1], 1],
        [traces[2], 4],
      ]),
    )
  })

  test('it is to settle anew', () => {
    const waiting = new WaitingTraces()
    for (const trace of opened(FEW + 1)) waiting.add(trace, 1, 0)
    waiting.putBack(waiting.takeSettled(1_500), 1_600)
    expect(waiting.takeSettled(3_099).size).toBe(0)
    expect(waiting.takeSettled(3_100).size).toBe(FEW + 1)
  })
})

test('firstCall is the least call that waits', () => {
  const { waiting } = three()
  expect(waiting.firstCall()).toBe(3)
  const taken = waiting.takeAll()
  expect(waiting.firstCall()).toBe(Infinity)
  waiting.putBack(taken, 30)
  expect(waiting.firstCall()).toBe(3)
  expect(new WaitingTraces().firstCall()).toBe(Infinity)
})
