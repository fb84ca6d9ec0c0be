import { describe, expect, it } from 'vitest'
import type { TracePercentile } from '../../wire/own/traces.ts'
import { sayPercentile } from './say-percentile.ts'

const TOLD: TracePercentile = {
  service: 'shop',
  request: 'GET /item/*',
  from: 0,
  to: 3_600,
  compared: 412,
  shorter: 399,
  complete: true,
}

describe('sayPercentile', () => {
  it.each<[Partial<TracePercentile>, string | undefined]>([
    [{}, 'slower than 96 % of 412 like it in the hour before'],
    [{ compared: 1_200, shorter: 1_199 }, 'slower than 99.9 % of 1,200 like it in the hour before'],
    [{ compared: 50, shorter: 50 }, 'slower than all 50 like it in the hour before'],
    [{ compared: 50, shorter: 0 }, 'slower than none of 50 like it in the hour before'],
    [{ compared: 500, shorter: 1 }, 'slower than less than 1 % of 500 like it in the hour before'],
    [{ from: 3_000, complete: false }, 'slower than 96 % of 412 like it in the 10 min before'],
    [{ from: 3_590, complete: false }, 'slower than 96 % of 412 like it in the minute before'],
    [{ compared: 19, shorter: 3 }, undefined],
    [{ compared: 20, shorter: 10 }, 'slower than 50 % of 20 like it in the hour before'],
    [{ compared: 0, shorter: 0 }, undefined],
  ])('%j: %j', (told, text) => {
    expect(sayPercentile({ ...TOLD, ...told })?.text).toBe(text)
  })

  it('says what was compared', () => {
    expect(sayPercentile(TOLD)?.title).toBe(
      '399 of the 412 traces that began at shop with GET /item/* in the hour before took less time',
    )
  })
})
