/**
 * The name that a misspelt one was probably meant to be, for "did you mean": at most a third of its letters differ.
 * Nothing when no name is that close.
 */
export function closestName(given: string, names: readonly string[]): string | undefined {
  const ranked = names
    .map((name) => ({ name, distance: editDistance(given.toLowerCase(), name.toLowerCase()) }))
    .toSorted((a, b) => a.distance - b.distance)
  const best = ranked[0]
  return best !== undefined && best.distance <= Math.ceil(best.name.length / 3) ? best.name : undefined
}

/** Levenshtein's distance: insertions, deletions and replacements of one letter that lead from one to the other. */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [row, letter] of [...from].entries()) {
    const current = [row + 1]
    for (let column = 0; column < to.length; column++) {
      const replace = (previous[column] ?? 0) + (letter === to[column] ? 0 : 1)
      const remove = (previous[column + 1] ?? 0) + 1
      const insert = (current[column] ?? 0) + 1
      current.push(Math.min(replace, remove, insert))
    }
    previous = current
  }
  return previous[to.length] ?? from.length
}
