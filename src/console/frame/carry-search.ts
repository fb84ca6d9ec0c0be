import type { CommonSearch } from './search-params.ts'

/** What goes along to another page (console §4.2): time, group and filter. What was selected does not. */
export function carrySearch({ t, g, q, embed }: CommonSearch): CommonSearch {
  return { t, g, q, embed }
}
