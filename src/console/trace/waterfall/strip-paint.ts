import type { CriticalPiece } from '../model/critical-path.ts'
import type { TraceModel } from '../model/trace-model.ts'
import type { Zoom } from '../zoom.ts'

/** Parts that a strip is drawn in, at most. */
const PARTS = 80

/**
 * Where members of a group were at work, as a gradient over the zoom's part of `fromUs` to `toUs`: the more at a time,
 * the darker.
 */
export function stripPaint(model: TraceModel, members: Int32Array, fromUs: number, toUs: number, zoom: Zoom): string {
  const [from, to] = [Math.max(fromUs, zoom.fromUs), Math.min(toUs, zoom.toUs)]
  if (to <= from) return 'var(--bar-wait)'
  const counts = countParts(model, members, from, to)
  const most = counts.reduce((max, count) => Math.max(max, count), 1)
  const stops: string[] = []
  let since = 0
  for (let part = 1; part <= PARTS; part++) {
    if (part < PARTS && level(counts[part] ?? 0, most) === level(counts[since] ?? 0, most)) continue
    stops.push(`var(--strip-${level(counts[since] ?? 0, most)}) ${percent(since)} ${percent(part)}`)
    since = part
  }
  return `linear-gradient(to right, ${stops.join(', ')})`
}

/**
 * When everything waited for a node, as a gradient over `fromUs` to `toUs`: the more of a part of it, the darker, so that
 * thousands of short waits are not drawn as one long one.
 */
export function piecesPaint(pieces: readonly CriticalPiece[], fromUs: number, toUs: number): string {
  if (toUs <= fromUs) return 'var(--underline-4)'
  const covered = new Float64Array(PIECE_PARTS)
  const partUs = (toUs - fromUs) / PIECE_PARTS
  for (const { startUs, endUs } of pieces) {
    const [start, end] = [Math.max(startUs, fromUs), Math.min(endUs, toUs)]
    for (let part = Math.floor((start - fromUs) / partUs); part < PIECE_PARTS && start < end; part++) {
      const overlap = Math.min(end, fromUs + (part + 1) * partUs) - Math.max(start, fromUs + part * partUs)
      if (fromUs + part * partUs >= end) break
      if (overlap <= 0) continue
      covered[part] = (covered[part] ?? 0) + overlap / partUs
    }
  }
  const stops: string[] = []
  const at = (part: number) => `${(part / PIECE_PARTS) * 100}%`
  let since = 0
  for (let part = 1; part <= PIECE_PARTS; part++) {
    const before = level(covered[since] ?? 0, 1)
    if (part < PIECE_PARTS && level(covered[part] ?? 0, 1) === before) continue
    stops.push(`var(--underline-${before}) ${at(since)} ${at(part)}`)
    since = part
  }
  return `linear-gradient(to right, ${stops.join(', ')})`
}

/** Parts that an underline is drawn in. */
const PIECE_PARTS = 240

const percent = (part: number): string => `${(part / PARTS) * 100}%`

/** 0 where nothing was at work, to 4 where most was. */
function level(count: number, most: number): number {
  return count === 0 ? 0 : Math.min(4, Math.max(1, Math.ceil((count / most) * 4 - 0.001)))
}

/** How many members were at work in each part of a time: beginnings and ends are added up from the left. */
function countParts({ start, end }: TraceModel, members: Int32Array, from: number, to: number): Int32Array {
  const changes = new Int32Array(PARTS + 1)
  const partOf = (us: number) => Math.floor(((us - from) / (to - from)) * PARTS)
  for (const member of members) {
    const [first, last] = [partOf(start[member] ?? 0), partOf(end[member] ?? 0)]
    if (last < 0 || first >= PARTS) continue
    const at = Math.max(first, 0)
    changes[at] = (changes[at] ?? 0) + 1
    const after = Math.min(last, PARTS - 1) + 1
    changes[after] = (changes[after] ?? 0) - 1
  }
  for (let part = 1; part < PARTS; part++) changes[part] = (changes[part] ?? 0) + (changes[part - 1] ?? 0)
  return changes
}
