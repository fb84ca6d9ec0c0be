import { startTransition, useEffect, useState } from 'react'
import type { Point } from './adjacency.ts'
import type { Layout, LayoutRequest } from './layout-graph.ts'
import { edgeId, type MapGraph } from './map-graph.ts'

/** Where the nodes and edges of a graph are drawn. */
export type Places = {
  /** Equal for graphs of the same nodes and edges in the same direction. */
  readonly signature: string
  readonly nodes: ReadonlyMap<string, Point>
  readonly edges: ReadonlyMap<string, readonly Point[]>
}

/** Layouts of this session: what has been seen comes back to the same places. */
const known = new Map<string, Places>()
const MOST_KNOWN = 30
/** Where each node was last, which orders the next layout. */
const last = new Map<string, Point>()

/**
 * Places for a graph, found beside the page. Those of the last graph stay until then; numbers alone never move anything.
 */
export function useLayout(
  graph: MapGraph,
  isDown: boolean,
): { readonly places: Places | undefined; readonly isWorking: boolean; readonly error: unknown } {
  const signature = signatureOf(graph, isDown)
  const [places, setPlaces] = useState<Places | undefined>(() => known.get(signature))
  const [failed, setFailed] = useState<{ readonly signature: string; readonly error: unknown }>()
  const current = known.get(signature)
  useEffect(() => {
    const done = known.get(signature)
    if (done !== undefined) {
      setPlaces(done)
      return
    }
    const asked = ask(graph, isDown, signature, (answer) => {
      // Hundreds of nodes are drawn bit by bit, so that the page goes on meanwhile.
      startTransition(() => {
        if (answer.ok) setPlaces(answer.places)
        else setFailed({ signature, error: answer.error })
      })
    })
    return asked
    // The signature is all of the graph that a layout depends on.
  }, [signature])
  const error = failed?.signature === signature ? failed.error : undefined
  return { places: current ?? places, isWorking: current === undefined && error === undefined, error }
}

function signatureOf({ nodes, edges }: MapGraph, isDown: boolean): string {
  const keys = nodes.map(({ key }) => key).toSorted()
  return JSON.stringify([isDown, keys, edges.map(edgeId).toSorted()])
}

type Answer = { readonly ok: true; readonly places: Places } | { readonly ok: false; readonly error: unknown }

/** One worker a question: a question that nobody waits for any longer ends with it. Returns how to end it. */
function ask(graph: MapGraph, isDown: boolean, signature: string, tell: (answer: Answer) => void): () => void {
  const place = (key: string): number => {
    const { x, y } = last.get(key) ?? { x: 0, y: Infinity }
    return isDown ? x : y
  }
  const keys = graph.nodes.map(({ key }) => key).toSorted((a, b) => compare(place(a), place(b)))
  const positions = new Map(keys.map((key, position) => [key, position]))
  const edges = graph.edges.filter(({ from, to }) => positions.has(from) && positions.has(to))
  const request: LayoutRequest = {
    nodes: keys.length,
    edges: edges.map(({ from, to }) => [positions.get(from) ?? 0, positions.get(to) ?? 0]),
    isDown,
  }
  const worker = new Worker(new URL('./layout-worker.ts', import.meta.url), { type: 'module' })
  worker.addEventListener('message', ({ data }: MessageEvent<Layout>) => {
    worker.terminate()
    const nodes = new Map(keys.map((key, position) => [key, data.nodes[position] ?? { x: 0, y: 0 }]))
    const places = {
      signature,
      nodes,
      edges: new Map(edges.map((edge, position) => [edgeId(edge), data.edges[position] ?? []])),
    }
    for (const [key, point] of nodes) last.set(key, point)
    remember(signature, places)
    tell({ ok: true, places })
  })
  worker.addEventListener('error', (event) => {
    worker.terminate()
    tell({ ok: false, error: new Error(event.message === '' ? 'The layout could not be loaded' : event.message) })
  })
  worker.postMessage(request)
  return () => {
    worker.terminate()
  }
}

const compare = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1)

function remember(signature: string, places: Places): void {
  known.set(signature, places)
  const [oldest] = known.keys()
  if (known.size > MOST_KNOWN && oldest !== undefined) known.delete(oldest)
}
