import type { Point } from './adjacency.ts'
import { NODE_BOX } from './node-box.ts'

/** A layer with more nodes than this is no longer one row that can be read. */
const LONGEST_LAYER = 14
/** How much longer than high a map is at best. */
const BEST_RATIO = 1.7

const ALONG = { step: NODE_BOX.width + 12, gap: 84 } as const
const ACROSS = { step: NODE_BOX.height + 14 } as const

/**
 * The places of nodes from left to right, of which long layers are wrapped into several columns: of a map of hundreds, a
 * layer each would be a line that nobody can look at. Their order stays, and every other column is shifted by half a node,
 * so that lines pass between them. Undefined when no layer is that long, or the map is longer than high as it is.
 */
export function wrapLayers(nodes: readonly Point[]): readonly Point[] | undefined {
  const layers = layersOf(nodes)
  if (Math.max(0, ...layers.map((layer) => layer.length)) <= LONGEST_LAYER) return undefined
  const rows = bestRows(layers)
  const places: Point[] = nodes.map((point) => point)
  let x = NODE_BOX.width / 2
  for (const layer of layers) {
    const columns = Math.ceil(layer.length / rows)
    const used = Math.ceil(layer.length / columns)
    const top = -((used - 1) * ACROSS.step) / 2
    for (const [position, node] of layer.entries()) {
      const column = position % columns
      const shift = columns > 1 && column % 2 === 1 ? ACROSS.step / 2 : 0
      places[node] = { x: x + column * ALONG.step, y: top + Math.floor(position / columns) * ACROSS.step + shift }
    }
    x += (columns - 1) * ALONG.step + NODE_BOX.width + ALONG.gap
  }
  return places
}

/** The nodes of each layer, from top to bottom. */
function layersOf(nodes: readonly Point[]): readonly (readonly number[])[] {
  const layers = new Map<number, number[]>()
  for (const [node, { x }] of nodes.entries()) {
    const at = Math.round(x)
    const layer = layers.get(at)
    if (layer === undefined) layers.set(at, [node])
    else layer.push(node)
  }
  const y = (node: number): number => nodes[node]?.y ?? 0
  return [...layers].toSorted(([a], [b]) => a - b).map(([, layer]) => layer.toSorted((a, b) => y(a) - y(b)))
}

function bestRows(layers: readonly (readonly number[])[]): number {
  const longest = Math.max(...layers.map((layer) => layer.length))
  let best = { rows: longest, distance: Infinity }
  for (let rows = 3; rows <= longest; rows++) {
    const columns = layers.reduce((sum, layer) => sum + Math.ceil(layer.length / rows), 0)
    const ratio = (columns * ALONG.step + layers.length * ALONG.gap) / (rows * ACROSS.step)
    const distance = Math.abs(Math.log(ratio / BEST_RATIO))
    if (distance < best.distance) best = { rows, distance }
  }
  return best.rows
}
