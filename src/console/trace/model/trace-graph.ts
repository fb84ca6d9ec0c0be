import type { OwnCounts } from '../../../wire/own/graph.ts'
import { percentilesOf, type MapEdge, type MapNode } from '../../map/map-graph.ts'
import type { Outcome } from '../../words/outcome.ts'
import { durationOf, hasFlag, outcomeOfNode, type TraceModel } from './trace-model.ts'

/** The services of one trace and who called whom, in the shapes of the service map. */
export type TraceGraph = {
  readonly nodes: readonly MapNode[]
  readonly edges: readonly MapEdge[]
  /** By key of a node, its segments, the longest first. */
  readonly segments: ReadonlyMap<string, readonly number[]>
}

/** Requests or calls so far: how each went, and how long those that have ended took. */
type Counted = { readonly outcomes: Outcome[]; readonly seconds: number[] }

/**
 * The graph of one trace: a node for each service that has a segment, with its requests as it saw them, and an edge for
 * each pair, with its calls as the caller saw them. Clients stand before segments that nobody called; an orphan's caller
 * is missing, and so is its edge.
 */
export function traceGraph(model: TraceModel): TraceGraph {
  const [requests, calls] = [new Map<number, Counted>(), new Map<string, Counted & Pick<MapEdge, 'from' | 'to'>>()]
  const segments = new Map<string, number[]>()
  const reporting = new Set<number>()
  const clients = new Map<number, Counted>()
  for (let node = 0; node < model.count; node++) {
    const service = model.service[node] ?? -1
    if (service === -1 || !hasFlag(model, node, 'segment')) continue
    if (!hasFlag(model, node, 'inferred')) reporting.add(service)
    count(model, entryOf(requests, service, newCounted), node)
    entryOf(segments, keyOf(service), () => []).push(node)
    const caller = model.parent[node] ?? -1
    if (caller === -1) {
      if (!model.missingParents.has(node)) count(model, entryOf(clients, service, newCounted), node)
      continue
    }
    const from = keyOf(model.service[caller] ?? -1)
    const to = keyOf(service)
    if ((model.service[caller] ?? -1) === -1) continue
    // The caller's subsegment is the call; where a segment called directly, there is only the callee's word.
    const seen = hasFlag(model, caller, 'segment') ? node : caller
    count(
      model,
      entryOf(calls, `${from}~${to}`, () => ({ from, to, ...newCounted() })),
      seen,
    )
  }
  for (const own of segments.values()) own.sort((a, b) => durationOf(model, b) - durationOf(model, a) || a - b)
  return {
    nodes: [...clients]
      .map(([service, counted]) => clientNode(model, service, counted))
      .concat([...requests].map(([service, counted]) => serviceNode(model, service, counted, reporting.has(service)))),
    edges: [
      ...[...clients].map(([service, counted]): MapEdge => {
        return { from: clientKey(service), to: keyOf(service), kind: 'call', calls: countsOf(counted) }
      }),
      ...[...calls.values()].map(({ from, to, ...counted }): MapEdge => {
        return { from, to, kind: 'call', calls: countsOf(counted) }
      }),
    ],
    segments,
  }
}

const keyOf = (service: number): string => `s${service}`
const clientKey = (service: number): string => `c${service}`
const newCounted = (): Counted => ({ outcomes: [], seconds: [] })

function entryOf<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}

function count(model: TraceModel, { outcomes, seconds }: Counted, node: number): void {
  outcomes.push(outcomeOfNode(model, node))
  if (!hasFlag(model, node, 'inProgress')) seconds.push(durationOf(model, node) / 1e6)
}

function serviceNode(model: TraceModel, service: number, counted: Counted, active: boolean): MapNode {
  const { name = '', type } = model.services[service] ?? {}
  const known = { key: keyOf(service), name, client: false, active, requests: countsOf(counted) }
  return type === undefined ? known : { ...known, type }
}

/** A client reports nothing: what is known of it is what the service was asked. */
function clientNode(model: TraceModel, service: number, counted: Counted): MapNode {
  const name = model.services[service]?.name ?? ''
  return { key: clientKey(service), name, type: 'client', client: true, active: false, requests: countsOf(counted) }
}

function countsOf({ outcomes, seconds }: Counted): OwnCounts {
  const of = (outcome: Outcome): number => outcomes.filter((one) => one === outcome).length
  const counts = new Map<number, number>()
  for (const one of seconds) counts.set(one, (counts.get(one) ?? 0) + 1)
  const histogram = [...counts].toSorted(([a], [b]) => a - b)
  return {
    total: outcomes.length,
    ok: of('ok'),
    error: of('error'),
    throttle: of('throttle'),
    fault: of('fault'),
    totalResponseTime: seconds.reduce((sum, one) => sum + one, 0),
    responseTimes: { ...percentilesOf(histogram), histogram },
  }
}
