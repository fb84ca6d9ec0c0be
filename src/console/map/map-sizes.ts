import type { MapEdge, MapNode } from './map-graph.ts'
import { problemShare } from './outcome-shares.ts'

/** What the size of a node means. */
export type SizeBy = 'none' | 'traffic' | 'health'

/** The radius of a node's ring, unless its size means something. */
export const RADIUS = 22
const [LEAST, MOST] = [16, 28]

/** The radius of a node: by its share of the most traffic on the map, or of what went wrong. */
export function radiusOf(node: MapNode, traffic: number, mostTraffic: number, size: SizeBy): number {
  if (size === 'none') return RADIUS
  const share =
    size === 'health'
      ? Math.sqrt(problemShare(node.requests))
      : Math.log1p(traffic) / Math.log1p(Math.max(mostTraffic, 1))
  return Math.round(LEAST + (MOST - LEAST) * share)
}

/** The width of an edge: 1 to 6 pixels, by the logarithm of its calls a minute (console §4.4). */
export function edgeWidth({ calls }: MapEdge, minutes: number | undefined): number {
  const perMinute = calls.total / (minutes ?? 1)
  return Math.min(6, 1 + 1.1 * Math.log10(1 + perMinute))
}
