import { lazy, Suspense, useState, type ReactNode } from 'react'
import type { OwnNode } from '../../wire/own/graph.ts'
import { windowOf } from '../data/time-window.ts'
import { Button } from '../frame/button.tsx'
import { MenuButton, type MenuChoice } from '../frame/menu.tsx'
import type { MapSearch as Search } from '../frame/search-params.ts'
import { Segmented } from '../frame/segmented.tsx'
import styles from './map-page.module.css'
import { MapSearch } from './map-search.tsx'

const FilterBox = lazy(async () => ({ default: (await import('../filter-box/filter-box.tsx')).FilterBox }))

/** The parameters that a toolbar changes; undefined takes one out. */
export type Change = { readonly [name in keyof Search]?: string | undefined }

const SIZES = [
  [undefined, 'All of one size'],
  ['traffic', 'Size by traffic'],
  ['health', 'Size by problems'],
] as const

/** Above the map: the filter, what is to be seen of it, and how. */
export function MapToolbar({
  search,
  nodes,
  isDown,
  isLegendShown,
  onChange,
  onLegend,
  onFind,
}: {
  readonly search: Search
  /** What can be found. */
  readonly nodes: readonly OwnNode[]
  readonly isDown: boolean
  readonly isLegendShown: boolean
  readonly onChange: (change: Change) => void
  readonly onLegend: () => void
  readonly onFind: (key: string) => void
}) {
  const isList = search.as === 'list'
  return (
    <div className={styles['toolbar']}>
      <FilterLine search={search} onChange={onChange} />
      <div className={styles['tools']}>
        <Segmented
          label="Show as"
          options={[
            { id: 'map', label: 'Map' },
            { id: 'list', label: 'List' },
          ]}
          value={isList ? 'list' : 'map'}
          onChange={(as) => {
            onChange({ as: as === 'list' ? 'list' : undefined })
          }}
        />
        <MapSearch nodes={nodes} onFind={onFind} />
        <Button
          isPressed={search.only === 'problems'}
          onPress={() => {
            onChange({ only: search.only === 'problems' ? undefined : 'problems' })
          }}
        >
          Problems only
        </Button>
        <LeastField value={search.min} onChange={onChange} />
        {isList ? undefined : (
          <MenuButton label="View" items={viewItems(search, isDown, isLegendShown, onChange, onLegend)} />
        )}
      </div>
    </div>
  )
}

/** The check mark is part of the text, so that everybody is told. */
function viewItems(
  search: Search,
  isDown: boolean,
  isLegendShown: boolean,
  onChange: (change: Change) => void,
  onLegend: () => void,
): readonly MenuChoice[] {
  const item = (id: string, label: string, isOn: boolean, onAction: () => void): MenuChoice => ({
    id,
    label: `${isOn ? '✓' : '\u2003'} ${label}`,
    onAction,
  })
  const hasIcons = search.label === 'icons'
  return [
    ...SIZES.map(([size, label]) =>
      item(label, label, size === search.size, () => {
        onChange({ size })
      }),
    ),
    item('icons', 'Icons in the middle', hasIcons, () => {
      onChange({ label: hasIcons ? undefined : 'icons' })
    }),
    item('down', 'From top to bottom', isDown, () => {
      onChange({ dir: isDown ? 'lr' : 'tb' })
    }),
    item('legend', 'Legend', isLegendShown, onLegend),
  ]
}

function FilterLine({
  search,
  onChange,
}: {
  readonly search: Search
  readonly onChange: (change: Change) => void
}): ReactNode {
  return (
    <div className={styles['filter']}>
      <Suspense fallback={<div className={styles['filterWaiting']} />}>
        <FilterBox
          label="Filter of the map"
          value={search.q ?? ''}
          window={windowOf(search.t)}
          onRun={(filter) => {
            onChange({ q: filter === '' ? undefined : filter })
          }}
        />
      </Suspense>
    </div>
  )
}

/** The least traffic that is shown; it counts when the field is left or Enter is pressed. */
function LeastField({
  value,
  onChange,
}: {
  readonly value: string | undefined
  readonly onChange: (change: Change) => void
}) {
  const [typed, setTyped] = useState<string>()
  const commit = (): void => {
    if (typed === undefined) return
    const number = Number(typed.replace(',', '.'))
    setTyped(undefined)
    onChange({ min: number > 0 && Number.isFinite(number) ? String(Math.round(number * 1_000) / 1_000) : undefined })
  }
  return (
    <label className={styles['least']}>
      At least
      <input
        inputMode="decimal"
        autoComplete="off"
        placeholder="0"
        value={typed ?? value ?? ''}
        onChange={({ target }) => {
          setTyped(target.value)
        }}
        onBlur={commit}
        onKeyDown={({ key }) => {
          if (key === 'Enter') commit()
        }}
      />
      per minute
    </label>
  )
}
