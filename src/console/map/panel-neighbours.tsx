import type { OwnEdge, OwnNode } from '../../wire/own/graph.ts'
import { OutcomeMark } from '../words/outcome-mark.tsx'
import { KindGlyph } from './graph-glyphs.tsx'
import { edgeId } from './map-graph.ts'
import { rateText, shortName, timeText, titleOf } from './map-words.ts'
import { kindOf } from './node-kind.ts'
import { formatShare, worstOf } from './outcome-shares.ts'
import styles from './panel.module.css'

/** What calls a node, or what it calls: each leads to the node, its numbers to the connection. */
export function Neighbours({
  title,
  end,
  edges,
  nodes,
  minutes,
  onSelect,
}: {
  readonly title: string
  /** The end of the edges that is listed. */
  readonly end: 'from' | 'to'
  readonly edges: readonly OwnEdge[]
  readonly nodes: ReadonlyMap<string, OwnNode>
  readonly minutes: number
  readonly onSelect: (selected: string) => void
}) {
  if (edges.length === 0) return undefined
  return (
    <section className={styles['section']} aria-label={title}>
      <h3>
        {title} {edges.length}
      </h3>
      <ul className={styles['rows']}>
        {edges
          .toSorted((a, b) => b.calls.total - a.calls.total)
          .map((edge) => {
            const node = nodes.get(edge[end])
            return node === undefined ? undefined : (
              <li key={edgeId(edge)}>
                <NodeRow node={node} onSelect={onSelect} />
                <ConnectionNumbers edge={edge} nodes={nodes} minutes={minutes} onSelect={onSelect} />
              </li>
            )
          })}
      </ul>
    </section>
  )
}

/** A node as a button in a list. */
export function NodeRow({ node, onSelect }: { readonly node: OwnNode; readonly onSelect: (selected: string) => void }) {
  return (
    <button
      type="button"
      className={`${styles['row']} ${styles['rowName']}`}
      title={node.name}
      onClick={() => {
        onSelect(`n:${node.key}`)
      }}
    >
      <KindGlyph kind={kindOf(node)} size={14} />
      <bdi>{node.client ? titleOf(node) : shortName(node.name, 80)}</bdi>
    </button>
  )
}

function ConnectionNumbers({
  edge,
  nodes,
  minutes,
  onSelect,
}: {
  readonly edge: OwnEdge
  readonly nodes: ReadonlyMap<string, OwnNode>
  readonly minutes: number
  readonly onSelect: (selected: string) => void
}) {
  const worst = worstOf(edge.calls)
  const isLink = edge.kind === 'link'
  const [from, to] = [nodes.get(edge.from), nodes.get(edge.to)]
  return (
    <button
      type="button"
      className={`${styles['row']} ${styles['rowNumbers']}`}
      title="Show the connection"
      onClick={() => {
        onSelect(`e:${edgeId(edge)}`)
      }}
    >
      <span className="visually-hidden">{`Connection ${from?.name ?? ''} to ${to?.name ?? ''}, `}</span>
      {worst === undefined ? undefined : <OutcomeMark outcome={worst.outcome} text={formatShare(worst.share)} />}
      <span>{isLink ? `age ${timeText(edge.eventAges?.p50)}` : timeText(edge.calls.responseTimes.p50)}</span>
      <span>{rateText(edge.calls.total, minutes)}</span>
    </button>
  )
}
