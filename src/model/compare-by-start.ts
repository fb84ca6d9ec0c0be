import type { Entity } from './entity.ts'

/** Ordering of entities by start time, to the microsecond, then id (spec/ingest §3.1, §6.2). */
export function compareByStart(a: Entity, b: Entity): number {
  const aStart = Math.round(a.startTime * 1e6)
  const bStart = Math.round(b.startTime * 1e6)
  // Not a subtraction: absurd times become infinite here, and their difference would not be a number.
  if (aStart !== bStart) return aStart < bStart ? -1 : 1
  if (a.id === b.id) return 0
  return a.id < b.id ? -1 : 1
}
