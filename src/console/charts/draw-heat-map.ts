import type { Overview } from '../../wire/own/overview.ts'
import type { Tokens } from './use-tokens.ts'
import { cellRect, durationTicks, timeTicks, type HeatFrame } from './heat-map-layout.ts'

/** Draws it: the more traces, the darker a cell; a mark, whose shape says what, where something went wrong. */
export function drawHeatMap(
  context: CanvasRenderingContext2D,
  frame: HeatFrame,
  overview: Overview,
  colours: Tokens,
  ticks: { readonly font: string; readonly timeText: (ms: number) => string; readonly offset: number },
): void {
  context.clearRect(0, 0, frame.width, frame.height)
  drawAxes(context, frame, overview, colours, ticks)
  if (!overview.complete) drawUncounted(context, frame, overview, colours, ticks.font)
  const most = overview.heat.cells.reduce((max, cell) => Math.max(max, cell[2]), 1)
  for (const [column, row, traces, faults, errors, throttles] of overview.heat.cells) {
    const { x, y, width, height } = cellRect(frame, overview.heat, column, row)
    context.fillStyle = colours('--accent')
    // Below a mark, which covers most of it, a dark cell would look like a pattern.
    const isMarked = faults + errors + throttles > 0
    context.globalAlpha = isMarked ? 0.25 : 0.22 + (0.68 * Math.log1p(traces)) / Math.log1p(most)
    const gap = width > 4 && height > 4 ? 1 : 0
    context.fillRect(x, y, Math.max(1, width - gap), Math.max(1, height - gap))
  }
  context.globalAlpha = 1
  for (const cell of overview.heat.cells) drawMark(context, frame, overview, cell, colours)
}

function drawAxes(
  context: CanvasRenderingContext2D,
  frame: HeatFrame,
  overview: Overview,
  colours: Tokens,
  {
    font,
    timeText,
    offset,
  }: { readonly font: string; readonly timeText: (ms: number) => string; readonly offset: number },
): void {
  context.font = font
  context.lineWidth = 1
  context.strokeStyle = colours('--hairline')
  context.fillStyle = colours('--muted')
  const bottom = frame.height - frame.bottom
  context.textBaseline = 'middle'
  context.textAlign = 'right'
  context.beginPath()
  for (const { y, text } of durationTicks(frame, overview.heat)) {
    const at = Math.round(y) - 0.5
    context.moveTo(frame.left, at)
    context.lineTo(frame.width, at)
    context.fillText(text, frame.left - 6, Math.min(at, bottom - 6))
  }
  context.moveTo(frame.left, bottom + 0.5)
  context.lineTo(frame.width, bottom + 0.5)
  context.textBaseline = 'alphabetic'
  context.textAlign = 'center'
  for (const { x, ms } of timeTicks(frame, overview, Math.max(2, Math.floor(frame.width / 130)), offset)) {
    const text = timeText(ms)
    const half = context.measureText(text).width / 2
    if (x - half < frame.left - 8 || x + half > frame.width) continue
    const at = Math.round(x) + 0.5
    context.moveTo(at, bottom)
    context.lineTo(at, bottom + 4)
    context.fillText(text, x, frame.height - 2)
  }
  context.stroke()
}

/** Hatches the time that was not looked at, which is not the same as one in which nothing happened. */
function drawUncounted(
  context: CanvasRenderingContext2D,
  frame: HeatFrame,
  { startTime, endTime, upTo }: Overview,
  colours: Tokens,
  font: string,
): void {
  const share = Math.min(1, Math.max(0, (upTo - startTime) / (endTime - startTime)))
  const [width, height] = [share * (frame.width - frame.left), frame.height - frame.bottom - frame.top]
  if (width < 2) return
  context.save()
  context.beginPath()
  context.rect(frame.left, frame.top, width, height)
  context.clip()
  context.strokeStyle = colours('--hairline')
  context.beginPath()
  for (let x = -height; x < width; x += 8) {
    context.moveTo(frame.left + x, frame.top + height)
    context.lineTo(frame.left + x + height, frame.top)
  }
  context.stroke()
  const text = 'not counted'
  context.font = font
  const textWidth = context.measureText(text).width
  if (width > textWidth + 24) {
    context.fillStyle = colours('--bg')
    context.fillRect(frame.left + (width - textWidth) / 2 - 6, frame.top + height / 2 - 10, textWidth + 12, 20)
    context.fillStyle = colours('--muted')
    context.textAlign = 'center'
    context.textBaseline = 'middle'
    context.fillText(text, frame.left + width / 2, frame.top + height / 2)
  }
  context.restore()
}

/** The worst that happened in a cell, in the shape that stands for it everywhere, with a halo. */
function drawMark(
  context: CanvasRenderingContext2D,
  frame: HeatFrame,
  overview: Overview,
  [column, row, , faults, errors, throttles]: Overview['heat']['cells'][number],
  colours: Tokens,
): void {
  if (faults + errors + throttles === 0) return
  const { x, y, width, height } = cellRect(frame, overview.heat, column, row)
  const half = Math.min(4.5, Math.max(3, height / 2))
  const [middleX, middleY] = [x + width / 2, y + height / 2]
  context.beginPath()
  if (faults > 0) {
    context.moveTo(middleX, middleY - half)
    context.lineTo(middleX + half, middleY)
    context.lineTo(middleX, middleY + half)
    context.lineTo(middleX - half, middleY)
  } else if (throttles > 0) {
    context.rect(middleX - half + 1, middleY - half + 1, half * 2 - 2, half * 2 - 2)
  } else {
    context.moveTo(middleX, middleY - half)
    context.lineTo(middleX + half, middleY + half - 1)
    context.lineTo(middleX - half, middleY + half - 1)
  }
  context.closePath()
  context.lineWidth = 2
  context.strokeStyle = colours('--bg')
  context.stroke()
  context.fillStyle = faults > 0 ? colours('--fault') : throttles > 0 ? colours('--throttle') : colours('--error')
  context.fill()
}
