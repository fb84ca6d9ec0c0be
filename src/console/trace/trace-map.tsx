import { useMemo, useState } from 'react'
import { GraphView } from '../map/graph-view.tsx'
import { titleOf } from '../map/map-words.ts'
import { Button } from '../frame/button.tsx'
import { formatDuration } from '../words/format-duration.ts'
import { OutcomeMark } from '../words/outcome-mark.tsx'
import { traceGraph, type TraceGraph } from './model/trace-graph.ts'
import { detailOf, durationOf, nameOf, outcomeOfNode, type TraceModel } from './model/trace-model.ts'
import styles from './trace-map.module.css'

/** More segments of a service than this are not listed. */
const LISTED = 8

/** The services of this trace and who called whom (console §4.6.7); its numbers are those of this trace. */
export function TraceMap({
  model,
  onSelect,
}: {
  readonly model: TraceModel
  /** Shows a segment's details. */
  readonly onSelect: (node: number) => void
}) {
  const graph = useMemo(() => traceGraph(model), [model])
  const [selected, setSelected] = useState<string>()
  const services = graph.nodes.filter(({ client }) => !client).length
  const summary = `Map of this trace: ${services} ${services === 1 ? 'service' : 'services'}, ${graph.edges.length} ${
    graph.edges.length === 1 ? 'connection' : 'connections'
  }`
  return (
    <div className={styles['map']}>
      <GraphView nodes={graph.nodes} edges={graph.edges} summary={summary} selected={selected} onSelect={setSelected} />
      <SelectedService
        model={model}
        graph={graph}
        selected={selected}
        onSelect={onSelect}
        onClose={() => {
          setSelected(undefined)
        }}
      />
    </div>
  )
}

/** The segments of the service that is selected, or of the one that a selected call went to. */
function SelectedService({
  model,
  graph,
  selected,
  onSelect,
  onClose,
}: {
  readonly model: TraceModel
  readonly graph: TraceGraph
  readonly selected: string | undefined
  readonly onSelect: (node: number) => void
  readonly onClose: () => void
}) {
  const key = selected?.startsWith('e:') === true ? selected.split('~')[1] : selected?.slice(2)
  const node = graph.nodes.find((one) => one.key === key && !one.client)
  const segments = graph.segments.get(key ?? '') ?? []
  if (node === undefined) return undefined
  return (
    <section className={styles['service']} aria-label={`Segments of ${node.name}`}>
      <header className={styles['head']}>
        <h2 dir="auto">{titleOf(node)}</h2>
        <span className={styles['count']}>
          {segments.length} {segments.length === 1 ? 'segment' : 'segments'}
          {segments.length > LISTED ? `, the ${LISTED} longest` : ''}
        </span>
        <Button kind="quiet" onPress={onClose}>
          Close
        </Button>
      </header>
      <ul className={styles['segments']}>
        {segments.slice(0, LISTED).map((segment) => (
          <li key={segment}>
            <button
              type="button"
              className={styles['segment']}
              onClick={() => {
                onSelect(segment)
              }}
            >
              <span className={styles['mark']}>
                <OutcomeMark outcome={outcomeOfNode(model, segment)} isShort />
              </span>
              <bdi className={styles['name']}>{detailOf(model, segment) ?? nameOf(model, segment)}</bdi>
              <span className={styles['time']}>{formatDuration(durationOf(model, segment) / 1e6)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
