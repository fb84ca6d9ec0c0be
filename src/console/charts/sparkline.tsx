import { lazy, Suspense } from 'react'
import type { SparklineProps } from './sparkline-plot.tsx'
import styles from './sparkline.module.css'

const Plot = lazy(async () => ({ default: (await import('./sparkline-plot.tsx')).SparklinePlot }))

/** A small chart of one or several values over time. What draws it is loaded when the first is shown. */
export function Sparkline(props: SparklineProps) {
  return (
    <Suspense fallback={<div className={styles['waiting']} style={{ height: props.height }} />}>
      <Plot {...props} />
    </Suspense>
  )
}
