import { memo } from 'react'
import { useQuery } from '@tanstack/react-query'
import { durationClause, type HeatBounds } from '../charts/heat-map-layout.ts'
import { HeatMap } from '../charts/heat-map.tsx'
import { overviewQuery } from '../data/overview-query.ts'
import { writeWindow } from '../data/time-window.ts'
import { ErrorState, LoadingState, PanelBoundary } from '../frame/states.tsx'
import styles from './traces-page.module.css'
import { useNarrow } from './use-narrow.ts'

/** What the panels about all that match ask for. */
export type AskedOverview = {
  readonly filter: string
  readonly dialect: 'aws' | 'extended'
  /** What is no filter is not asked. */
  readonly isAskable: boolean
  readonly from: string
  readonly to?: string
}

/** The overview of a question; the panels that show it share it. */
export function useOverview(asked: AskedOverview) {
  const isNarrow = useNarrow(700)
  const { isAskable, ...question } = asked
  return useQuery({ ...overviewQuery({ ...question, columns: isNarrow ? 50 : 120 }), enabled: isAskable })
}

/** The heat map above the list. A box in it becomes a time and a clause. */
export const OverviewPanel = memo(function OverviewPanel({
  asked,
  onBounds,
}: {
  readonly asked: AskedOverview
  readonly onBounds: (clause: string, t: string | undefined) => void
}) {
  const overview = useOverview(asked)
  const { data } = overview
  if (overview.error !== null && data === undefined) {
    return <ErrorState error={overview.error} onRetry={() => void overview.refetch()} />
  }
  if (!asked.isAskable) return undefined
  if (data === undefined) {
    return (
      <div className={styles['heatPlace']}>
        <LoadingState label="Counting durations" rows={5} />
      </div>
    )
  }
  const choose = (bounds: HeatBounds): void => {
    const isWhole = bounds.fromMs <= data.startTime * 1_000 && bounds.toMs >= data.endTime * 1_000 - 1
    const { fromMs, toMs } = bounds
    onBounds(durationClause(bounds), isWhole ? undefined : writeWindow({ kind: 'between', fromMs, toMs }))
  }
  return (
    <PanelBoundary>
      <HeatMap overview={data} isStale={overview.isPlaceholderData} onChoose={choose} />
    </PanelBoundary>
  )
})
