import { sha256 } from '@noble/hashes/sha2.js'
import { edgeKey } from './graph-accumulator.ts'
import type { ServiceGraph } from './service-graph.ts'

/**
 * Sixteen hex digits that are equal for graphs of the same nodes and edges, whatever their numbers, times and aliases:
 * a map that was drawn for one fits the other.
 */
export function topologyHash({ nodes }: ServiceGraph): string {
  const parts = nodes.flatMap(({ key, edges }) => [
    `node ${key}`,
    ...edges.map(({ to, kind }) => edgeKey(key, to, kind)),
  ])
  // The order of nodes follows from them; it is sorted for parts of graphs put together by others.
  const digest = sha256(
    bytesOf(
      parts
        .toSorted()
        .map((part) => `${part.length} ${part}`)
        .join(''),
    ),
  )
  return Array.from(digest.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Two bytes for each code unit: names are in any language, and there is no encoder in this project. */
function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2)
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    bytes[2 * at] = unit >> 8
    bytes[2 * at + 1] = unit & 0xff
  }
  return bytes
}
