import { describe, expect, test } from 'vitest'
import { outlineOf } from '../../../../test/fixtures/trace-outline.ts'
import { groupNodes, readGroupings, writeGroupings, type Grouping } from './group-nodes.ts'
import { buildTraceModel } from './trace-model.ts'

const model = buildTraceModel(
  outlineOf([
    { depth: 0, name: 'web', service: 'web', start: 0, end: 100, status: 500, flags: ['fault'] },
    { depth: 1, name: 'GetItem', start: 0, end: 20, flags: ['callsAws'], status: 200 },
    { depth: 1, name: 'GetItem', start: 20, end: 60, flags: ['callsAws', 'error'], status: 400 },
    { depth: 1, name: 'api', service: 'api', start: 60, end: 90, status: 200 },
    { depth: 2, name: 'GetItem', start: 60, end: 70, flags: ['callsAws'], status: 200 },
  ]),
)

describe('groups', () => {
  test.each<[readonly Grouping[], readonly (readonly [string, number, number])[]]>([
    [
      ['service', 'name'],
      [
        ['web GetItem', 2, 60],
        ['api api', 1, 20],
        ['web web', 1, 10],
        ['api GetItem', 1, 10],
      ],
    ],
    [
      ['service'],
      [
        ['web', 3, 70],
        ['api', 2, 30],
      ],
    ],
    [
      ['type'],
      [
        ['call of AWS', 3, 70],
        ['service', 2, 30],
      ],
    ],
    [
      ['status'],
      [
        ['200', 3, 50],
        ['400', 1, 40],
        ['500', 1, 10],
      ],
    ],
  ])('by %j', (by, expected) => {
    const groups = groupNodes(model, by, new Set())
    expect(groups.map(({ values, count, selfUs }) => [values.join(' '), count, selfUs])).toEqual(expected)
    expect(groups.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1)
  })

  test('all numbers of one', () => {
    expect(groupNodes(model, ['name'], new Set())[0]).toEqual({
      values: ['GetItem'],
      count: 3,
      totalUs: 70,
      selfUs: 70,
      averageUs: 70 / 3,
      maxUs: 40,
      share: 0.7,
      problems: 1,
      longest: 2,
      nodes: [1, 2, 4],
    })
  })

  test('hidden services are left out', () => {
    expect(groupNodes(model, ['service'], new Set(['web'])).map(({ values, share }) => [...values, share])).toEqual([
      ['api', 1],
    ])
  })

  test.each<[string | undefined, readonly Grouping[], string | undefined]>([
    [undefined, ['service', 'name'], undefined],
    ['status', ['status'], 'status'],
    ['type,service', ['type', 'service'], 'type,service'],
    ['name,name', ['name'], 'name'],
    ['nonsense', ['service', 'name'], undefined],
  ])('%s in a URL: %j', (text, by, written) => {
    expect(readGroupings(text)).toEqual(by)
    expect(writeGroupings(by)).toBe(written)
  })
})
