import { describe, expect, test } from 'vitest'
import { minutesOf, splitWindow } from './split-window.ts'

const minute = (number: number, isCurrent: boolean) => ({
  startSeconds: number * 60,
  touches: '1',
  isCurrent,
  isLong: false,
})

describe('a window is split into what is kept and what has to be counted', () => {
  test.each<{ reason: string; window: [number, number]; stale: number[]; kept: string[]; rest: string[] }>([
    { reason: 'whole minutes', window: [60, 300], stale: [], kept: ['60-300'], rest: [] },
    { reason: 'its edges', window: [59.5, 300.25], stale: [], kept: ['60-300'], rest: ['59.5-60', '300-300.25'] },
    { reason: 'edges that nothing touched', window: [6_059.5, 6_300.25], stale: [], kept: ['6060-6300'], rest: [] },
    { reason: 'less than a minute', window: [61, 119], stale: [], kept: [], rest: ['61-119'] },
    { reason: 'parts of two minutes', window: [61, 179], stale: [], kept: [], rest: ['61-179'] },
    {
      reason: 'stale ones',
      window: [0, 360],
      stale: [1, 4],
      kept: ['0-60', '120-240', '300-360'],
      rest: ['60-120', '240-300'],
    },
    { reason: 'stale ones side by side', window: [0, 360], stale: [1, 2], kept: ['0-60', '180-360'], rest: ['60-180'] },
    { reason: 'stale ones at the edges', window: [30, 210], stale: [1, 2], kept: [], rest: ['30-210'] },
    {
      reason: 'too many parts',
      window: [0, 6_000],
      stale: Array.from({ length: 41 }, (_, at) => 2 * at),
      kept: [],
      rest: ['0-6000'],
    },
  ])('$reason', ({ window: [startSeconds, endSeconds], stale, kept, rest }) => {
    const touched = Array.from({ length: 100 }, (_, at) => minute(at, !stale.includes(at)))
    const { fromSeconds: first, toSeconds: last } = minutesOf({ startSeconds, endSeconds })
    const inside = touched.filter((one) => one.startSeconds >= first && one.startSeconds < last)
    const split = splitWindow({ startSeconds, endSeconds }, inside)
    expect(split.kept.map(({ fromSeconds, toSeconds }) => `${fromSeconds}-${toSeconds}`)).toEqual(kept)
    expect(split.rest.map((one) => `${one.startSeconds}-${one.endSeconds}`)).toEqual(rest)
  })
})
