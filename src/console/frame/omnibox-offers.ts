import { looksLikeFilter, type OmniboxText } from './read-omnibox.ts'
import type { Preferences } from './read-preferences.ts'
import { quoteFilter } from '../words/quote-filter.ts'

/** Something that the omnibox can do with what was typed. */
export type Offer = {
  readonly id: string
  /** The heading it stands under. */
  readonly part: string
  readonly text: string
  /** Said beside it, quietly. */
  readonly hint?: string
  readonly action:
    | { readonly kind: 'trace'; readonly id: string; readonly segment?: string | undefined }
    | { readonly kind: 'segment'; readonly id: string }
    | { readonly kind: 'service'; readonly name: string }
    | { readonly kind: 'filter'; readonly filter: string }
}

/** How many services are offered. */
const MOST_SERVICES = 7

/** What a text can mean, the likeliest first: Enter takes that one. An empty text is answered with what is remembered. */
export function omniboxOffers(
  read: OmniboxText,
  services: readonly string[],
  remembered: Pick<Preferences, 'recentTraces' | 'savedQueries'>,
): readonly Offer[] {
  if (read.kind === 'empty') return rememberedOffers(remembered)
  if (read.kind === 'trace') {
    const hint = read.segment === undefined ? undefined : `at segment ${read.segment}`
    return [offer('Trace', `Open ${read.id}`, { kind: 'trace', id: read.id, segment: read.segment }, hint)]
  }
  if (read.kind === 'segment') {
    return [
      offer('Segment', `Find segment ${read.id}`, { kind: 'segment', id: read.id }, 'in traces of the last 24 hours'),
    ]
  }
  const { text } = read
  const asFilter = offer('Traces', text, { kind: 'filter', filter: text }, 'traces that match this filter')
  if (looksLikeFilter(text)) return [asFilter]
  const wanted = text.toLowerCase()
  const found = services
    .filter((name) => name.toLowerCase().includes(wanted))
    // Names that begin so come first; the order of the server, most traces first, is kept among equals.
    .toSorted((a, b) => Number(b.toLowerCase().startsWith(wanted)) - Number(a.toLowerCase().startsWith(wanted)))
    .slice(0, MOST_SERVICES)
  const url = `http.url CONTAINS ${quoteFilter(text)}`
  return [
    ...found.map((name) => offer('Services', name, { kind: 'service', name }, 'on the map')),
    asFilter,
    offer('Traces', url, { kind: 'filter', filter: url }, 'traces with it in their URL'),
  ]
}

function rememberedOffers({
  recentTraces,
  savedQueries,
}: Pick<Preferences, 'recentTraces' | 'savedQueries'>): readonly Offer[] {
  return [
    ...recentTraces.map(({ id, name }) =>
      offer('Recent traces', name || id, { kind: 'trace', id }, name ? id : undefined),
    ),
    ...savedQueries.map(({ name, filter }) => offer('Saved queries', name, { kind: 'filter', filter }, filter)),
  ]
}

function offer(part: string, text: string, action: Offer['action'], hint?: string): Offer {
  return {
    id: `${part}-${Object.values(action).join('-')}`,
    part,
    text,
    action,
    ...(hint === undefined ? {} : { hint }),
  }
}
