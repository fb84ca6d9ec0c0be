import type { OwnEdge, OwnGraph, OwnNode } from '../../wire/own/graph.ts'
import type { MapSearch } from '../frame/search-params.ts'
import { edgeId, type MapGraph, type MapNode } from './map-graph.ts'
import type { Choice } from './visible-graph.ts'

/** What is selected on the map: `sel` of its URL, found in the graph. */
export type Selected =
  | { readonly kind: 'node'; readonly node: OwnNode }
  | { readonly kind: 'edge'; readonly edge: OwnEdge; readonly from: OwnNode; readonly to: OwnNode }
  | { readonly kind: 'stack'; readonly node: MapNode; readonly stacked: readonly OwnNode[] }

/** Finds what `sel` names; nothing when it is not there, or no more. */
export function findSelected(
  sel: string | undefined,
  graph: Pick<OwnGraph, 'nodes' | 'edges'>,
  drawn: MapGraph,
): Selected | undefined {
  const name = sel?.slice(2)
  if (sel === undefined || name === undefined) return undefined
  if (sel.startsWith('e:')) {
    const edge = graph.edges.find((one) => edgeId(one) === name)
    const [from, to] = [edge?.from, edge?.to].map((key) => graph.nodes.find((node) => node.key === key))
    return edge === undefined || from === undefined || to === undefined ? undefined : { kind: 'edge', edge, from, to }
  }
  const node = graph.nodes.find(({ key }) => key === name)
  if (node !== undefined) return { kind: 'node', node }
  const stack = drawn.nodes.find(({ key, stacked }) => key === name && stacked !== undefined)
  return stack?.stacked === undefined ? undefined : { kind: 'stack', node: stack, stacked: stack.stacked }
}

/** What a URL chooses of a graph. */
export function choiceOf(search: MapSearch, minutes: number, selected: Selected | undefined): Choice {
  const keep =
    selected?.kind === 'node'
      ? [selected.node.key]
      : selected?.kind === 'edge'
        ? [selected.edge.from, selected.edge.to]
        : []
  return {
    onlyProblems: search.only === 'problems',
    minPerMinute: Number(search.min ?? 0),
    minutes,
    focus: search.focus,
    hops: Number(search.hops ?? 1),
    showAll: search.all === '1',
    keep: search.focus === undefined ? keep : [...keep, search.focus],
  }
}
