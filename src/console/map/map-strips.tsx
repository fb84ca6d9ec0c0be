import type { OwnGraph } from '../../wire/own/graph.ts'
import { Button } from '../frame/button.tsx'
import type { MapSearch } from '../frame/search-params.ts'
import { Segmented } from '../frame/segmented.tsx'
import { EmptyState } from '../frame/states.tsx'
import styles from './map-page.module.css'
import type { Change } from './map-toolbar.tsx'
import { titleOf } from './map-words.ts'
import { LARGEST_MAP, SMALL_MAP, type Visible } from './visible-graph.ts'

type StripProps = { readonly search: MapSearch; readonly onChange: (change: Change) => void }

/** Says around what the map is drawn, how far, and how to see the rest again. */
export function FocusStrip({ search, graph, onChange }: StripProps & { readonly graph: OwnGraph }) {
  const node = graph.nodes.find(({ key }) => key === search.focus)
  if (node === undefined) return undefined
  return (
    <div className={styles['strip']}>
      <span>
        Around <b>{titleOf(node)}</b>, steps
      </span>
      <Segmented
        label="Steps"
        options={(['1', '2', '3', '4'] as const).map((hops) => ({ id: hops, label: hops }))}
        value={STEPS.find((hops) => hops === search.hops) ?? '1'}
        onChange={(hops) => {
          onChange({ hops: hops === '1' ? undefined : hops })
        }}
      />
      <Button
        kind="quiet"
        onPress={() => {
          onChange({ focus: undefined, hops: undefined })
        }}
      >
        Show the whole map
      </Button>
    </div>
  )
}

const STEPS = ['1', '2', '3', '4'] as const

/** Says that a big map is not drawn whole, and how to see more. */
export function MoreStrip({ search, view, onChange }: StripProps & { readonly view: Visible }) {
  const { chosen, drawn, shown } = view
  const total = chosen.nodes.length
  const isWhole = shown >= total && drawn.nodes.length >= total && search.all === undefined
  if (search.as === 'list' || isWhole || total <= SMALL_MAP) return undefined
  const isAll = search.all === '1'
  // As the line of truth counts: clients are no services.
  const clients = chosen.nodes.filter(({ client }) => client).length
  const count = `${Math.max(0, shown - clients)} of ${total - clients}`
  return (
    <div className={styles['strip']}>
      <span>
        {isAll
          ? `Showing ${count}${shown < total ? `: a map has at most ${LARGEST_MAP}` : ''}`
          : `Problems, the busiest, and what is next to them: showing ${count}`}
      </span>
      <Button
        kind="quiet"
        onPress={() => {
          onChange({ all: isAll ? undefined : '1' })
        }}
      >
        {isAll ? 'Show what matters' : total > LARGEST_MAP ? `Show all up to ${LARGEST_MAP}` : 'Show all'}
      </Button>
      <Button
        kind="quiet"
        onPress={() => {
          onChange({ as: 'list' })
        }}
      >
        List of all
      </Button>
    </div>
  )
}

/** There is nothing to draw, and why. */
export function NothingToSee({ search, isEmpty, onChange }: StripProps & { readonly isEmpty: boolean }) {
  const widen = (t: string, label: string) => (
    <Button
      key={t}
      onPress={() => {
        onChange({ t })
      }}
    >
      {label}
    </Button>
  )
  const isNarrowed = search.q !== undefined || search.g !== undefined
  if (isEmpty) {
    return (
      <EmptyState title={isNarrowed ? 'No trace of this time matches' : 'No requests in this time'}>
        <p className={styles['muted']}>
          {isNarrowed ? 'Another time or a wider filter may have some.' : 'There may be some before it.'}
        </p>
        <div className={styles['choices']}>
          {widen('1h', 'Last hour')}
          {widen('6h', 'Last 6 hours')}
          {widen('24h', 'Last day')}
          {search.q === undefined ? undefined : (
            <Button
              onPress={() => {
                onChange({ q: undefined })
              }}
            >
              Without the filter
            </Button>
          )}
        </div>
      </EmptyState>
    )
  }
  return (
    <EmptyState title={search.only === 'problems' ? 'No service has problems' : 'No service is that busy'}>
      <div className={styles['choices']}>
        <Button
          onPress={() => {
            onChange({ only: undefined, min: undefined, focus: undefined })
          }}
        >
          Show all services
        </Button>
      </div>
    </EmptyState>
  )
}
