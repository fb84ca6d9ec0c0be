import { useEffect, useMemo, useRef, useState, type FocusEvent, type MouseEvent, type PointerEvent } from 'react'
import type { Neighbours, Point } from './adjacency.ts'
import { graphKeys, idOf, type FocusElement, type MapInHand } from './graph-keys.ts'
import type { Told } from './graph-tooltip.tsx'
import { edgeId, trafficOf, type MapGraph } from './map-graph.ts'
import type { PanZoom } from './pan-zoom.ts'
import type { Places } from './use-layout.ts'

type Tip = { readonly id: string; readonly at: Point }

/** How long something has to be pointed at, and how long its tooltip stays when it no longer is. */
const [SHOWN_MS, HIDDEN_MS] = [300, 120]

/** What happens on a map: pointing, clicking, moving the focus. Nodes and edges are told apart by their data attributes. */
export function useGraphHandlers(map: MapInHand & { readonly setTabStop: (key: string) => void }) {
  const frame = useRef<HTMLDivElement>(null)
  const { graph, adjacency, places, panZoom } = map
  const { tip, pointed, point, holdTip, dropTip, closeTip } = useTip()
  const focusElement: FocusElement = (attribute, value) => {
    const found = frame.current?.querySelector(`[${attribute}="${CSS.escape(value)}"]`)
    if (found instanceof SVGElement) found.focus()
  }
  return {
    frame,
    tip,
    pointed,
    dropTip,
    holdTip,
    ...useLit(pointed, graph, adjacency),
    centre: (key: string) => {
      const at = places?.nodes.get(key)
      if (at !== undefined) panZoom.current?.centre(at)
      focusElement('data-node', key)
    },
    on: {
      onPointerOver: (event: PointerEvent) => {
        const id = idOf(event.target)
        if (id === undefined || event.pointerType === 'touch') return
        const bounds = frame.current?.getBoundingClientRect()
        point(
          id,
          anchorOf(id, places, panZoom.current) ?? {
            x: event.clientX - (bounds?.left ?? 0),
            y: event.clientY - (bounds?.top ?? 0),
          },
        )
      },
      onPointerOut: dropTip,
      onClick: (event: MouseEvent) => {
        if (panZoom.current?.hasDragged() === true) return
        const id = idOf(event.target)
        closeTip()
        if (id !== undefined) map.onSelect(id)
        else if (event.target instanceof SVGSVGElement) map.onSelect(undefined)
      },
      onDoubleClick: (event: MouseEvent) => {
        const id = idOf(event.target)
        if (id?.startsWith('n:') === true) map.onFocus?.(id.slice(2))
      },
      onFocus: (event: FocusEvent) => {
        const id = idOf(event.target)
        if (id === undefined) return
        if (id.startsWith('n:')) map.setTabStop(id.slice(2))
        if (!event.target.matches(':focus-visible')) return
        const at = id.startsWith('n:') ? places?.nodes.get(id.slice(2)) : undefined
        if (at !== undefined) panZoom.current?.reveal(at)
        point(id, anchorOf(id, places, panZoom.current))
      },
      onBlur: dropTip,
      onKeyDown: graphKeys(map, focusElement, closeTip),
    },
  }
}

/** What is pointed at, at once, and its tooltip, a little later. */
function useTip() {
  const [pointed, setPointed] = useState<string>()
  const [tip, setTip] = useState<Tip>()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const holdTip = (): void => {
    clearTimeout(timer.current)
  }
  useEffect(() => holdTip, [])
  const later = (ms: number, run: () => void): void => {
    holdTip()
    timer.current = setTimeout(run, ms)
  }
  return {
    tip,
    pointed,
    holdTip,
    point: (id: string, at: Point | undefined): void => {
      setPointed(id)
      later(SHOWN_MS, () => {
        setTip(at === undefined ? undefined : { id, at })
      })
    },
    dropTip: (): void => {
      later(HIDDEN_MS, () => {
        setTip(undefined)
        setPointed(undefined)
      })
    },
    /** Whether there was one. */
    closeTip: (): boolean => {
      holdTip()
      setTip(undefined)
      return tip !== undefined
    },
  }
}

/** Below a node, or at the middle of an edge. */
function anchorOf(id: string, places: Places | undefined, panZoom: PanZoom | null): Point | undefined {
  if (id.startsWith('n:')) {
    const at = places?.nodes.get(id.slice(2))
    return at === undefined || panZoom === null ? undefined : panZoom.toFrame({ x: at.x, y: at.y + 56 })
  }
  const points = places?.edges.get(id.slice(2)) ?? []
  const middle = points[Math.floor(points.length / 2)]
  return middle === undefined || panZoom === null ? undefined : panZoom.toFrame(middle)
}

/** Who stays bright while something is pointed at: it, and what it touches. */
function useLit(pointed: string | undefined, graph: MapGraph, adjacency: ReadonlyMap<string, Neighbours>) {
  return useMemo(() => {
    if (pointed === undefined) return { lit: undefined, litEdges: undefined }
    const id = pointed.slice(2)
    if (pointed.startsWith('n:')) {
      const near = adjacency.get(id)
      if (near === undefined) return { lit: undefined, litEdges: undefined }
      const edges = graph.edges.filter(({ from, to }) => from === id || to === id)
      return { lit: new Set([id, ...near.callers, ...near.callees]), litEdges: new Set(edges.map(edgeId)) }
    }
    const edge = graph.edges.find((one) => edgeId(one) === id)
    if (edge === undefined) return { lit: undefined, litEdges: undefined }
    return { lit: new Set([edge.from, edge.to]), litEdges: new Set([id]) }
  }, [pointed, graph, adjacency])
}

/** What a tooltip tells of what `sel` names. */
export function toldOf(id: string, graph: MapGraph): Told | undefined {
  const name = id.slice(2)
  const nodeAt = (key: string) => graph.nodes.find((node) => node.key === key)
  if (id.startsWith('n:')) {
    const node = nodeAt(name)
    return node === undefined ? undefined : { node, traffic: trafficOf(node, graph.edges) }
  }
  const edge = graph.edges.find((one) => edgeId(one) === name)
  const [from, to] = edge === undefined ? [] : [nodeAt(edge.from), nodeAt(edge.to)]
  return edge === undefined || from === undefined || to === undefined ? undefined : { edge, from, to }
}
