import { useCallback, useId, useState } from 'react'
import type { Overview } from '../../wire/own/overview.ts'
import { usePreferences } from '../frame/preferences.ts'
import { Button } from '../frame/button.tsx'
import { formatTime, offsetMs } from '../words/format-time.ts'
import { drawHeatMap } from './draw-heat-map.ts'
import { HeatMapFields } from './heat-map-fields.tsx'
import { frameOf, HEAT_HEIGHT, heatSummary, type HeatBounds } from './heat-map-layout.ts'
import { HeatMapSurface } from './heat-map-surface.tsx'
import { HeatMapTable } from './heat-map-table.tsx'
import styles from './heat-map.module.css'
import { useCanvas } from './use-canvas.ts'
import { useTokens } from './use-tokens.ts'

/**
 * How long traces took over time (console §4.5). A box that is dragged, moved by keys or typed is what `onChoose` is
 * called with.
 */
export function HeatMap({
  overview,
  isStale,
  onChoose,
}: {
  readonly overview: Overview
  /** It is of the question before. */
  readonly isStale: boolean
  readonly onChoose: (bounds: HeatBounds) => void
}) {
  const zone = usePreferences((preferences) => preferences.zone)
  const tokens = useTokens()
  const [shows, setShows] = useState<'data' | 'fields'>()
  const tableId = useId()
  const timeText = useCallback((ms: number) => tickText(overview, ms, zone), [overview, zone])
  const draw = useCallback(
    (context: CanvasRenderingContext2D, width: number, height: number, ratio: number) => {
      context.scale(ratio, ratio)
      const font = '11px system-ui, sans-serif'
      const offset = offsetMs(overview.startTime * 1_000, zone)
      drawHeatMap(context, frameOf(width, height), overview, tokens, { font, timeText, offset })
    },
    [overview, tokens, timeText, zone],
  )
  const canvas = useCanvas(draw)
  const toggle = (what: 'data' | 'fields') => (): void => {
    setShows(shows === what ? undefined : what)
  }
  return (
    <section aria-label="Duration over time" className={styles['section']}>
      <div className={styles['head']}>
        <h2 className={styles['title']}>Duration over time</h2>
        <Legend />
        <div className={styles['actions']}>
          <Button kind="quiet" isExpanded={shows === 'fields'} onPress={toggle('fields')}>
            Type a range
          </Button>
          <Button kind="quiet" isExpanded={shows === 'data'} onPress={toggle('data')}>
            {shows === 'data' ? 'Hide data' : 'Show data'}
          </Button>
        </div>
      </div>
      <div className={`${styles['plot']} ${isStale ? styles['stale'] : ''}`}>
        <canvas
          ref={canvas}
          role="img"
          aria-label={`Duration over time: ${heatSummary(overview, (ms) => formatTime(ms, zone))}`}
          className={styles['canvas']}
          style={{ height: HEAT_HEIGHT }}
        />
        {overview.heat.cells.length === 0 ? <p className={styles['nothing']}>No traces</p> : undefined}
        <HeatMapSurface overview={overview} zone={zone} onChoose={onChoose} />
      </div>
      {shows === 'fields' ? <HeatMapFields overview={overview} zone={zone} onChoose={onChoose} /> : undefined}
      {shows === 'data' ? <HeatMapTable id={tableId} overview={overview} zone={zone} /> : undefined}
    </section>
  )
}

/** With the day where the time is longer than one, and without seconds where it is longer than minutes. */
function tickText({ startTime, endTime }: Overview, ms: number, zone: string): string {
  const length = endTime - startTime
  if (length > 2 * 86_400) return formatTime(ms, zone, 'minute').slice(5, length > 10 * 86_400 ? 10 : 16)
  return formatTime(ms, zone, length < 300 ? 'second' : 'minute').slice(11)
}

function Legend() {
  return (
    <p className={styles['legend']}>
      <span className={styles['ramp']} aria-hidden="true" /> few to many
      <span className={styles['fault']} aria-hidden="true">
        ◆
      </span>{' '}
      fault
      <span className={styles['error']} aria-hidden="true">
        ▲
      </span>{' '}
      error
      <span className={styles['throttle']} aria-hidden="true">
        ■
      </span>{' '}
      throttle
    </p>
  )
}
