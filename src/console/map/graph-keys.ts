import type { KeyboardEvent, RefObject } from 'react'
import { arrowTarget, edgesFrom, type Arrow, type Neighbours } from './adjacency.ts'
import { edgeId, type MapEdge, type MapGraph } from './map-graph.ts'
import type { PanZoom } from './pan-zoom.ts'
import type { Places } from './use-layout.ts'

/** A map that is drawn, and what can be done with it. */
export type MapInHand = {
  readonly graph: MapGraph
  readonly adjacency: ReadonlyMap<string, Neighbours>
  readonly places: Places | undefined
  readonly isDown: boolean
  readonly panZoom: RefObject<PanZoom | null>
  readonly onSelect: (selected: string | undefined) => void
  readonly onFocus?: ((key: string) => void) | undefined
}

/** Moves the focus to a node or an edge. */
export type FocusElement = (attribute: 'data-node' | 'data-edge', value: string) => void

/** The node or edge that an element belongs to, as `sel` names it. */
export function idOf(target: EventTarget): string | undefined {
  if (!(target instanceof Element)) return undefined
  const node = target.closest('[data-of]')?.getAttribute('data-of')
  if (node !== null && node !== undefined) return `n:${node}`
  const edge = target.closest('[data-edge]')?.getAttribute('data-edge')
  return edge === null || edge === undefined ? undefined : `e:${edge}`
}

const isArrow = (key: string): key is Arrow => key.startsWith('Arrow')
const PAN_PIXELS = 60

/** What keys do on a node or an edge (console §4.14). `closeTip` says whether there was a tooltip to close. */
export function graphKeys(
  map: MapInHand,
  focusElement: FocusElement,
  closeTip: () => boolean,
): (event: KeyboardEvent) => void {
  return (event) => {
    const id = idOf(event.target)
    if (id === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    const edge = id.startsWith('e:') ? map.graph.edges.find((one) => edgeId(one) === id.slice(2)) : undefined
    const key = edge?.from ?? id.slice(2)
    const isKnown =
      isArrow(event.key) && event.shiftKey
        ? pan(event.key, map.panZoom.current)
        : isArrow(event.key)
          ? move(map, key, edge, event.key, focusElement)
          : press(map, id, key, edge, event.key, focusElement) || (event.key === 'Escape' && closeTip())
    if (isKnown) event.preventDefault()
  }
}

function pan(arrow: Arrow, panZoom: PanZoom | null): true {
  const [dx, dy] = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[arrow]
  panZoom?.panBy((dx ?? 0) * PAN_PIXELS, (dy ?? 0) * PAN_PIXELS)
  return true
}

function move(map: MapInHand, key: string, edge: MapEdge | undefined, arrow: Arrow, focusElement: FocusElement): true {
  const ends = edge === undefined ? undefined : { ArrowLeft: edge.from, ArrowRight: edge.to }
  const end = arrow === 'ArrowLeft' || arrow === 'ArrowRight' ? ends?.[arrow] : undefined
  const target = end ?? arrowTarget(key, arrow, map.adjacency, (node) => map.places?.nodes.get(node), map.isDown)
  if (target !== undefined) focusElement('data-node', target)
  return true
}

function press(
  { graph, onSelect, onFocus }: MapInHand,
  id: string,
  key: string,
  edge: MapEdge | undefined,
  pressed: string,
  focusElement: FocusElement,
): boolean {
  switch (pressed) {
    case 'Enter':
    case ' ':
      onSelect(id)
      return true
    case 'f':
      onFocus?.(key)
      return onFocus !== undefined
    case 'e': {
      const leaving = edgesFrom(key, graph.edges)
      const next = leaving[(edge === undefined ? -1 : leaving.indexOf(edge)) + 1] ?? leaving[0]
      if (next !== undefined) focusElement('data-edge', edgeId(next))
      return true
    }
    default:
      return false
  }
}
