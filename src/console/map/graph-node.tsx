import { memo } from 'react'
import { OUTCOME_MARKS, type Outcome } from '../words/outcome.ts'
import type { Point } from './adjacency.ts'
import { MapGlyph } from './graph-glyphs.tsx'
import styles from './graph-view.module.css'
import type { MapNode } from './map-graph.ts'
import { rateText, nodeName, shortName, shortTime } from './map-words.ts'
import { kindOf } from './node-kind.ts'
import { formatShare, isProblem, worstOf } from './outcome-shares.ts'
import { arcPath, notchPath, ringArcs } from './ring-arcs.ts'

/** The paints of troubles, which are patterns as well as colours, by the ids of the map that they are in. */
export type Paints = { readonly [outcome in Outcome]: string }

/** A node of the map: ring, picture or response time, name, and how many requests went wrong. */
export const GraphNode = memo(function GraphNode({
  node,
  at,
  radius,
  traffic,
  minutes,
  hasIcons,
  paints,
  isSelected,
  isTabStop,
  isSketch,
  ghost,
}: {
  readonly node: MapNode
  readonly at: Point
  readonly radius: number
  readonly traffic: number
  readonly minutes: number | undefined
  /** A picture in the middle rather than the response time. */
  readonly hasIcons: boolean
  readonly paints: Paints
  readonly isSelected: boolean
  readonly isTabStop: boolean
  /** Without words, but for those of troubles and of what is selected. */
  readonly isSketch: boolean
  /** Drawn above the map while the rest is dimmed: for the eye alone. */
  readonly ghost?: 'lit' | 'pointed' | undefined
}) {
  return (
    <g
      className={styles['node']}
      data-of={node.key}
      data-ghost={ghost}
      data-problem={isProblem(node.requests) ? '' : undefined}
      data-selected={isSelected ? '' : undefined}
      style={{ transform: `translate(${at.x}px, ${at.y}px)` }}
    >
      <g
        {...(ghost === undefined
          ? {
              role: 'button',
              tabIndex: isTabStop ? 0 : -1,
              'aria-label': nodeName(node, traffic, minutes),
              'aria-pressed': isSelected,
              'data-node': node.key,
            }
          : {})}
        className={styles['disk']}
      >
        <Outline node={node} radius={radius} />
        {node.client ? undefined : <Ring node={node} radius={radius} paints={paints} />}
      </g>
      {/* Beside the button: short forms of what its name says are not to be read as a part of it. */}
      {isSketch && !isSelected && !isProblem(node.requests) ? undefined : (
        <g aria-hidden="true" className={styles['words']}>
          <Middle node={node} hasIcons={hasIcons} radius={radius} />
          <text className={styles['name']} y={radius + 17}>
            {node.client ? 'Client' : shortName(node.name)}
          </text>
          <text className={styles['numbers']} y={radius + 31}>
            <Trouble node={node} />
            {rateText(traffic, minutes)}
          </text>
        </g>
      )}
    </g>
  )
})

function Outline({ node, radius }: { readonly node: MapNode; readonly radius: number }) {
  if (node.client) {
    const side = radius * 1.7
    return (
      <>
        <rect
          className={styles['focusRing']}
          x={-side / 2 - 5}
          y={-side / 2 - 5}
          width={side + 10}
          height={side + 10}
          rx={13}
        />
        <rect className={styles['client']} x={-side / 2} y={-side / 2} width={side} height={side} rx={9} />
      </>
    )
  }
  const shift = node.stacked === undefined ? [] : [7, 3.5]
  return (
    <>
      <circle className={styles['focusRing']} r={radius + 5} />
      {shift.map((by) => (
        <circle key={by} className={styles['behind']} r={radius} cx={by} cy={-by} />
      ))}
      <circle className={styles['disc']} r={radius} />
      {node.active ? undefined : <circle className={styles['inferred']} r={radius + 2} />}
    </>
  )
}

function Ring({ node, radius, paints }: { readonly node: MapNode; readonly radius: number; readonly paints: Paints }) {
  const arcs = ringArcs(node.requests)
  if (arcs.length === 0) return <circle className={styles['noRing']} r={radius - 2} />
  return arcs.map((arc) => {
    const isOk = arc.outcome === 'ok'
    const width = isOk ? 3 : 6
    return (
      <g key={arc.outcome} data-arc={arc.outcome}>
        <path d={arcPath(arc, radius - width / 2)} fill="none" stroke={paints[arc.outcome]} strokeWidth={width} />
        {arc.outcome === 'fault' ? <path d={notchPath(arc, radius - 5.5, 3.5)} fill={paints.fault} /> : undefined}
      </g>
    )
  })
}

function Middle({
  node,
  hasIcons,
  radius,
}: {
  readonly node: MapNode
  readonly hasIcons: boolean
  readonly radius: number
}) {
  const kind = kindOf(node)
  if (node.client || hasIcons || node.requests.total === 0) {
    return (
      <g className={styles['glyph']}>
        <MapGlyph kind={kind} size={18} />
      </g>
    )
  }
  const [amount, unit] = shortTime(node.requests.responseTimes.p50 ?? 0)
  const corner = radius * 0.74
  return (
    <>
      <text className={styles['amount']} y={2} data-long={amount.length > 2 ? '' : undefined}>
        {amount}
      </text>
      <text className={styles['unit']} y={12}>
        {unit}
      </text>
      {kind === 'service' ? undefined : (
        <g className={styles['badge']} transform={`translate(${corner} ${-corner})`}>
          <circle r={9} />
          <MapGlyph kind={kind} size={11} />
        </g>
      )}
    </>
  )
}

function Trouble({ node }: { readonly node: MapNode }) {
  const worst = worstOf(node.requests)
  if (node.client || worst === undefined) return undefined
  return (
    <tspan className={styles[worst.outcome]} data-problem={isProblem(node.requests) ? '' : undefined}>
      {`${OUTCOME_MARKS[worst.outcome].mark} ${formatShare(worst.share)}  `}
    </tspan>
  )
}
