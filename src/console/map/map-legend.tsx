import { useId } from 'react'
import { OutcomeMark } from '../words/outcome-mark.tsx'
import { GraphDefs, paintsOf } from './graph-defs.tsx'
import graph from './graph-view.module.css'
import styles from './map-page.module.css'
import { arcPath, notchPath } from './ring-arcs.ts'

/** What shapes and lines mean. */
export function MapLegend() {
  const prefix = useId()
  const paints = paintsOf(prefix)
  const arc = { fromDegrees: 150, toDegrees: 360 } as const
  return (
    <div className={styles['legend']} role="note" aria-label="Legend">
      <svg width="0" height="0" aria-hidden="true">
        <GraphDefs prefix={prefix} />
      </svg>
      {(['ok', 'throttle', 'error', 'fault'] as const).map((outcome) => (
        <span key={outcome}>
          <svg width="22" height="22" viewBox="-11 -11 22 22" aria-hidden="true">
            <path
              d={arcPath({ outcome, ...arc }, 8)}
              fill="none"
              stroke={paints[outcome]}
              strokeWidth={outcome === 'ok' ? 2.5 : 5}
            />
            {outcome === 'fault' ? <path d={notchPath({ outcome, ...arc }, 6, 4)} fill={paints.fault} /> : undefined}
          </svg>
          <OutcomeMark outcome={outcome} />
        </span>
      ))}
      <span>
        <svg width="22" height="22" viewBox="-11 -11 22 22" aria-hidden="true">
          <rect className={graph['client']} x={-8} y={-8} width={16} height={16} rx={4} />
        </svg>
        Client
      </span>
      <span>
        <svg width="22" height="22" viewBox="-11 -11 22 22" aria-hidden="true">
          <circle className={graph['inferred']} r={9} />
        </svg>
        Known from its callers
      </span>
      <span>
        <svg width="34" height="22" viewBox="0 -11 34 22" aria-hidden="true">
          <path className={graph['line']} d="M0 -4H34" strokeWidth={1.5} />
          <path className={graph['line']} d="M0 5H34" strokeWidth={4} />
        </svg>
        Wider: more calls
      </span>
      <span>
        <svg width="34" height="22" viewBox="0 -11 34 22" aria-hidden="true">
          <path className={graph['link']} d="M0 0H34" strokeWidth={1.5} />
        </svg>
        Events, received later
      </span>
      <span className={styles['muted']}>In the middle: p50</span>
    </div>
  )
}
