import { Network, Rows3, type LucideIcon } from 'lucide-react'

/** A page that the rail leads to. */
export type Page = {
  readonly to: '/map' | '/traces'
  readonly label: string
  readonly icon: LucideIcon
  /** What follows `g` on the keyboard. */
  readonly key: string
  /** The heading it stands under, for when there are more. */
  readonly part: 'Observe'
}

/** The pages, in the order of the rail (console §4.1). */
export const PAGES: readonly Page[] = [
  { to: '/map', label: 'Map', icon: Network, key: 'm', part: 'Observe' },
  { to: '/traces', label: 'Traces', icon: Rows3, key: 't', part: 'Observe' },
]
