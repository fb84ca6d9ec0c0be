import { useMemo } from 'react'
import type { TraceRow } from '../data/trace-row.ts'
import type { TimeWindow } from '../data/time-window.ts'
import { Button } from '../frame/button.tsx'
import { EmptyState, ErrorState, LoadingState, Notice, useLasting } from '../frame/states.tsx'
import { formatTime } from '../words/format-time.ts'
import { usePreferences } from '../frame/preferences.ts'
import type { ListColumn } from './list-columns.ts'
import { isStreamed, orderWords, type ListOrder } from './list-order.ts'
import { lengthWords, percent, scannedShare } from './list-truth.ts'
import { ListToolbar } from './list-toolbar.tsx'
import { NothingMatches } from './nothing-matches.tsx'
import type { SearchState, TraceSearch } from './trace-search.ts'
import { TracesTable } from './traces-table.tsx'
import styles from './traces-page.module.css'

type Asked = { readonly filter: string; readonly dialect: 'aws' | 'extended'; readonly isAskable: boolean }

/** The list with what belongs to it: marks, columns, what is still being done, and what there is where there are no rows. */
export function ListPanel({
  asked,
  state,
  stream,
  rows,
  window,
  order,
  columns,
  isWaiting,
  search,
  onOrder,
  onColumns,
  onDrop,
  onWindow,
  open,
}: {
  readonly asked: Asked
  readonly state: SearchState
  readonly stream: TraceSearch | undefined
  /** In the order of the list. */
  readonly rows: readonly TraceRow[]
  readonly window: TimeWindow
  readonly order: ListOrder
  readonly columns: readonly ListColumn[]
  /** The order is known only when everything was looked at. */
  readonly isWaiting: boolean
  readonly search: { readonly t?: string | undefined; readonly g?: string | undefined }
  readonly onOrder: (order: ListOrder) => void
  readonly onColumns: (cols: string) => void
  readonly onDrop: (index: number) => void
  readonly onWindow: (t: string) => void
  readonly open: (index: number) => void
}) {
  const zone = usePreferences((preferences) => preferences.zone)
  const isEmpty = rows.length === 0
  const { t, g } = search
  const linkSearch = useMemo(() => ({ ...(t === undefined ? {} : { t }), ...(g === undefined ? {} : { g }) }), [t, g])
  const isNothing = isEmpty && state.phase === 'complete'
  return (
    <div className={styles['list']}>
      <ListToolbar rows={rows} columns={columns} order={order} onOrder={onOrder} onColumns={onColumns} />
      {asked.isAskable ? <SlowNotice state={state} window={window} order={order} isWaiting={isWaiting} /> : undefined}
      {!asked.isAskable ? (
        <EmptyState title="This is no filter">
          <p>The box above says where it stops being one.</p>
        </EmptyState>
      ) : isNothing ? (
        <NothingMatches
          filter={asked.filter}
          dialect={asked.dialect}
          window={window}
          onDrop={onDrop}
          onWindow={onWindow}
        />
      ) : isEmpty && state.phase === 'running' ? (
        <LoadingState label="Looking for traces" rows={10} />
      ) : isEmpty && state.phase === 'failed' ? (
        <ListEnd state={state} stream={stream} window={window} order={order} />
      ) : (
        <TracesTable
          rows={rows}
          order={order}
          columns={columns}
          hasDate={needsDate(window, zone)}
          question={JSON.stringify([asked, order])}
          search={linkSearch}
          onOrder={onOrder}
          onOpen={open}
        >
          <ListEnd state={state} stream={stream} window={window} order={order} />
        </TracesTable>
      )}
    </div>
  )
}

/** Whether the time of day alone could mean two days. */
function needsDate(window: TimeWindow, zone: string): boolean {
  if (window.kind === 'last') return window.seconds > 86_400
  return formatTime(window.fromMs, zone, 'day') !== formatTime(window.toMs, zone, 'day')
}

/** After three seconds: what is looked at, and how far (console §4.11). */
function SlowNotice({
  state,
  window,
  order,
  isWaiting,
}: {
  readonly state: SearchState
  readonly window: TimeWindow
  readonly order: ListOrder
  readonly isWaiting: boolean
}) {
  const isSlow = useLasting(state.phase === 'running', isWaiting ? 600 : 3_000)
  const zone = usePreferences((preferences) => preferences.zone)
  if (!isSlow) return undefined
  const { progress } = state
  const done = percent(scannedShare(state, window))
  return (
    <Notice kind="info">
      {progress === undefined
        ? 'The server has not told how far it is. '
        : `Looked at ${progress.scanned.toLocaleString('en')} traces, back to ${formatTime(progress.upTo * 1_000, zone)}: ${done} of ${lengthWords(window)}. ${progress.matched.toLocaleString('en')} match. `}
      {isWaiting ? `Shown ${orderWords(order)}, which is known only at the end.` : ''}
    </Notice>
  )
}

const MOST_SORTED = 5_000

function EndWords({ state, stream, window, order }: Parameters<typeof ListEnd>[0]) {
  const { phase, rows, progress } = state
  const count = rows.length.toLocaleString('en')
  const hasMore = phase === 'limited' || (progress?.matched ?? 0) > rows.length
  if (!hasMore) return rows.length > 20 ? <p className={styles['end']}>That is all.</p> : undefined
  if (isStreamed(order)) {
    const done = percent(scannedShare(state, window))
    return (
      <p className={styles['end']}>
        These are the newest {count}; {done} of {lengthWords(window)} was looked at.
        <Button onPress={() => stream?.more()}>Load 1,000 more</Button>
      </p>
    )
  }
  return (
    <p className={styles['end']}>
      {order.startsWith('-') ? `These are the first ${count}.` : `These are the newest ${count}, ${orderWords(order)}.`}
      {rows.length >= MOST_SORTED ? undefined : (
        <Button onPress={() => stream?.more()}>Load up to {MOST_SORTED.toLocaleString('en')}</Button>
      )}
    </p>
  )
}

/** Below the last row: whether that is all, and how to get the rest. */
function ListEnd({
  state,
  stream,
  window,
  order,
}: {
  readonly state: SearchState
  readonly stream: TraceSearch | undefined
  readonly window: TimeWindow
  readonly order: ListOrder
}) {
  const done = percent(scannedShare(state, window))
  switch (state.phase) {
    case 'failed':
      return <ErrorState error={state.error} onRetry={() => stream?.more()} />
    case 'stopped':
      return (
        <p className={styles['end']}>
          Stopped after {done} of {lengthWords(window)}.
          {isStreamed(order) ? <Button onPress={() => stream?.more()}>Go on</Button> : undefined}
        </p>
      )
    case 'limited':
    case 'complete':
      return <EndWords state={state} stream={stream} window={window} order={order} />
    case 'running':
      return undefined
    default:
      return state.phase satisfies never
  }
}
