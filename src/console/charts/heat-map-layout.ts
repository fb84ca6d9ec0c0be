import type { Overview } from '../../wire/own/overview.ts'
import { formatDuration } from '../words/format-duration.ts'

/** Where a heat map is drawn, CSS pixels: the plot lies to the right of the labels of rows and above those of time. */
export type HeatFrame = {
  readonly width: number
  readonly height: number
  readonly left: number
  readonly bottom: number
  readonly top: number
}

/** A box of cells, all of them included; rows count from the shortest. */
export type HeatBox = {
  readonly firstColumn: number
  readonly lastColumn: number
  readonly firstRow: number
  readonly lastRow: number
}

/** What a box means. A bound that is left out has nothing beyond it. */
export type HeatBounds = {
  readonly fromMs: number
  readonly toMs: number
  readonly atLeastSeconds?: number
  readonly lessThanSeconds?: number
}

export type HeatCounts = {
  readonly traces: number
  readonly faults: number
  readonly errors: number
  readonly throttles: number
}

/** CSS pixels. */
export const HEAT_HEIGHT = 128

/** The plot within a canvas of so many CSS pixels. */
export function frameOf(width: number, height = HEAT_HEIGHT): HeatFrame {
  return { width, height, left: 52, bottom: 18, top: 6 }
}

/** Few rows are not stretched over the whole height. */
const LEAST_ROWS = 7

/** How many rows there is room for. */
export function rowsOf(heat: Overview['heat']): number {
  return Math.max(LEAST_ROWS, heat.rows.length)
}

/** Where a cell is; whole pixels, so that edges are sharp. */
export function cellRect(
  frame: HeatFrame,
  heat: Overview['heat'],
  column: number,
  row: number,
): { readonly x: number; readonly y: number; readonly width: number; readonly height: number } {
  const [x, end] = [column, column + 1].map((at) => Math.round(frame.left + (at / heat.columns) * plotWidth(frame)))
  const [bottom, y] = [row, row + 1].map((at) =>
    Math.round(plotBottom(frame) - (at / rowsOf(heat)) * plotHeight(frame)),
  )
  return { x: x ?? 0, y: y ?? 0, width: (end ?? 0) - (x ?? 0), height: (bottom ?? 0) - (y ?? 0) }
}

/** The cell at a place; outside of the plot, the nearest. */
export function cellAt(
  frame: HeatFrame,
  heat: Overview['heat'],
  x: number,
  y: number,
): { readonly column: number; readonly row: number } {
  const column = Math.floor(((x - frame.left) / plotWidth(frame)) * heat.columns)
  const row = Math.floor(((plotBottom(frame) - y) / plotHeight(frame)) * rowsOf(heat))
  return { column: within(column, heat.columns), row: within(row, rowsOf(heat)) }
}

/** The box between two cells, whichever comes first. */
export function boxBetween(
  one: { readonly column: number; readonly row: number },
  other: { readonly column: number; readonly row: number },
): HeatBox {
  return {
    firstColumn: Math.min(one.column, other.column),
    lastColumn: Math.max(one.column, other.column),
    firstRow: Math.min(one.row, other.row),
    lastRow: Math.max(one.row, other.row),
  }
}

/** The times and durations of a box. The lowest row has what took less, too, and above the last there is nothing. */
export function boundsOf(overview: Overview, box: HeatBox): HeatBounds {
  const { startTime, endTime, heat } = overview
  const timeAt = (column: number): number =>
    Math.round((startTime + ((endTime - startTime) * column) / heat.columns) * 1_000)
  const atLeast = box.firstRow === 0 ? undefined : heat.rows[Math.min(box.firstRow, heat.rows.length - 1)]
  const lessThan = heat.rows[box.lastRow + 1]
  return {
    fromMs: timeAt(box.firstColumn),
    toMs: timeAt(box.lastColumn + 1),
    ...(atLeast === undefined ? {} : { atLeastSeconds: atLeast }),
    ...(lessThan === undefined ? {} : { lessThanSeconds: lessThan }),
  }
}

/** The clause of a filter that durations of a box satisfy; blank when any do. */
export function durationClause({ atLeastSeconds, lessThanSeconds }: Partial<HeatBounds>): string {
  return [
    ...(atLeastSeconds === undefined ? [] : [`duration >= ${atLeastSeconds}`]),
    ...(lessThanSeconds === undefined ? [] : [`duration < ${lessThanSeconds}`]),
  ].join(' AND ')
}

