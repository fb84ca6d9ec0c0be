/** Things that name their parents by position in a list. */
export type Parents = {
  /** For each thing, the position of its parent; undefined where it has none. */
  readonly parents: readonly (number | undefined)[]
  /** Whether this thing's link to its parent may be cut. At least one on every cycle may. */
  readonly mayCut: (position: number) => boolean
  /** Which of two things is cut rather than the other: a negative number for the first. */
  readonly compare: (a: number, b: number) => number
}

/**
 * The positions whose links to their parents have to go so that no thing is its own ancestor: the first in order of
 * each cycle (spec/ingest §3.1 "cycles"). Linear time.
 */
export function cycleCuts({ parents, mayCut, compare }: Parents): readonly number[] {
  const cuts: number[] = []
  /** The start of the walk that first came by each position. */
  const seenBy: (number | undefined)[] = Array.from({ length: parents.length })
  for (const start of parents.keys()) {
    let at: number | undefined = start
    while (at !== undefined && seenBy[at] === undefined) {
      seenBy[at] = start
      at = parents[at]
    }
    // Only a position that this very walk has passed closes a cycle; any other leads to where an earlier walk went.
    if (at === undefined || seenBy[at] !== start) continue
    let cut: number | undefined
    let member = at
    do {
      if (mayCut(member) && (cut === undefined || compare(member, cut) < 0)) cut = member
      member = parents[member] ?? at
    } while (member !== at)
    if (cut !== undefined) cuts.push(cut)
  }
  return cuts
}
