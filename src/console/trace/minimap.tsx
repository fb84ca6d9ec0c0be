import { useCallback } from 'react'
import { useCanvas } from '../charts/use-canvas.ts'
import { useTokens, type Tokens } from '../charts/use-tokens.ts'
import { formatDuration } from '../words/format-duration.ts'
import { axisTicks } from './axis-ticks.ts'
import { CELL, DIM, minimapCells, minimapHeight } from './minimap-cells.ts'
import { MinimapFields } from './minimap-fields.tsx'
import styles from './minimap.module.css'
import type { TraceModel } from './model/trace-model.ts'
import { useMinimapDrag } from './use-minimap-drag.ts'
import { isWhole, shareOf, type Zoom } from './zoom.ts'

/** From this share on, a time is written before its line, where there is room for it. */
const LAST_TICK = 0.88

/**
 * All of a trace at a glance, and the part of its time that is drawn below: drag to choose one, move it or its ends, or
 * type them. What is folded is in it; what is looked for stands out.
 */
export function Minimap({
  model,
  whole,
  zoom,
  matches,
  onZoom,
}: {
  readonly model: TraceModel
  readonly whole: Zoom
  readonly zoom: Zoom
  /** By node, 1 where it matches. */
  readonly matches?: Uint8Array | undefined
  readonly onZoom: (zoom: Zoom) => void
}) {
  const drag = useMinimapDrag(whole, zoom, onZoom)
  const shown = drag.drawing ?? zoom
  const isZoomed = drag.drawing !== undefined || !isWhole(zoom, whole)
  const [from, to] = [percent(shareOf(whole, shown.fromUs)), percent(shareOf(whole, shown.toUs))]
  return (
    <div className={styles['minimap']} role="group" aria-label="Overview of the trace">
      <div className={styles['frame']}>
        <div className={styles['ticks']} aria-hidden="true">
          {axisTicks(whole, 6).map(({ us, label }) => (
            <span
              key={us}
              style={{ left: `${percent(shareOf(whole, us))}%` }}
              data-end={shareOf(whole, us) > LAST_TICK ? '' : undefined}
            >
              {label}
            </span>
          ))}
        </div>
        <div
          className={styles['area']}
          style={{ height: minimapHeight(model) }}
          data-zoomed={isZoomed ? '' : undefined}
          {...drag.area}
        >
          <Picture model={model} whole={whole} matches={matches} />
          <div className={styles['outside']} style={{ left: 0, width: `${from}%` }} />
          <div className={styles['outside']} style={{ left: `${to}%`, right: 0 }} />
          <div className={styles['window']} style={{ left: `${from}%`, width: `${to - from}%` }} />
          <Handle edge="from" at={from} zoom={shown} whole={whole} onKey={drag.onKey} />
          <Handle edge="to" at={to} zoom={shown} whole={whole} onKey={drag.onKey} />
        </div>
      </div>
      <MinimapFields whole={whole} zoom={shown} isWhole={!isZoomed} onZoom={onZoom} />
    </div>
  )
}

function percent(share: number): number {
  return Math.round(Math.min(1, Math.max(0, share)) * 10_000) / 100
}

function Picture({
  model,
  whole,
  matches,
}: {
  readonly model: TraceModel
  readonly whole: Zoom
  readonly matches: Uint8Array | undefined
}) {
  const tokens = useTokens()
  const draw = useCallback(
    (context: CanvasRenderingContext2D, cssWidth: number, cssHeight: number, ratio: number) => {
      const [width, height] = [Math.round(cssWidth * ratio), Math.round(cssHeight * ratio)]
      const cells = minimapCells(model, whole, { width, height, ratio }, matches)
      const image = context.createImageData(width, height)
      const pixels = new Uint32Array(image.data.buffer)
      const palette = paletteOf(context, tokens)
      for (const [at, cell] of cells.entries()) pixels[at] = palette[cell] ?? 0
      context.putImageData(image, 0, 0)
    },
    [model, whole, matches, tokens],
  )
  return <canvas ref={useCanvas(draw)} className={styles['canvas']} aria-hidden="true" />
}

const SERVICE_ALPHA = 0.6
const DIM_ALPHA = 0.25

/** By cell, the pixel as a number: what the machine's order of bytes makes of red, green, blue and alpha. */
function paletteOf(context: CanvasRenderingContext2D, tokens: Tokens): Uint32Array {
  const palette = new Uint32Array(2 * DIM)
  const names = [
    ...Array.from({ length: 8 }, (_, at) => [at + 1, `--service-${at + 1}`, SERVICE_ALPHA] as const),
    [CELL.unknown, '--muted', SERVICE_ALPHA] as const,
    [CELL.fault, '--fault', 1] as const,
    [CELL.error, '--error', 1] as const,
    [CELL.throttle, '--throttle', 1] as const,
  ]
  for (const [cell, name, alpha] of names) {
    palette[cell] = pixelOf(context, tokens(name), alpha)
    palette[cell + DIM] = pixelOf(context, tokens(name), alpha * DIM_ALPHA)
  }
  return palette
}

/** A canvas says any colour that it is given as `#rrggbb`. */
function pixelOf(context: CanvasRenderingContext2D, colour: string, alpha: number): number {
  context.fillStyle = colour
  const said = String(context.fillStyle)
  const part = (at: number) => Number.parseInt(said.slice(at, at + 2), 16) || 0
  const bytes = Uint8ClampedArray.of(part(1), part(3), part(5), Math.round(alpha * 255))
  return new Uint32Array(bytes.buffer)[0] ?? 0
}

function Handle({
  edge,
  at,
  zoom,
  whole,
  onKey,
}: {
  readonly edge: 'from' | 'to'
  readonly at: number
  readonly zoom: Zoom
  readonly whole: Zoom
  readonly onKey: (edge: 'from' | 'to', event: React.KeyboardEvent) => void
}) {
  const us = edge === 'from' ? zoom.fromUs : zoom.toUs
  return (
    <div
      className={styles['handle']}
      data-edge={edge}
      style={{ left: `${at}%` }}
      role="slider"
      tabIndex={0}
      aria-label={edge === 'from' ? 'Shown from' : 'Shown to'}
      aria-orientation="horizontal"
      aria-valuemin={whole.fromUs}
      aria-valuemax={whole.toUs}
      aria-valuenow={us}
      aria-valuetext={formatDuration(us / 1e6)}
      onKeyDown={(event) => {
        onKey(edge, event)
      }}
    />
  )
}
