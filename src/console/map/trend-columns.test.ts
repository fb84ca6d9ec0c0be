import { expect, it } from 'vitest'
import { addCounts } from './map-graph.ts'
import { trendColumns } from './trend-columns.ts'

it('puts back the periods in which nothing was counted', () => {
  const point = (time: number, total: number, fault: number, p95: number) => ({
    ...addCounts([]),
    time,
    total,
    fault,
    responseTimes: { p95, histogram: [] },
  })
  const trend = { startTime: 130, endTime: 600, period: 120, points: [point(120, 4, 2, 0.1), point(360, 6, 0, 0.2)] }
  expect(trendColumns(trend)).toEqual({
    times: [120, 240, 360, 480],
    rates: [2, 0, 3, 0],
    problemRates: [1, 0, 0, 0],
    p95: [0.1, null, 0.2, null],
  })
})
