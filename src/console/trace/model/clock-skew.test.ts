import { describe, expect, test } from 'vitest'
import { outlineOf, type OutlineNode } from '../../../../test/fixtures/trace-outline.ts'
import { alignedTimes } from './clock-skew.ts'
import { buildTraceModel } from './trace-model.ts'

const ms = 1_000
const node = (depth: number, name: string, start: number, end: number | undefined, service?: string): OutlineNode => ({
  depth,
  name,
  start: start * ms,
  ...(end === undefined ? {} : { end: end * ms }),
  ...(service === undefined ? {} : { service }),
})
const web = node(0, 'web', 0, 200, 'web')
const call = node(1, 'call', 100, 150)

function shifts(nodes: readonly OutlineNode[]): Readonly<Record<string, number>> {
  const model = buildTraceModel(outlineOf(nodes))
  const { skews } = alignedTimes(model)
  return Object.fromEntries(skews.map(({ service, shiftUs }) => [model.services[service]?.name, shiftUs / ms]))
}

describe('clocks', () => {
  test.each<[string, readonly OutlineNode[], Readonly<Record<string, number>>]>([
    ['within the call', [web, call, node(2, 'api', 110, 140, 'api')], {}],
    ['before it was called: behind, by the middle', [web, call, node(2, 'api', 60, 100, 'api')], { api: 45 }],
    ['after the answer: ahead', [web, call, node(2, 'api', 130, 170, 'api')], { api: -25 }],
    ['longer than the call, and before it', [web, call, node(2, 'api', 60, 190, 'api')], { api: 40 }],
    ['longer than the call, and after it: nobody waited', [web, call, node(2, 'api', 110, 190, 'api')], {}],
    ['begun after the call: nobody waited', [web, call, node(2, 'worker', 160, 170, 'worker')], {}],
    ['less than a millisecond', [web, call, node(2, 'api', 99.5, 140, 'api')], {}],
    ['not ended: the start must do', [web, call, node(2, 'api', 60, undefined, 'api')], { api: 40 }],
    ['a service alone', [web, node(1, 'call', 100, 150), node(2, 'web', 60, 100, 'web')], {}],
    [
      'what it called has its clock',
      [web, call, node(2, 'api', 60, 100, 'api'), node(3, 'query', 70, 90), node(4, 'db', 75, 85, 'db')],
      { api: 45, db: 45 },
    ],
    [
      'what it called has the right clock',
      [web, call, node(2, 'api', 60, 100, 'api'), node(3, 'query', 70, 90), node(4, 'db', 115, 135, 'db')],
      { api: 45 },
    ],
  ])('%s', (_, nodes, expected) => {
    expect(shifts(nodes)).toEqual(expected)
  })

  test('one call of three that overlap its answer proves nothing', () => {
    const calls = [0, 50, 100].flatMap((at) => [node(1, 'call', at, at + 40), node(2, 'api', at + 10, at + 30, 'api')])
    const late = calls.with(5, node(2, 'api', 120, 145, 'api'))
    expect(shifts([web, ...late])).toEqual({})
  })

  test('times move with their segments, raw ones stay', () => {
    const model = buildTraceModel(outlineOf([web, call, node(2, 'api', 60, 100, 'api'), node(3, 'query', 70, 90)]))
    const { start, end, shift } = alignedTimes(model)
    expect([...start].map((us) => us / ms)).toEqual([0, 100, 105, 115])
    expect([...end].map((us) => us / ms)).toEqual([200, 150, 145, 135])
    expect([...shift].map((us) => us / ms)).toEqual([0, 0, 45, 45])
    expect(model.start[2]).toBe(60 * ms)
  })
})
