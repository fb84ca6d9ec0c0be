import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo, useRef, useState, type RefObject } from 'react'
import type { OwnGraph } from '../../wire/own/graph.ts'
import { graphQuery, type GraphQuestion } from '../data/graph-query.ts'
import { Button } from '../frame/button.tsx'
import { PageHeader } from '../frame/page-header.tsx'
import { ErrorState, LoadingState, Notice, PanelBoundary, Progress, useLasting } from '../frame/states.tsx'
import type { MapSearch } from '../frame/search-params.ts'
import { useShortcuts } from '../frame/use-shortcuts.ts'
import { GraphView, type GraphControl } from './graph-view.tsx'
import { MapLegend } from './map-legend.tsx'
import { MapList } from './map-list.tsx'
import styles from './map-page.module.css'
import { MapPanel } from './map-panel.tsx'
import { choiceOf, findSelected } from './map-state.ts'
import { FocusStrip, MoreStrip, NothingToSee } from './map-strips.tsx'
import { MapToolbar, type Change } from './map-toolbar.tsx'
import { mapTruth } from './map-truth.ts'
import { useIsNarrow } from './use-is-narrow.ts'
import { visibleGraph, type Visible } from './visible-graph.ts'

const SLOW_MS = 3_000
const NO_GRAPH: OwnGraph = { startTime: 0, endTime: 60, topology: '', nodes: [], edges: [] }

/** The page `/map`: where things go wrong. */
export function MapPage() {
  const search = useSearch({ from: '/map' })
  const question = useMemo<GraphQuestion>(
    () => ({ t: search.t, g: search.g, q: search.q }),
    [search.t, search.g, search.q],
  )
  const answer = useQuery(graphQuery(question))
  const [isLegendShown, setLegendShown] = useState(false)
  const control = useRef<GraphControl>(null)
  const change = useChange()
  const graph = answer.data ?? NO_GRAPH
  const minutes = Math.max(1 / 60, (graph.endTime - graph.startTime) / 60)
  const view = useView(graph, minutes)
  const isList = search.as === 'list'
  const isNarrow = useIsNarrow()
  const isDown = search.dir === undefined ? isNarrow : search.dir === 'tb'
  const shown = isList ? view.chosen.nodes.length : view.shown
  useShortcuts('Map', {
    l: {
      label: isList ? 'Show the map' : 'Show the list',
      run: () => {
        change({ as: isList ? undefined : 'list' })
      },
    },
  })
  const truth = answer.data === undefined ? undefined : mapTruth(graph, view.chosen.nodes, shown)
  const context = { search, isDown, question, graph, minutes, view, change }
  return (
    <div className={styles['page']}>
      <PageHeader title="Map" truth={truth} />
      {isList ? undefined : <SkipToList change={change} />}
      <MapToolbar
        search={search}
        nodes={graph.nodes}
        isDown={isDown}
        isLegendShown={isLegendShown}
        onChange={change}
        onLegend={() => {
          setLegendShown(!isLegendShown)
        }}
        onFind={(key) => {
          const isSeen = view.chosen.nodes.some((node) => node.key === key)
          change({ sel: `n:${key}`, ...(isSeen ? {} : { focus: undefined, only: undefined, min: undefined }) })
          // The node may have to be drawn first.
          setTimeout(() => control.current?.centre(key), 60)
        }}
      />
      <MapNotices question={question} answer={answer} />
      <FocusStrip search={search} graph={graph} onChange={change} />
      <MoreStrip search={search} view={view} onChange={change} />
      {answer.data === undefined ? <NoMapYet answer={answer} /> : <MapContent {...context} control={control} />}
      {isLegendShown && !isList ? <MapLegend /> : undefined}
      {view.selected === undefined ? undefined : (
        <MapPanel
          selected={view.selected}
          {...context}
          onSelect={(sel) => {
            change({ sel }, true)
          }}
          onFocus={(focus) => {
            change({ focus, hops: undefined })
          }}
        />
      )}
    </div>
  )
}

type Context = {
  readonly search: MapSearch
  /** From top to bottom: where the URL says so, or the page is narrow. */
  readonly isDown: boolean
  readonly graph: OwnGraph
  readonly minutes: number
  readonly view: Visible
  readonly change: (change: Change, isReplacing?: boolean) => void
}

