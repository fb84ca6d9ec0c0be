import { memo } from 'react'
import type { EdgeLine } from './edge-path.ts'
import styles from './graph-view.module.css'
import { edgeId, type MapEdge } from './map-graph.ts'
import { rateText } from './map-words.ts'
import { isProblem, worstOf } from './outcome-shares.ts'
import type { Paints } from './graph-node.tsx'

/** An edge of the map: as wide as it is busy, dashed for links, with a mark in the middle where it has problems. */
export const GraphEdge = memo(function GraphEdge({
  edge,
  name,
  line,
  width,
  minutes,
  marker,
  paints,
  isSelected,
  hasLabel,
  isGhost = false,
}: {
  readonly edge: MapEdge
  readonly name: string
  readonly line: EdgeLine
  readonly width: number
  readonly minutes: number | undefined
  /** The id of its head, if it has one. */
  readonly marker: string | undefined
  readonly paints: Paints
  readonly isSelected: boolean
  readonly hasLabel: boolean
  /** Drawn above the map while the rest is dimmed: for the eye alone. */
  readonly isGhost?: boolean
}) {
  const worst = isProblem(edge.calls) ? worstOf(edge.calls) : undefined
  return (
    <g
      {...(isGhost
        ? {}
        : {
            role: 'button',
            tabIndex: -1,
            'aria-label': name,
            'aria-pressed': isSelected,
            'data-edge': edgeId(edge),
          })}
      data-selected={isSelected ? '' : undefined}
      className={styles['edge']}
    >
      {isGhost ? undefined : <path className={styles['hit']} d={line.path} />}
      <path
        className={edge.kind === 'link' ? styles['link'] : styles['line']}
        d={line.path}
        strokeWidth={width}
        markerEnd={marker === undefined ? undefined : `url(#${marker})`}
      />
      {worst === undefined ? undefined : (
        <g transform={`translate(${line.middle.x} ${line.middle.y})`} className={styles['mark']}>
          <circle r={9} />
          <path d={MARK_PATHS[worst.outcome]} fill={paints[worst.outcome]} />
        </g>
      )}
      {hasLabel ? (
        <text className={styles['edgeLabel']} x={line.middle.x} y={line.middle.y - (worst === undefined ? 6 : 13)}>
          {rateText(edge.calls.total, minutes)}
        </text>
      ) : undefined}
    </g>
  )
})

/** The shapes of outcomes, around the origin. */
const MARK_PATHS = {
  fault: 'M0 -6L6 0L0 6L-6 0Z',
  error: 'M0 -5.5L6 4.5H-6Z',
  throttle: 'M-4.5 -4.5H4.5V4.5H-4.5Z',
  ok: 'M-5 0A5 5 0 1 1 5 0A5 5 0 1 1 -5 0Z',
} as const
