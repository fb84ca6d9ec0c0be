import { Crosshair } from 'lucide-react'
import { useState } from 'react'
import type { OwnEdge, OwnGraph, OwnNode } from '../../wire/own/graph.ts'
import type { GraphQuestion } from '../data/graph-query.ts'
import { Button } from '../frame/button.tsx'
import { SidePanel } from '../frame/side-panel.tsx'
import { PanelBoundary } from '../frame/states.tsx'
import { edgeFilter, nodeFilter, WHOLE_SELECTION } from './filter-text.ts'
import { KindGlyph } from './graph-glyphs.tsx'
import type { Selected } from './map-state.ts'
import { shortName, titleOf } from './map-words.ts'
import { kindOf, typeText } from './node-kind.ts'
import { Neighbours, NodeRow } from './panel-neighbours.tsx'
import { Numbers, Shares } from './panel-numbers.tsx'
import { ResponseTimes } from './panel-times.tsx'
import { SelectedTraces } from './panel-traces.tsx'
import { Trend } from './panel-trend.tsx'
import styles from './panel.module.css'

type PanelProps = {
  readonly question: GraphQuestion
  readonly graph: OwnGraph
  readonly minutes: number
  readonly onSelect: (selected: string | undefined) => void
  readonly onFocus: (key: string) => void
}

/** What the map knows of what is selected: a node, a connection, or several nodes alike. */
export function MapPanel({ selected, ...props }: PanelProps & { readonly selected: Selected }) {
  const { onSelect } = props
  const close = (): void => {
    onSelect(undefined)
  }
  switch (selected.kind) {
    case 'node':
      return (
        <SidePanel label={titleOf(selected.node)} title={<NodeTitle node={selected.node} />} onClose={close}>
          <PanelBoundary resetKey={selected.node.key}>
            <NodeDetails key={selected.node.key} node={selected.node} {...props} />
          </PanelBoundary>
        </SidePanel>
      )
    case 'edge': {
      const name = `${titleOf(selected.from)} → ${selected.to.name}`
      return (
        <SidePanel
          label={`Connection ${name}`}
          title={
            <bdi>{`${selected.from.client ? 'Client' : shortName(selected.from.name, 60)} → ${shortName(selected.to.name, 60)}`}</bdi>
          }
          onClose={close}
        >
          <PanelBoundary resetKey={`${selected.edge.from} ${selected.edge.to}`}>
            <EdgeDetails key={`${selected.edge.from} ${selected.edge.to}`} {...selected} {...props} />
          </PanelBoundary>
        </SidePanel>
      )
    }
    case 'stack':
      return (
        <SidePanel label={selected.node.name} onClose={close}>
          <div className={styles['panel']}>
            <p className={styles['kind']}>{typeText(selected.node)}, called by one service alone</p>
            <Shares counts={selected.node.requests} />
            <ul className={styles['rows']}>
              {selected.stacked
                .toSorted((a, b) => b.requests.total - a.requests.total)
                .map((node) => (
                  <li key={node.key}>
                    <NodeRow node={node} onSelect={onSelect} />
                  </li>
                ))}
            </ul>
          </div>
        </SidePanel>
      )
  }
}

function NodeTitle({ node }: { readonly node: OwnNode }) {
  return (
    <span className={styles['title']}>
      <KindGlyph kind={kindOf(node)} />
      <bdi title={node.name}>{node.client ? titleOf(node) : shortName(node.name, 80)}</bdi>
    </span>
  )
}

function NodeDetails({ node, question, graph, minutes, onSelect, onFocus }: PanelProps & { readonly node: OwnNode }) {
  const [selection, setSelection] = useState(WHOLE_SELECTION)
  const nodes = new Map(graph.nodes.map((one) => [one.key, one]))
  const callers = graph.edges.filter(({ to }) => to === node.key)
  const callees = graph.edges.filter(({ from }) => from === node.key)
  const aliases = node.names.filter((name) => name !== node.name)
  const neighbours = { nodes, minutes, onSelect }
  return (
    <div className={styles['panel']}>
      <div className={styles['kind']}>
        <bdi>{typeText(node)}</bdi>
        {node.client || shortName(node.name, 80) === node.name ? undefined : <bdi>{node.name}</bdi>}
        {node.account === undefined ? undefined : <span>account {node.account}</span>}
        {node.active || node.client ? undefined : <span>known from its callers alone</span>}
        {aliases.length === 0 ? undefined : <span>called {aliases.join(', ')}</span>}
        <Button
          kind="quiet"
          onPress={() => {
            onFocus(node.key)
          }}
        >
          <Crosshair size={14} aria-hidden="true" /> Focus
        </Button>
      </div>
      {node.client ? (
        <p className={styles['note']}>Whoever sends requests that are part of no trace yet.</p>
      ) : (
        <>
          <Shares counts={node.requests} />
          <Numbers total={node.requests.total} minutes={minutes} times={node.requests.responseTimes} />
          <Trend question={question} subject={{ node: node.key }} />
          <ResponseTimes
            title="Response time"
            note={`Time inside ${node.name}`}
            noun="requests"
            times={node.requests.responseTimes}
            counts={node.requests}
            selection={selection}
            onSelect={setSelection}
          />
          <SelectedTraces question={question} clause={nodeFilter(node, node.requests, selection)} />
        </>
      )}
      <Neighbours title="Callers" end="from" edges={callers} {...neighbours} />
      <Neighbours title={node.client ? 'Calls' : 'Callees'} end="to" edges={callees} {...neighbours} />
    </div>
  )
}

function EdgeDetails({
  edge,
  from,
  to,
  question,
  minutes,
  onSelect,
}: PanelProps & { readonly edge: OwnEdge; readonly from: OwnNode; readonly to: OwnNode }) {
  const [selection, setSelection] = useState(WHOLE_SELECTION)
  const caller = titleOf(from)
  const isLink = edge.kind === 'link'
  return (
    <div className={styles['panel']}>
      <p className={styles['kind']}>
        {isLink ? (
          'Events that were received later, in traces of their own'
        ) : (
          <>Calls as seen by the caller, {caller}</>
        )}
      </p>
      <ul className={styles['rows']}>
        {[from, to].map((node) => (
          <li key={node.key}>
            <NodeRow node={node} onSelect={onSelect} />
          </li>
        ))}
      </ul>
      {isLink ? undefined : <Shares counts={edge.calls} />}
      <Numbers
        total={edge.calls.total}
        minutes={minutes}
        times={isLink ? (edge.eventAges ?? { histogram: [] }) : edge.calls.responseTimes}
      />
      <Trend question={question} subject={edge} />
      {isLink ? (
        <ResponseTimes
          title="Event age"
          note={`How old events were when ${to.name} received them`}
          noun="events"
          times={edge.eventAges ?? { histogram: [] }}
          counts={edge.calls}
          selection={WHOLE_SELECTION}
        />
      ) : (
        <ResponseTimes
          title="Response time"
          note="Time seen by the caller, network included"
          noun="calls"
          times={edge.calls.responseTimes}
          counts={edge.calls}
          selection={selection}
          onSelect={setSelection}
        />
      )}
      <SelectedTraces
        question={question}
        clause={isLink ? nodeFilter(to, to.requests, WHOLE_SELECTION) : edgeFilter(from, to, edge.calls, selection)}
      />
    </div>
  )
}
