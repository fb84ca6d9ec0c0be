import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { rememberList } from '../data/trace-list.ts'
import { windowOf, windowParameters, DEFAULT_WINDOW } from '../data/time-window.ts'
import { FilterBox, focusFilterBox } from '../filter-box/filter-box.tsx'
import { dialectOf, filterProblem } from '../filter-box/filter-problem.ts'
import { notClause, withClause, withGroup, withoutClause } from '../filter-box/join-clause.ts'
import { Button } from '../frame/button.tsx'
import { PageHeader } from '../frame/page-header.tsx'
import { usePreferences } from '../frame/preferences.ts'
import { useRefreshes } from '../frame/refresh.ts'
import type { TracesSearch } from '../frame/search-params.ts'
import { Progress, useLasting } from '../frame/states.tsx'
import { useShortcuts } from '../frame/use-shortcuts.ts'
import { CopyAsMenu, SavedMenu } from './filter-menus.tsx'
import { askedOrder, DEFAULT_ORDER, inOrder, isStreamed, orderOf } from './list-order.ts'
import { readColumns } from './list-columns.ts'
import { listTruth, scannedShare } from './list-truth.ts'
import { ListPanel } from './list-panel.tsx'
import { OverviewPanel } from './overview-panel.tsx'
import { RefinePanel } from './refine-panel.tsx'
import styles from './traces-page.module.css'
import { useSteady } from './use-steady.ts'
import { keepForReturn, useRefreshedRows, useSearchState, useTraceSearch } from './use-trace-search.ts'

/** The list of traces (console §4.5). */
export function TracesPage() {
  const page = useTracesPage()
  const { search, window, state, order, isRunning } = page
  const isSlow = useLasting(isRunning, 400)
  return (
    <div className={styles['page']}>
      <PageHeader title="Traces" truth={page.asked.isAskable ? listTruth(state, window, order) : 'Nothing was asked'}>
        {isSlow ? <Button onPress={() => page.stream?.stop()}>Stop</Button> : undefined}
      </PageHeader>
      <FilterBox
        label="Filter traces"
        value={search.q ?? ''}
        window={window}
        onRun={page.run}
        onAddress={({ filter: q, t }) => {
          page.change({ q, ...(t === undefined ? {} : { t }) })
        }}
      >
        <SavedMenu filter={search.q ?? ''} onRun={page.run} />
        <CopyAsMenu question={page.question} window={window} count={page.rows.length} />
      </FilterBox>
      <div className={styles['progress']}>
        {isRunning ? <Progress share={scannedShare(state, window) || undefined} label="Scanned" /> : undefined}
      </div>
      <OverviewPanel asked={page.asked} onBounds={page.narrow} />
      <div className={styles['body']}>
        <RefinePanel asked={page.asked} onRefine={page.refine} />
        <ListPanel
          {...page}
          onOrder={(next) => {
            page.change({ sort: next === DEFAULT_ORDER ? undefined : next })
          }}
          onColumns={(cols) => {
            page.change({ cols: cols === '' ? undefined : cols })
          }}
          onDrop={page.drop}
          onWindow={(t) => {
            page.change({ t: t === DEFAULT_WINDOW ? undefined : t })
          }}
        />
      </div>
    </div>
  )
}

/** What the URL says and what was found for it, and how to say something else. */
function useTracesPage() {
  const search = useSearch({ from: '/traces' })
  const navigate = useNavigate({ from: '/traces' })
  const attempt = useRefreshes(({ count }) => count)
  const preferredColumns = usePreferences(({ columns }) => columns)
  const { q = '', g, t, sort, cols } = search
  const window = useMemo(() => windowOf(t), [t])
  const order = orderOf(sort)
  const filter = withGroup(q, g)
  const asked = useMemo(() => {
    const isAskable = filterProblem(q) === undefined
    return { filter, dialect: dialectOf(filter), ...windowParameters(window), isAskable }
  }, [filter, window, q])
  const columnsText = cols ?? preferredColumns
  const { isAskable, ...what } = asked
  const question = { ...what, ...askedOrder(order) }
  const stream = useTraceSearch(isAskable ? question : undefined, attempt)
  const state = useSearchState(stream)
  const isRunning = isAskable && state.phase === 'running'
  useRefreshedRows(stream, isRunning)
  const isWaiting = isRunning && !isStreamed(order)
  const rows = useMemo(() => (isWaiting ? [] : inOrder(state.rows, order)), [state.rows, order, isWaiting])
  const change = (next: { readonly [Name in keyof TracesSearch]?: string | undefined }): void => {
    void navigate({
      search: (before) => {
        const merged = Object.entries({ ...before, ...next }).filter(([, value]) => value !== undefined && value !== '')
        return Object.fromEntries(merged)
      },
    })
  }
  useShortcuts('Traces', { '/': { label: 'Type a filter', run: focusFilterBox } })
  return {
    search,
    window,
    order,
    filter,
    asked,
    question,
    stream,
    state,
    rows,
    isRunning,
    isWaiting,
    change,
    columns: useMemo(() => readColumns(columnsText), [columnsText]),
    run: (text: string) => {
      if (text === q) useRefreshes.setState({ count: attempt + 1 })
      else change({ q: text })
    },
    refine: useSteady((clause: string, isWanted: boolean) => {
      change({ q: withClause(q, isWanted ? clause : notClause(clause)) })
    }),
    narrow: useSteady((clause: string, from: string | undefined) => {
      change({ ...(clause === '' ? {} : { q: withClause(q, clause) }), ...(from === undefined ? {} : { t: from }) })
    }),
    drop: (index: number) => {
      if (filter !== q && index === 0) change({ g: undefined })
      else change({ q: withoutClause(q, filter === q ? index : index - 1) })
    },
    open: useSteady((index: number) => {
      keepForReturn()
      rememberList({ ids: rows.map((row) => row.id), query: search, position: index })
    }),
  }
}
