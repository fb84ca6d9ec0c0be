import { Maximize, Minus, Plus } from 'lucide-react'
import { useCallback, useId, useImperativeHandle, useMemo, useState, type Ref } from 'react'
import { Button } from '../frame/button.tsx'
import { ErrorState, Progress, useLasting } from '../frame/states.tsx'
import { useShortcuts } from '../frame/use-shortcuts.ts'
import { adjacencyOf, readingOrder, type Point } from './adjacency.ts'
import { GraphDefs, paintsOf } from './graph-defs.tsx'
import { GraphEdge } from './graph-edge.tsx'
import { GraphNode, type Paints } from './graph-node.tsx'
import { GraphOverview } from './graph-overview.tsx'
import { GraphTooltip } from './graph-tooltip.tsx'
import styles from './graph-view.module.css'
import { edgeId, type MapEdge, type MapNode } from './map-graph.ts'
import type { SizeBy } from './map-sizes.ts'
import { edgeName } from './map-words.ts'
import { toldOf, useGraphHandlers } from './use-graph-handlers.ts'
import { placeGraph, type Drawing, type PlacedEdge } from './place-graph.ts'
import { useLayout } from './use-layout.ts'
import { boxOf, usePanZoom } from './use-pan-zoom.ts'

/** What a page may ask of a map beside what it draws. */
export type GraphControl = { readonly centre: (key: string) => void }

/** Of more nodes or edges than this, less is drawn, so that it stays quick: no numbers at edges, no moves. */
const MANY = 150

export type GraphViewProps = {
  readonly nodes: readonly MapNode[]
  readonly edges: readonly MapEdge[]
  /** A sentence that says what is drawn. */
  readonly summary: string
  /** `n:` and a node's key, or `e:` and an edge's id (`edgeId`). */
  readonly selected?: string | undefined
  readonly onSelect: (selected: string | undefined) => void
  /** Left out where there is nothing to focus on. */
  readonly onFocus?: ((key: string) => void) | undefined
  /** Of the time that counts are of; left out, counts are shown instead of rates. */
  readonly minutes?: number | undefined
  readonly size?: SizeBy | undefined
  readonly hasIcons?: boolean | undefined
  /** From top to bottom rather than from left to right. */
  readonly isDown?: boolean | undefined
  readonly control?: Ref<GraphControl> | undefined
}

/**
 * A drawing of a service graph: pan, zoom, hover, arrows along edges, selection (console §4.4). It fills the flex box that
 * it stands in. Nodes keep their places while the same nodes and edges are drawn, also when it comes back.
 */
export function GraphView(props: GraphViewProps) {
  const { nodes, edges, summary, selected, minutes, size = 'none', hasIcons = false, isDown = false } = props
  const prefix = useId()
  const graph = useMemo(() => ({ nodes, edges }), [nodes, edges])
  const { places, isWorking, error } = useLayout(graph, isDown)
  const isSlow = useLasting(isWorking, 150)
  const drawing = useMemo(
    () => placeGraph(graph, places, size, minutes, isDown),
    [graph, places, size, minutes, isDown],
  )
  const adjacency = useMemo(() => adjacencyOf(graph), [graph])
  const order = useMemo(
    () => readingOrder([...drawing.nodes.keys()], (key) => places?.nodes.get(key), isDown),
    [drawing, places, isDown],
  )
  const { svg, layer, panZoom, isWheelTold, isFarther, follow } = usePanZoom(places)
  const [tabStop, setTabStop] = useState<string>()
  const handlers = useGraphHandlers({ ...props, graph, adjacency, places, isDown, panZoom, setTabStop })
  const { lit, litEdges } = handlers
  const stop = tabStop !== undefined && drawing.nodes.has(tabStop) ? tabStop : order[0]
  const paints = useMemo(() => paintsOf(prefix), [prefix])
  const isMany = drawing.nodes.size > MANY
  const looks = { selected, minutes, hasIcons, paints, prefix, isSketch: isMany && isFarther }
  const zoom = (factor: number) => () => panZoom.current?.zoomBy(factor)
  const box = useMemo(() => (places === undefined ? undefined : boxOf(places)), [places])
  const fit = (): void => {
    if (box !== undefined) panZoom.current?.fit(box)
  }
  const centre = useCallback((point: Point) => panZoom.current?.centre(point), [panZoom])
  useZoomKeys(zoom, fit)
  useImperativeHandle(props.control, () => ({ centre: handlers.centre }))
  const told = handlers.tip === undefined ? undefined : toldOf(handlers.tip.id, graph)
  return (
    <div className={styles['graph']} ref={handlers.frame} {...handlers.on}>
      {isWorking && isSlow ? <Working /> : undefined}
      {error === undefined ? undefined : <ErrorState error={error} />}
      <svg
        ref={svg}
        className={styles['drawing']}
        data-many={isMany ? '' : undefined}
        role="group"
        aria-label={summary}
      >
        <GraphDefs prefix={prefix} />
        <g ref={layer}>
          <g className={styles['base']} data-dim={lit === undefined ? undefined : ''}>
            <EdgeLayer edges={drawing.edges} {...looks} />
            <NodeLayer keys={order} nodes={drawing.nodes} tabStop={stop} {...looks} />
          </g>
          {lit === undefined ? undefined : (
            <g aria-hidden="true" className={styles['ghosts']}>
              <EdgeLayer edges={drawing.edges.filter(({ edge }) => litEdges.has(edgeId(edge)))} isGhost {...looks} />
              <NodeLayer keys={[...lit]} nodes={drawing.nodes} pointed={handlers.pointed} {...looks} />
            </g>
          )}
        </g>
      </svg>
      {told === undefined || handlers.tip === undefined ? undefined : (
        <GraphTooltip
          told={told}
          at={handlers.tip.at}
          minutes={minutes}
          onPointerEnter={handlers.holdTip}
          onPointerLeave={handlers.dropTip}
        />
      )}
      {isWheelTold ? <p className={styles['hint']}>Ctrl + wheel zooms</p> : undefined}
      <ZoomButtons zoom={zoom} fit={fit} />
      {isMany && box !== undefined ? (
        <GraphOverview nodes={drawing.nodes} box={box} follow={follow} onCentre={centre} />
      ) : undefined}
    </div>
  )
}

