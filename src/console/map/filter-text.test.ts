import { describe, expect, it } from 'vitest'
import { parseFilter } from '../../filter/parse-filter.ts'
import type { Outcome } from '../words/outcome.ts'
import { edgeFilter, nodeFilter, WHOLE_SELECTION } from './filter-text.ts'
import { addCounts } from './map-graph.ts'

const checkout = { name: 'checkout', type: 'AWS::ECS::Container', client: false }
const NODE = 'service(id(name: "checkout", type: "AWS::ECS::Container"))'
const counts = { ...addCounts([]), total: 10 }
const throttled = { ...counts, throttle: 2 }
const outcomes = (...some: readonly Outcome[]) => ({ outcomes: some })

describe('nodeFilter', () => {
  it.each([
    { reason: 'everything', selection: WHOLE_SELECTION, is: NODE },
    { reason: 'no outcome is as good as all', selection: outcomes(), is: NODE },
    {
      reason: 'a bound and two outcomes, as in console §4.4',
      selection: { from: 0.2, ...outcomes('fault', 'error') },
      is: `${NODE} { responsetime >= 0.2 AND (fault OR error) }`,
    },
    { reason: 'two outcomes alone', selection: outcomes('fault', 'error'), is: `${NODE} { fault OR error }` },
    { reason: 'a throttle is an error, too', selection: outcomes('error', 'throttle'), is: `${NODE} { error }` },
    { reason: 'one outcome', selection: outcomes('ok'), is: `${NODE} { ok }` },
    {
      reason: 'both bounds',
      selection: { from: 0.000_001, to: 1.5, outcomes: WHOLE_SELECTION.outcomes },
      is: `${NODE} { responsetime >= 0.000001 AND responsetime < 1.5 }`,
    },
  ])('$reason', ({ selection, is }) => {
    expect(nodeFilter(checkout, counts, selection)).toBe(is)
    expect(parseFilter(is)).toMatchObject({ ok: true })
  })

  it.each([
    [outcomes('error'), `${NODE} { error AND !throttle }`],
    [outcomes('fault', 'error'), `${NODE} { fault OR (error AND !throttle) }`],
    [{ to: 1, ...outcomes('error') }, `${NODE} { responsetime < 1 AND error AND !throttle }`],
  ])('leaves throttles out where there are some: %j', (selection, is) => {
    expect(nodeFilter(checkout, throttled, selection)).toBe(is)
    expect(parseFilter(is)).toMatchObject({ ok: true })
  })

  it.each([
    ['no type', { name: 'a', client: false }, 'service(id(name: "a", type: ""))'],
    ['quotes', { name: 'a"b\\', client: false }, 'service(id(name: "a\\"b\\\\", type: ""))'],
    [
      'an account',
      { name: 't', type: 'AWS::SNS', account: '123456789012', client: false },
      'service(id(name: "t", type: "AWS::SNS", account.id: "123456789012"))',
    ],
  ])('names a node of %s', (_, node, is) => {
    expect(nodeFilter(node, counts, WHOLE_SELECTION)).toBe(is)
    expect(parseFilter(is)).toMatchObject({ ok: true })
  })
})

describe('edgeFilter', () => {
  it('names both ends', () => {
    const client = { name: 'checkout', type: 'client', client: true }
    const filter = edgeFilter(client, checkout, counts, { from: 1, outcomes: ['fault'] })
    expect(filter).toBe(
      'edge(id(name: "checkout", type: "client"), id(name: "checkout", type: "AWS::ECS::Container")) { responsetime >= 1 AND fault }',
    )
    expect(parseFilter(filter)).toMatchObject({ ok: true })
  })
})
