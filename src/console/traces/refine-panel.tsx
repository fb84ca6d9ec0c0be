import { memo, useState } from 'react'
import type { Overview } from '../../wire/own/overview.ts'
import { usePreferences } from '../frame/preferences.ts'
import { Button } from '../frame/button.tsx'
import { LoadingState, PanelBoundary } from '../frame/states.tsx'
import { formatTime } from '../words/format-time.ts'
import { useOverview, type AskedOverview } from './overview-panel.tsx'
import { Refiners } from './refiners.tsx'
import styles from './traces-page.module.css'
import { useNarrow } from './use-narrow.ts'

/** The refiners beside the list; where there is no room beside it, above it and closed. */
export const RefinePanel = memo(function RefinePanel({
  asked,
  onRefine,
}: {
  readonly asked: AskedOverview
  readonly onRefine: (clause: string, isWanted: boolean) => void
}) {
  const isNarrow = useNarrow(900)
  const [isOpen, setOpen] = useState<boolean>()
  const zone = usePreferences((preferences) => preferences.zone)
  const { data, error, isPlaceholderData } = useOverview(asked)
  const shows = isOpen ?? !isNarrow
  if (!asked.isAskable) return <div className={styles['closed']} />
  return (
    <div className={`${styles['refine']} ${shows ? '' : styles['closed']}`}>
      <div className={styles['refineHead']}>
        <Button
          kind="quiet"
          isExpanded={shows}
          onPress={() => {
            setOpen(!shows)
          }}
        >
          {shows ? '▾' : '▸'} Refine
        </Button>
      </div>
      {shows ? (
        <div className={`${styles['refineBody']} ${isPlaceholderData ? styles['stale'] : ''}`}>
          <PanelBoundary>
            {data === undefined ? (
              error === null ? (
                <LoadingState label="Counting" />
              ) : (
                <p className={styles['muted']}>Nothing was counted: {error.message}</p>
              )
            ) : (
              <Refiners facets={data.facets} note={partNote(data, zone)} onRefine={onRefine} />
            )}
          </PanelBoundary>
        </div>
      ) : undefined}
    </div>
  )
})

/** That the figures are of a part: of which, and of how many. */
function partNote({ complete, matched, scanned, upTo }: Overview, zone: string): string {
  if (complete) return ''
  const counted = `Counted over the newest ${scanned.toLocaleString('en')} traces`
  return `${counted}, of which ${matched.toLocaleString('en')} match: those since ${formatTime(upTo * 1_000, zone)}.`
}