function useZoomKeys(zoom: (factor: number) => () => void, fit: () => void): void {
  useShortcuts('Map', {
    '+': { label: 'Zoom in', run: zoom(1.25) },
    '-': { label: 'Zoom out', run: zoom(0.8) },
    0: { label: 'Fit the whole map', run: fit },
  })
}

/** How everything on a map looks. */
type Looks = {
  readonly selected: string | undefined
  readonly minutes: number | undefined
  readonly hasIcons: boolean
  readonly paints: Paints
  readonly prefix: string
  /** Of many things far away, words and arrow heads are left out: they would be specks, and take time to draw. */
  readonly isSketch: boolean
}

function EdgeLayer({
  edges,
  selected,
  minutes,
  paints,
  prefix,
  isSketch,
  isGhost = false,
}: Looks & { readonly edges: readonly PlacedEdge[]; readonly isGhost?: boolean }) {
  return (
    <g {...(isGhost ? {} : { role: 'group', 'aria-label': 'Connections' })}>
      {edges.map(({ edge, from, to, line, width }) => {
        const id = edgeId(edge)
        const isSelected = selected === `e:${id}`
        return (
          <GraphEdge
            key={id}
            edge={edge}
            name={edgeName(from, to, edge, minutes)}
            line={line}
            width={width}
            minutes={minutes}
            marker={isSketch && !isSelected && !isGhost ? undefined : `${prefix}${isSelected ? 'lit' : 'head'}`}
            paints={paints}
            isSelected={isSelected}
            hasLabel={isSelected || edges.length <= MANY}
            isGhost={isGhost}
          />
        )
      })}
    </g>
  )
}

/** Nodes in the order in which they are read; with `pointed`, those that stay bright around it. */
function NodeLayer({
  keys,
  nodes,
  tabStop,
  pointed,
  selected,
  minutes,
  hasIcons,
  paints,
  isSketch,
}: Looks & {
  readonly keys: readonly string[]
  readonly nodes: Drawing['nodes']
  readonly tabStop?: string | undefined
  readonly pointed?: string | undefined
}) {
  return (
    <g {...(pointed === undefined ? { role: 'group', 'aria-label': 'Services' } : {})}>
      {keys.flatMap((key) => {
        const placed = nodes.get(key)
        return placed === undefined
          ? []
          : [
              <GraphNode
                key={key}
                {...placed}
                minutes={minutes}
                hasIcons={hasIcons}
                paints={paints}
                isSelected={selected === `n:${key}`}
                isTabStop={key === tabStop}
                isSketch={isSketch && pointed === undefined}
                ghost={pointed === undefined ? undefined : pointed === `n:${key}` ? 'pointed' : 'lit'}
              />,
            ]
      })}
    </g>
  )
}

function Working() {
  return (
    <div className={styles['working']}>
      <Progress label="Finding places for the services" />
    </div>
  )
}

function ZoomButtons({ zoom, fit }: { readonly zoom: (factor: number) => () => void; readonly fit: () => void }) {
  return (
    <div className={styles['zoom']}>
      <Button kind="quiet" label="Zoom in" onPress={zoom(1.25)}>
        <Plus size={16} aria-hidden="true" />
      </Button>
      <Button kind="quiet" label="Zoom out" onPress={zoom(0.8)}>
        <Minus size={16} aria-hidden="true" />
      </Button>
      <Button kind="quiet" label="Fit the whole map" onPress={fit}>
        <Maximize size={16} aria-hidden="true" />
      </Button>
    </div>
  )
}
