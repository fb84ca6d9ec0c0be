import { OUTLINE_FLAGS } from '../../wire/own/outline.ts'
import type { Tokens } from '../charts/use-tokens.ts'
import { OUTCOME_MARKS, outcomeOf, type Outcome } from '../words/outcome.ts'
import type { FlameLayout } from './model/flame-layout.ts'
import { nameOf, serviceOf, type TraceModel } from './model/trace-model.ts'
import type { Zoom } from './zoom.ts'

/** How high a lane is, in CSS pixels, with the gap below it. */
export const LANE = 20
const GAP = 1
/** Frames that are narrower have no words. */
const LEAST_WORDS = 26
const LEAST_EDGED = 9

/** What of a flame graph is drawn, and what stands out. */
export type FlamePicture = {
  readonly model: TraceModel
  readonly layout: FlameLayout
  readonly zoom: Zoom
  /** CSS pixels above what is seen. */
  readonly scrolled: number
  /** Frames, -1 for none. */
  readonly hovered: number
  readonly current: number
  /** A node. */
  readonly selected: number
  readonly matches: Uint8Array | undefined
}

/** Draws the lanes that are seen. Of frames narrower than a pixel, one for each pixel is drawn. */
export function paintFlame(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  picture: FlamePicture,
  tokens: Tokens,
): void {
  const { layout, zoom, scrolled } = picture
  const [first, last] = [Math.floor(scrolled / LANE), Math.ceil((scrolled + height) / LANE)]
  const scale = width / (zoom.toUs - zoom.fromUs)
  const lastPixel = new Int32Array(Math.max(0, last - first + 1)).fill(-1)
  const pen = penOf(context, tokens)
  for (let frame = 0; frame < layout.count; frame++) {
    const lane = layout.lane[frame] ?? 0
    if (lane < first || lane > last) continue
    const left = ((layout.from[frame] ?? 0) - zoom.fromUs) * scale
    const right = ((layout.to[frame] ?? 0) - zoom.fromUs) * scale
    if (right < 0 || left > width) continue
    const x = Math.max(0, left)
    const wide = Math.min(width, right) - x
    if (wide < 1) {
      const pixel = Math.floor(x)
      if (lastPixel[lane - first] === pixel) continue
      lastPixel[lane - first] = pixel
    }
    drawFrame(pen, picture, frame, { x, y: lane * LANE - scrolled, wide: Math.max(wide - (wide > 3 ? 1 : 0), 1) })
  }
}

type Pen = { readonly context: CanvasRenderingContext2D; readonly tokens: Tokens; readonly letter: number }
type Box = { readonly x: number; readonly y: number; readonly wide: number }

function penOf(context: CanvasRenderingContext2D, tokens: Tokens): Pen {
  context.font = `11px ${tokens('--mono')}`
  context.textBaseline = 'middle'
  return { context, tokens, letter: context.measureText('m').width }
}

function drawFrame({ context, tokens, letter }: Pen, picture: FlamePicture, frame: number, { x, y, wide }: Box): void {
  const { model, layout, matches } = picture
  const node = layout.node[frame] ?? 0
  const service = serviceOf(model, node)
  const colour = tokens(service === undefined ? '--muted' : `--service-${service.colour}`)
  const high = LANE - GAP
  const isOut = matches !== undefined && matches[node] !== 1
  const isLit = frame === picture.hovered || frame === picture.current || node === picture.selected
  // The edge that tells the colour would be all of a narrow frame.
  const isNarrow = wide < LEAST_EDGED
  context.globalAlpha = isOut ? 0.12 : isLit ? 0.55 : isNarrow ? 0.45 : 0.28
  context.fillStyle = colour
  context.fillRect(x, y, wide, high)
  context.globalAlpha = isOut ? 0.35 : 1
  if (!isNarrow) context.fillRect(x, y, 3, high)
  const outcome = outcomeOfFrame(layout, frame)
  if (outcome !== 'ok') {
    context.fillStyle = tokens(`--${outcome}`)
    context.fillRect(x, y + high - 3, wide, 3)
  }
  if (wide >= LEAST_WORDS) {
    const calls = layout.calls[frame] ?? 1
    const words = `${outcome === 'ok' ? '' : `${OUTCOME_MARKS[outcome].mark} `}${nameOf(model, node)}${calls > 1 ? ` ×${calls}` : ''}`
    context.fillStyle = tokens('--text')
    context.fillText(fitting(words, Math.floor((wide - 10) / letter)), x + 7, y + high / 2)
  }
  context.globalAlpha = 1
  if (node !== picture.selected && frame !== picture.current) return
  context.strokeStyle = tokens(frame === picture.current ? '--focus' : '--text')
  context.lineWidth = 2
  context.strokeRect(x + 1, y + 1, Math.max(wide - 2, 1), high - 2)
}

/** Of merged frames, the worst of all. */
function outcomeOfFrame({ trouble }: FlameLayout, frame: number): Outcome {
  const bits = trouble[frame] ?? 0
  const { fault, error, throttle } = OUTLINE_FLAGS
  return outcomeOf({ fault: (bits & fault) !== 0, error: (bits & error) !== 0, throttle: (bits & throttle) !== 0 })
}

function fitting(words: string, letters: number): string {
  if (words.length <= letters) return words
  // Whole characters: half of one would be drawn as something else.
  return letters < 2 ? '' : `${[...words].slice(0, letters - 1).join('')}…`
}
