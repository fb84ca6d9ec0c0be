import { isProblem, outcomeOfNode, type TraceModel } from './model/trace-model.ts'
import type { Zoom } from './zoom.ts'

/** What a pixel of the minimap shows: 0 nothing, 1–8 the colour of a service, then these. */
export const CELL = { unknown: 9, fault: 10, error: 11, throttle: 12 } as const
/** Added where matches are looked for and this is none. */
export const DIM = 16

/** No bar is higher, and none is lower, so that single ones can be seen. CSS pixels. */
const MOST_PITCH = 6
const LEAST_HEIGHT = 2

/**
 * A whole trace in so many pixels: nodes from top to bottom in pre-order, times from left to right, whatever is folded.
 * Where several nodes share a pixel row the later one is seen, matches before others, and problems before all; their bars end in a tick.
 * Sizes are device pixels, `ratio` of them to one of CSS.
 */
export function minimapCells(
  model: TraceModel,
  whole: Zoom,
  size: { readonly width: number; readonly height: number; readonly ratio: number },
  matches: Uint8Array | undefined,
): Uint8Array {
  const { width, height, ratio } = size
  const cells = new Uint8Array(width * height)
  const pitch = Math.min(MOST_PITCH * ratio, height / Math.max(model.count, 1))
  // Of large traces several nodes share a row.
  const high = Math.max(Math.floor(pitch), Math.round(LEAST_HEIGHT * ratio))
  const topOf = (node: number) => (pitch >= high ? Math.floor(node * pitch) : Math.floor((node * pitch) / high) * high)
  const gap = pitch >= 3 ? Math.max(1, Math.floor(pitch / 4)) : 0
  const scale = width / (whole.toUs - whole.fromUs)
  const xOf = (us: number) => Math.min(width, Math.max(0, Math.floor((us - whole.fromUs) * scale)))
  const fill = (node: number, from: number, to: number, value: number) => {
    const top = topOf(node)
    const bottom = top + Math.max(1, high - gap)
    for (let row = top; row < bottom && row < height; row++) cells.fill(value, row * width + from, row * width + to)
  }
  const dimOf = (node: number) => (matches === undefined || matches[node] === 1 ? 0 : DIM)
  const bars = (isWanted: (node: number) => boolean): void => {
    let last = { row: -1, from: 0, to: 0, value: 0 }
    for (let node = 0; node < model.count; node++) {
      if (!isWanted(node)) continue
      const value = (model.services[model.service[node] ?? -1]?.colour ?? CELL.unknown) + dimOf(node)
      const from = Math.min(xOf(model.start[node] ?? 0), width - 1)
      const to = Math.max(from + 1, xOf(model.end[node] ?? 0))
      const row = topOf(node)
      // In deep chains nearly every bar is within the one before.
      if (row === last.row && value === last.value && from >= last.from && to <= last.to) continue
      fill(node, from, to, value)
      last = { row, from, to, value }
    }
  }
  bars((node) => matches?.[node] !== 1)
  if (matches !== undefined) bars((node) => matches[node] === 1)
  const tick = Math.round(3 * ratio)
  for (let node = 0; node < model.count; node++) {
    if (!isProblem(model, node)) continue
    const outcome = outcomeOfNode(model, node)
    const to = Math.max(tick, xOf(model.end[node] ?? 0))
    fill(node, to - tick, to, (outcome === 'ok' ? CELL.unknown : CELL[outcome]) + dimOf(node))
  }
  return cells
}

/** How high a minimap is, in CSS pixels: no higher than it needs to be. */
export function minimapHeight({ count }: TraceModel): number {
  return Math.min(64, Math.max(24, count * MOST_PITCH))
}