/** What is in a box. */
export function countsIn(heat: Overview['heat'], box: HeatBox): HeatCounts {
  const sum = { traces: 0, faults: 0, errors: 0, throttles: 0 }
  for (const [column, row, traces, faults, errors, throttles] of heat.cells) {
    if (column < box.firstColumn || column > box.lastColumn || row < box.firstRow || row > box.lastRow) continue
    sum.traces += traces
    sum.faults += faults
    sum.errors += errors
    sum.throttles += throttles
  }
  return sum
}

/** `12 traces, 3 faults`. */
export function countWords({ traces, faults, errors, throttles }: HeatCounts): string {
  const some = (count: number, one: string): readonly string[] =>
    count === 0 ? [] : [`${count.toLocaleString('en')} ${one}${count === 1 ? '' : 's'}`]
  const said = [
    ...some(traces, 'trace'),
    ...some(faults, 'fault'),
    ...some(errors, 'error'),
    ...some(throttles, 'throttle'),
  ]
  return said.length === 0 ? 'no traces' : said.join(', ')
}

/** `64 ms – 128 ms`, of the rows of a box. */
export function durationWords({ atLeastSeconds, lessThanSeconds }: Partial<HeatBounds>): string {
  if (atLeastSeconds === undefined) {
    return lessThanSeconds === undefined ? 'any duration' : `under ${formatDuration(lessThanSeconds)}`
  }
  const from = formatDuration(atLeastSeconds)
  return lessThanSeconds === undefined ? `${from} and longer` : `${from} – ${formatDuration(lessThanSeconds)}`
}

/** All of it in a sentence, for who cannot see it: how many, most where, and where the most faults are. */
export function heatSummary(overview: Overview, timeText: (ms: number) => string): string {
  const { heat } = overview
  const whole = { firstColumn: 0, lastColumn: heat.columns, firstRow: 0, lastRow: heat.rows.length }
  const counts = countsIn(heat, whole)
  if (counts.traces === 0) return 'No traces.'
  const most = greatestRow(heat)
  const peak = heat.cells.reduce<(typeof heat.cells)[number] | undefined>(
    (worst, cell) => (cell[3] > (worst?.[3] ?? 0) ? cell : worst),
    undefined,
  )
  const rowBox = { ...whole, firstRow: most, lastRow: most }
  const usual = `most took ${durationWords(boundsOf(overview, rowBox))}`
  const worst =
    peak === undefined
      ? ''
      : `; most faults at ${timeText(boundsOf(overview, boxBetween({ column: peak[0], row: peak[1] }, { column: peak[0], row: peak[1] })).fromMs)}`
  return `${countWords(counts)}; ${usual}${worst}.`
}

function greatestRow(heat: Overview['heat']): number {
  const sums = new Map<number, number>()
  for (const [, row, traces] of heat.cells) sums.set(row, (sums.get(row) ?? 0) + traces)
  return [...sums].toSorted((one, other) => other[1] - one[1])[0]?.[0] ?? 0
}

/** Powers of ten that are in the rows, and how high they are, CSS pixels from the top. */
export function durationTicks(
  frame: HeatFrame,
  heat: Overview['heat'],
): readonly { readonly y: number; readonly text: string }[] {
  const lowest = heat.rows[0]
  if (lowest === undefined) return []
  return [0.001, 0.01, 0.1, 1, 10, 100, 1_000, 10_000].flatMap((seconds) => {
    const row = Math.log2(seconds / lowest)
    if (row < -0.01 || row > rowsOf(heat) - 0.5) return []
    return [{ y: plotBottom(frame) - (row / rowsOf(heat)) * plotHeight(frame), text: formatDuration(seconds) }]
  })
}

const STEPS_SECONDS = [1, 5, 15, 30, 60, 300, 900, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400, 604_800, 2_592_000]

/** Round times of the window, of which there is room for so many. `offset`: of the zone to UTC, milliseconds. */
export function timeTicks(
  frame: HeatFrame,
  overview: Overview,
  most: number,
  offset: number,
): readonly { readonly x: number; readonly ms: number }[] {
  const { startTime, endTime } = overview
  const length = endTime - startTime
  const step = STEPS_SECONDS.find((seconds) => length / seconds <= most) ?? length
  const shift = offset / 1_000
  const ticks = []
  for (let at = Math.ceil((startTime + shift) / step) * step - shift; at <= endTime; at += step) {
    ticks.push({ x: frame.left + ((at - startTime) / length) * plotWidth(frame), ms: at * 1_000 })
  }
  return ticks
}

function plotWidth(frame: HeatFrame): number {
  return Math.max(1, frame.width - frame.left)
}

function plotBottom(frame: HeatFrame): number {
  return frame.height - frame.bottom
}

function plotHeight(frame: HeatFrame): number {
  return Math.max(1, plotBottom(frame) - frame.top)
}

function within(at: number, count: number): number {
  return Math.min(Math.max(at, 0), count - 1)
}
