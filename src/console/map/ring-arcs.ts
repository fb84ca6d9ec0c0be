import type { Outcome } from '../words/outcome.ts'
import type { OutcomeCounts } from './outcome-shares.ts'

/** The least that can be seen of a ring (console §4.4). */
const LEAST_DEGREES = 8

/** A part of a ring, in degrees clockwise from 12 o'clock. */
export type RingArc = { readonly outcome: Outcome; readonly fromDegrees: number; readonly toDegrees: number }

const ORDER = ['ok', 'throttle', 'error', 'fault'] as const satisfies readonly Outcome[]

/**
 * The parts of a node's ring: ok, throttle, error, fault, beginning at 12 o'clock. They make up the whole ring; what
 * happened at all has at least 8 degrees, which the others give up in proportion to what they have above that.
 */
export function ringArcs(counts: OutcomeCounts): readonly RingArc[] {
  const present = ORDER.filter((outcome) => counts[outcome] > 0)
  const total = present.reduce((sum, outcome) => sum + counts[outcome], 0)
  const wanted = present.map((outcome) => (counts[outcome] / total) * 360)
  const missing = wanted.reduce((sum, degrees) => sum + Math.max(0, LEAST_DEGREES - degrees), 0)
  const spare = wanted.reduce((sum, degrees) => sum + Math.max(0, degrees - LEAST_DEGREES), 0)
  let fromDegrees = 0
  return present.map((outcome, position) => {
    const degrees = wanted[position] ?? 0
    const given = Math.max(0, degrees - LEAST_DEGREES) * (1 - missing / spare)
    const toDegrees = position === present.length - 1 ? 360 : fromDegrees + LEAST_DEGREES + given
    const arc = { outcome, fromDegrees, toDegrees }
    fromDegrees = toDegrees
    return arc
  })
}

/** The SVG path of a part of a ring around the origin. */
export function arcPath({ fromDegrees, toDegrees }: RingArc, radius: number): string {
  const from = pointAt(fromDegrees, radius)
  if (toDegrees - fromDegrees >= 359.99) {
    const across = pointAt(fromDegrees + 180, radius)
    return `M${from}A${radius} ${radius} 0 1 1 ${across}A${radius} ${radius} 0 1 1 ${from}`
  }
  const isLong = toDegrees - fromDegrees > 180 ? 1 : 0
  return `M${from}A${radius} ${radius} 0 ${isLong} 1 ${pointAt(toDegrees, radius)}`
}

/** A notch that points inwards from the middle of a part of a ring: what tells a fault from the rest without colour. */
export function notchPath({ fromDegrees, toDegrees }: RingArc, radius: number, depth: number): string {
  const middle = (fromDegrees + toDegrees) / 2
  const half = Math.min((toDegrees - fromDegrees) / 2, 9)
  return `M${pointAt(middle - half, radius)}L${pointAt(middle, radius - depth)}L${pointAt(middle + half, radius)}Z`
}

function pointAt(degrees: number, radius: number): string {
  const radians = ((degrees - 90) * Math.PI) / 180
  return `${round(Math.cos(radians) * radius)} ${round(Math.sin(radians) * radius)}`
}

const round = (number: number): number => Math.round(number * 100) / 100
