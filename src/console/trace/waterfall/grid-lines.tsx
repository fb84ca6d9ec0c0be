import { axisTicks } from '../axis-ticks.ts'
import { shareOf, type Zoom } from '../zoom.ts'
import styles from './waterfall.module.css'

/** Room for a tick and its label, in CSS pixels. */
const TICK_WIDTH = 90

/** How many ticks an axis of so many CSS pixels has at most. */
export function ticksIn(width: number): number {
  return Math.max(2, Math.min(8, Math.floor(width / TICK_WIDTH)))
}

/** Lines behind the bars, one for each tick of the axis. */
export function GridLines({ zoom, ticks }: { readonly zoom: Zoom; readonly ticks: number }) {
  return (
    <div className={styles['lines']} aria-hidden="true">
      {axisTicks(zoom, ticks).map(({ us }) => (
        <span key={us} className={styles['line']} style={{ left: `${shareOf(zoom, us) * 100}%` }} />
      ))}
    </div>
  )
}
