import { useLayoutEffect, useRef } from 'react'
import { OutcomeMark } from '../words/outcome-mark.tsx'
import { OUTCOMES } from '../words/outcome.ts'
import type { Point } from './adjacency.ts'
import styles from './graph-view.module.css'
import type { MapEdge, MapNode } from './map-graph.ts'
import { rateText, timeText, titleOf } from './map-words.ts'
import { typeText } from './node-kind.ts'
import { formatShare, shareOf } from './outcome-shares.ts'

/** What a tooltip tells of. */
export type Told =
  | { readonly node: MapNode; readonly traffic: number }
  | { readonly edge: MapEdge; readonly from: MapNode; readonly to: MapNode }

/** The numbers of a node or an edge beside the pointer or the focus. It may be pointed at itself (WCAG 1.4.13). */
export function GraphTooltip({
  told,
  at,
  minutes,
  onPointerEnter,
  onPointerLeave,
}: {
  readonly told: Told
  /** In pixels of the map's frame; the tooltip stands below, or above where there is no room. */
  readonly at: Point
  readonly minutes: number | undefined
  readonly onPointerEnter: () => void
  readonly onPointerLeave: () => void
}) {
  const box = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const { current } = box
    const frame = current?.parentElement
    if (current === null || frame === null || frame === undefined) return
    const left = Math.min(Math.max(8, at.x - current.offsetWidth / 2), frame.clientWidth - current.offsetWidth - 8)
    const below = at.y + 12
    const top = below + current.offsetHeight > frame.clientHeight - 8 ? at.y - current.offsetHeight - 12 : below
    current.style.transform = `translate(${Math.round(left)}px, ${Math.round(Math.max(8, top))}px)`
  })
  const isClient = 'node' in told && told.node.client
  return (
    <div
      ref={box}
      role="tooltip"
      className={styles['tooltip']}
      onPointerEnter={onPointerEnter}
      onPointerLeave={onPointerLeave}
    >
      {'node' in told ? (
        <>
          <h3 dir="auto">{titleOf(told.node)}</h3>
          <p>
            {isClient
              ? 'Sends requests without a trace'
              : `${typeText(told.node)}${told.node.active ? '' : ', known from its callers'}`}
          </p>
        </>
      ) : (
        <>
          <h3>
            <bdi>{titleOf(told.from)}</bdi> → <bdi>{told.to.name}</bdi>
          </h3>
          <p>
            {told.edge.kind === 'link' ? 'events that were received' : 'as seen by'}{' '}
            {told.edge.kind === 'link' ? '' : <bdi>{told.from.client ? 'the client' : told.from.name}</bdi>}
          </p>
        </>
      )}
      <Numbers told={told} minutes={minutes} />
    </div>
  )
}

function Numbers({ told, minutes }: { readonly told: Told; readonly minutes: number | undefined }) {
  const counts = 'node' in told ? told.node.requests : told.edge.calls
  const isLink = 'edge' in told && told.edge.kind === 'link'
  const times = isLink ? told.edge.eventAges : counts.responseTimes
  return (
    <dl>
      <dt>Rate</dt>
      <dd>{rateText('node' in told ? told.traffic : counts.total, minutes)}</dd>
      {times?.p50 === undefined ? undefined : (
        <>
          <dt>{isLink ? 'Event age p50 · p95' : 'p50 · p95 · p99'}</dt>
          <dd>
            {timeText(times.p50)} · {timeText(times.p95)}
            {isLink ? '' : ` · ${timeText(times.p99)}`}
          </dd>
        </>
      )}
      {OUTCOMES.filter((outcome) => counts[outcome] > 0).map((outcome) => [
        <dt key={`${outcome} word`}>
          <OutcomeMark outcome={outcome} />
        </dt>,
        <dd key={outcome}>{formatShare(shareOf(counts, outcome))}</dd>,
      ])}
    </dl>
  )
}