function MapContent({
  search,
  isDown,
  graph,
  minutes,
  view,
  change,
  control,
}: Context & { readonly control: RefObject<GraphControl | null> }) {
  const select = (sel: string | undefined): void => {
    change({ sel }, search.sel !== undefined)
  }
  if (view.chosen.nodes.length === 0)
    return <NothingToSee search={search} isEmpty={graph.nodes.length === 0} onChange={change} />
  if (search.as === 'list') {
    return (
      <MapList
        graph={view.chosen}
        minutes={minutes}
        sort={search.sort}
        selected={search.sel}
        onSort={(sort) => {
          change({ sort }, true)
        }}
        onSelect={select}
      />
    )
  }
  return (
    <PanelBoundary>
      <GraphView
        nodes={view.drawn.nodes}
        edges={view.drawn.edges}
        summary={`Map of services: ${mapTruth(graph, view.chosen.nodes, view.shown)}`}
        selected={search.sel}
        onSelect={select}
        onFocus={(focus) => {
          change({ focus, hops: undefined })
        }}
        minutes={minutes}
        size={search.size === 'traffic' || search.size === 'health' ? search.size : 'none'}
        hasIcons={search.label === 'icons'}
        isDown={isDown}
        control={control}
      />
    </PanelBoundary>
  )
}

/** What of the graph is to be seen, by the URL. */
function useView(graph: OwnGraph, minutes: number) {
  const search = useSearch({ from: '/map' })
  return useMemo(() => {
    // Whether something is drawn by itself depends on whether it is selected, and a stack is only known when drawn.
    const known = findSelected(search.sel, graph, { nodes: [], edges: [] })
    const visible = visibleGraph(graph, choiceOf(search, minutes, known))
    return { ...visible, selected: known ?? findSelected(search.sel, graph, visible.drawn) }
  }, [graph, minutes, search])
}

/** Changes the URL; a step that Back undoes, unless it takes the place of the one before. */
function useChange(): (change: Change, isReplacing?: boolean) => void {
  const navigate = useNavigate({ from: '/map' })
  return (change, isReplacing = false) => {
    void navigate({ to: '/map', search: (before) => ({ ...before, ...change }), replace: isReplacing })
  }
}

type Answer = Pick<UseQueryResult<OwnGraph>, 'data' | 'error' | 'isFetching' | 'isPlaceholderData' | 'refetch'>

/** That something is on its way, that it takes long, that it did not come. */
function MapNotices({ question, answer }: { readonly question: GraphQuestion; readonly answer: Answer }) {
  const { data, error, isFetching, isPlaceholderData } = answer
  const queries = useQueryClient()
  const isNew = useLasting(isFetching && isPlaceholderData, 150)
  const isSlow = useLasting(isFetching && (data === undefined || isPlaceholderData), SLOW_MS)
  return (
    <>
      <div className={styles['progress']}>{isNew ? <Progress label="Loading the map" /> : undefined}</div>
      {isSlow ? (
        <Notice kind="info">
          {question.q === undefined && question.g === undefined
            ? 'The server is still counting. '
            : 'With a filter or a group, the traces of this time are read, which takes longer. '}
          <Button kind="quiet" onPress={() => void queries.cancelQueries({ queryKey: graphQuery(question).queryKey })}>
            Stop
          </Button>
        </Notice>
      ) : undefined}
      {error !== null && data !== undefined ? (
        <Notice kind="warning">The numbers are those of the last answer: {error.message}</Notice>
      ) : undefined}
    </>
  )
}

function NoMapYet({ answer: { error, isFetching, refetch } }: { readonly answer: Answer }) {
  const retry = (): void => {
    void refetch()
  }
  return (
    <div className={styles['state']}>
      {error !== null ? (
        <ErrorState error={error} onRetry={retry} />
      ) : isFetching ? (
        <LoadingState label="Loading the map" />
      ) : (
        <Notice kind="info">
          Stopped before the answer came. <Button onPress={retry}>Ask again</Button>
        </Notice>
      )}
    </div>
  )
}

/** The list is the same in a form that screen readers read better. */
function SkipToList({ change }: { readonly change: (change: Change) => void }) {
  return (
    <button
      type="button"
      className={styles['skip']}
      onClick={() => {
        change({ as: 'list' })
        setTimeout(() => document.getElementById('services')?.focus(), 60)
      }}
    >
      Skip to list of services
    </button>
  )
}
