import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef } from 'react'
import styles from './raw.module.css'

/** A line longer than this is cut on screen; copies and files have all of it. */
const LONGEST = 2_000

/** Lines of text, of which only those in view are drawn, so that megabytes scroll. */
export function TextLines({
  lines,
  label,
  maxHeight,
}: {
  readonly lines: readonly string[]
  readonly label: string
  /** CSS pixels; without it, as high as there is room. */
  readonly maxHeight?: number | undefined
}) {
  const scroller = useRef<HTMLDivElement>(null)
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 18,
    overscan: 20,
  })
  const digits = String(lines.length).length
  return (
    <div
      ref={scroller}
      className={styles['lines']}
      role="region"
      aria-label={label}
      tabIndex={0}
      style={maxHeight === undefined ? { flex: 1 } : { maxHeight }}
    >
      <div className={styles['all']} style={{ height: virtualizer.getTotalSize(), '--digits': `${digits + 2}ch` }}>
        {virtualizer.getVirtualItems().map(({ index, start, key }) => (
          <div key={key} className={styles['line']} style={{ transform: `translateY(${start}px)` }}>
            <span className={styles['number']} aria-hidden="true">
              {index + 1}
            </span>
            <bdi className={styles['text']}>{shown(lines[index] ?? '')}</bdi>
          </div>
        ))}
      </div>
    </div>
  )
}

function shown(line: string): string {
  if (line.length <= LONGEST) return line
  return `${line.slice(0, LONGEST)} … ${(line.length - LONGEST).toLocaleString('en')} more characters`
}
