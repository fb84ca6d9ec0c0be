import { expect, test } from 'vitest'
import { readWindow, writeWindow } from '../data/time-window.ts'
import { widerWindows } from './wider-windows.ts'

test.each([
  ['15m', ['6h', '24h']],
  ['1h', ['6h', '24h']],
  ['6h', ['24h', '7d']],
  ['7d', ['30d']],
  ['90d', []],
  [
    '2026-11-20T10:00:00.000Z~2026-11-21T00:00:00.000Z',
    ['2026-11-20T00:00:00.000Z~2026-11-21T00:00:00.000Z', '2026-11-14T00:00:00.000Z~2026-11-21T00:00:00.000Z'],
  ],
])('%s', (t, wider) => {
  const window = readWindow(t)
  if (window === undefined) throw new Error(t)
  expect(widerWindows(window, Date.now()).map((next) => writeWindow(next))).toEqual(wider)
})
