import { childrenOf, type TraceModel } from '../model/trace-model.ts'
import { shareOf, type Zoom } from '../zoom.ts'

/** Where a bar is drawn: percent of the width. What is outside of the zoom is only pointed at. */
export type BarShape =
  | { readonly at: 'before' | 'after' }
  | {
      readonly at: 'inside'
      readonly left: number
      readonly width: number
      /** Whether it goes on to the left or right of what is drawn. */
      readonly isCutLeft: boolean
      readonly isCutRight: boolean
    }

/** The bar of what took this time. */
export function barShape(startUs: number, endUs: number, zoom: Zoom): BarShape {
  const [from, to] = [shareOf(zoom, startUs), shareOf(zoom, endUs)]
  if (to < 0 || (to === 0 && from < 0)) return { at: 'before' }
  if (from > 1 || (from === 1 && to > 1)) return { at: 'after' }
  const [left, right] = [Math.max(from, 0), Math.min(to, 1)]
  return {
    at: 'inside',
    left: rounded(left * 100),
    width: rounded((right - left) * 100),
    isCutLeft: from < 0,
    isCutRight: to > 1,
  }
}

/** So that what moves by less than a pixel is not drawn again. */
function rounded(percent: number): number {
  return Math.round(percent * 1_000) / 1_000
}

type Span = { readonly fromUs: number; readonly toUs: number }

/** An image, since it may lie over another. */
const SELF = 'linear-gradient(var(--bar-self) 0 0)'

/** Children that are looked at to tell self time; of more, the rest is drawn as waiting. */
const CHILDREN = 2_000
/** Waits are drawn apart only when they take at least this share of the bar, so that a gradient stays short. */
const APART = 1 / 300

/** When something below the node was at work, in order, as the part of its time that is not self time. */
export function waitsOf(model: TraceModel, node: number): readonly Span[] {
  const known = knownWaits.get(model) ?? new Map<number, readonly Span[]>()
  knownWaits.set(model, known)
  const waits = known.get(node) ?? findWaits(model, node)
  known.set(node, waits)
  return waits
}

/** By model and node: the same bars are painted again and again while one zooms. */
const knownWaits = new WeakMap<TraceModel, Map<number, readonly Span[]>>()

function findWaits(model: TraceModel, node: number): readonly Span[] {
  const [start, end] = [model.start[node] ?? 0, model.end[node] ?? 0]
  const least = (end - start) * APART
  const waits: { fromUs: number; toUs: number }[] = []
  let looked = 0
  for (const child of childrenOf(model, node)) {
    looked += 1
    if (looked > CHILDREN) break
    const fromUs = Math.max(start, model.start[child] ?? 0)
    const toUs = Math.min(end, model.end[child] ?? 0)
    if (toUs <= fromUs) continue
    const last = waits.at(-1)
    if (last !== undefined && fromUs - last.toUs <= least) last.toUs = Math.max(last.toUs, toUs)
    else waits.push({ fromUs, toUs })
  }
  return waits
}

/**
 * The colours of a bar from left to right: `--bar-self` where the node itself was at work, `--bar-wait` where it waited
 * for what is below it. The bar is what of its time is in the zoom.
 */
export function barPaint(model: TraceModel, node: number, zoom: Zoom): string {
  const waits = waitsOf(model, node)
  if (waits.length === 0) return SELF
  const from = Math.max(model.start[node] ?? 0, zoom.fromUs)
  const to = Math.min(model.end[node] ?? 0, zoom.toUs)
  if (to <= from) return SELF
  const percent = (us: number) => `${rounded(((Math.min(Math.max(us, from), to) - from) / (to - from)) * 100)}%`
  const stops: string[] = []
  let last = from
  for (const wait of waits) {
    if (wait.toUs <= from || wait.fromUs >= to) continue
    if (wait.fromUs > last) stops.push(`var(--bar-self) ${percent(last)} ${percent(wait.fromUs)}`)
    stops.push(`var(--bar-wait) ${percent(wait.fromUs)} ${percent(wait.toUs)}`)
    last = wait.toUs
  }
  if (stops.length === 0) return SELF
  if (last < to) stops.push(`var(--bar-self) ${percent(last)} 100%`)
  return `linear-gradient(to right, ${stops.join(', ')})`
}
