import { expect, test } from 'vitest'
import { performancePage, resultTable } from './report.ts'
import { ratioChart } from './report-chart.ts'
import { type Results, type Target, TARGETS, ratioToGoal, verdict } from './targets.ts'

const results: Results = {
  date: '2026-01-02',
  quick: false,
  machine: { cpu: 'a processor', cores: 2, memoryGiB: 8, node: 'v20.19.0', os: 'linux 6.1', loadBefore: 0.1 },
  workload: 'some documents',
  figures: [
    { id: 'P1 rate', value: 30_000, runs: [30_000] },
    { id: 'P2', value: 60, runs: [60, 40, 80] },
    { id: 'P11 full', value: 0.2, runs: [0.2], note: 'with 5 documents', comparable: false },
  ],
  problems: ['P2: 1 call failed'],
  details: {},
}

const target = (better: 'more' | 'less'): Target => ({ id: 'x', what: '', unit: '', floor: 10, goal: 20, better })

test.each([
  ['more', 20, 'goal', 1],
  ['more', 10, 'floor', 0.5],
  ['more', 9, 'below', 0.45],
] as const)('%s is better: %d is %s', (better, value, expected, ratio) => {
  expect(verdict(target(better), value)).toBe(expected)
  expect(ratioToGoal(target(better), value)).toBe(ratio)
})

test('less is better: a smaller figure is further than the goal', () => {
  const less: Target = { ...target('less'), floor: 20, goal: 10 }
  expect([5, 15, 25].map((value) => verdict(less, value))).toEqual(['goal', 'floor', 'below'])
  expect(ratioToGoal(less, 5)).toBe(2)
})

test('the table has a row for every target, measured or not', () => {
  const lines = resultTable(results).split('\n')
  expect(lines.length).toBe(TARGETS.length + 1)
  const line = (id: string): string => lines.find((text) => text.startsWith(`${id} `)) ?? ''
  expect(line('P1 rate')).toMatch(/30,000 documents\/s +above the floor$/)
  expect(line('P2')).toMatch(/60 ms +BELOW THE FLOOR$/)
  expect(line('P11 full')).toMatch(/not comparable$/)
  expect(line('P13')).toMatch(/not measured +OTLP is not there yet$/)
  expect(line('P3')).toMatch(/not measured +no valid run/)
})

test('the page names machine, problems and spread, and no place', () => {
  const page = performancePage(results)
  expect(page).toContain('2 cores of\na processor')
  expect(page).toContain('* P2: 1 call failed')
  expect(page).toContain('median of 3 runs, 40 to 80')
  expect(page).not.toMatch(/\/home|\/tmp|\/work/)
})

test('the chart has a bar for every comparable figure', () => {
  expect(ratioChart(results).match(/rx="2"/g)).toHaveLength(2)
})
