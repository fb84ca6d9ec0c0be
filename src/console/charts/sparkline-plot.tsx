import { useEffect, useRef, useSyncExternalStore } from 'react'
import UPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import styles from './sparkline.module.css'

/** A line of a sparkline: a colour token such as `--ok`, and a value for each time; nothing where there is none. */
export type SparklineSeries = {
  readonly token: `--${string}`
  readonly values: readonly (number | null)[]
  /** Whether what is below the line is painted, too. */
  readonly isFilled?: boolean
}

export type SparklineProps = {
  /** Says what is drawn, with the numbers that matter. */
  readonly summary: string
  /** Epoch seconds, ascending. */
  readonly times: readonly number[]
  readonly series: readonly SparklineSeries[]
  readonly height: number
  /** Those of one name move their cursors together. */
  readonly sync?: string | undefined
  /** What is pointed at, by its place in `times`. */
  readonly onCursor?: ((at: number | undefined) => void) | undefined
}

/** The chart itself; see `Sparkline`. */
export function SparklinePlot({ summary, times, series, height, sync, onCursor }: SparklineProps) {
  const box = useRef<HTMLDivElement>(null)
  const theme = useTheme()
  const told = useRef(onCursor)
  useEffect(() => {
    told.current = onCursor
  })
  useEffect(() => {
    const { current } = box
    if (current === null) return
    const plot = new UPlot(
      {
        width: Math.max(1, current.clientWidth),
        height,
        legend: { show: false },
        padding: [3, 0, 0, 0],
        axes: [{ show: false }, { show: false }],
        scales: { y: { range: (_, __, most) => [0, most > 0 ? most * 1.05 : 1] } },
        cursor: {
          y: false,
          points: { size: 5 },
          drag: { x: false, y: false },
          ...(sync === undefined ? {} : { sync: { key: sync } }),
        },
        hooks: { setCursor: [({ cursor }) => told.current?.(cursor.idx ?? undefined)] },
        series: [
          {},
          ...series.map(({ token, isFilled }) => ({
            stroke: colour(token),
            width: 1.5,
            points: { show: false },
            ...(isFilled === true ? { fill: `color-mix(in srgb, ${colour(token)} 35%, transparent)` } : {}),
          })),
        ],
      },
      [[...times], ...series.map(({ values }) => [...values])],
      current,
    )
    const observer = new ResizeObserver(() => {
      plot.setSize({ width: Math.max(1, current.clientWidth), height })
    })
    observer.observe(current)
    return () => {
      observer.disconnect()
      plot.destroy()
    }
  }, [times, series, height, sync, theme])
  return <div ref={box} role="img" aria-label={summary} className={styles['sparkline']} style={{ height }} />
}

/** A canvas knows no custom properties. */
function colour(token: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(token).trim()
}

/** The theme that the page is in; a canvas is drawn anew when it changes. */
function useTheme(): string {
  return useSyncExternalStore(
    (changed) => {
      const observer = new MutationObserver(changed)
      observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
      return () => {
        observer.disconnect()
      }
    },
    () => document.documentElement.dataset['theme'] ?? '',
  )
}
