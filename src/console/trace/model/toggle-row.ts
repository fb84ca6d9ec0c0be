import { FOLD_BITS, showMore, toggleBit, type Fold } from './fold.ts'
import { ROW, type Rows } from './rows.ts'

/** Opens or closes what a row stands for; of "more", shows the next hundred. The same fold where there is nothing. */
export function toggleRow({ view, kind, node, expanded }: Rows, row: number): Fold {
  const { fold } = view
  const at = node[row]
  if (at === undefined) return fold
  if (kind[row] === ROW.more) return showMore(fold, at)
  if (expanded[row] === -1) return fold
  if (kind[row] === ROW.repeat) return toggleBit(fold, at, FOLD_BITS.groupOpen)
  if (kind[row] === ROW.missing) return toggleBit(fold, at, FOLD_BITS.missingClosed)
  return toggleBit(fold, at, view.onlyMatches ? FOLD_BITS.closedInMatches : FOLD_BITS.open)
}

/** Shows the wrappers of a chain one by one, or as one again: `head` is the first of them. */
export function toggleChain(fold: Fold, head: number): Fold {
  return toggleBit(fold, head, FOLD_BITS.chainOpen)
}
