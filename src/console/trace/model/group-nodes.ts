import { durationOf, hasFlag, isProblem, nameOf, serviceOf, statusOf, type TraceModel } from './trace-model.ts'

/** What nodes of a trace can be grouped by (console §4.6.7). */
export const GROUPINGS = ['service', 'name', 'type', 'status'] as const
export type Grouping = (typeof GROUPINGS)[number]

/** Nodes that have the same in common. Times are microseconds. */
export type NodeGroup = {
  /** A value for each grouping, as it is shown. */
  readonly values: readonly string[]
  readonly count: number
  /** Of all nodes together: what ran at once is counted as often. */
  readonly totalUs: number
  readonly selfUs: number
  readonly averageUs: number
  readonly maxUs: number
  /** Of the self time of all nodes. */
  readonly share: number
  /** How many are faults, errors or throttles themselves. */
  readonly problems: number
  /** The node that took longest. */
  readonly longest: number
  /** In pre-order. */
  readonly nodes: readonly number[]
}

/** The groups of all nodes of a trace, but for those of hidden services; those with the most self time first. */
export function groupNodes(
  model: TraceModel,
  by: readonly Grouping[],
  hiddenServices: ReadonlySet<string>,
): readonly NodeGroup[] {
  const found = new Map<string, { readonly values: readonly string[]; readonly nodes: number[] }>()
  let selfUs = 0
  for (let node = 0; node < model.count; node++) {
    const service = serviceOf(model, node)?.name
    if (service !== undefined && hiddenServices.has(service)) continue
    selfUs += model.self[node] ?? 0
    const values = by.map((grouping) => valueOf(model, node, grouping))
    // Lengths keep values with whatever separator apart.
    const key = values.map((value) => `${value.length} ${value}`).join(' ')
    const group = found.get(key)
    if (group === undefined) found.set(key, { values, nodes: [node] })
    else group.nodes.push(node)
  }
  return [...found.values()]
    .map(({ values, nodes }) => describe(model, values, nodes, selfUs))
    .toSorted((a, b) => b.selfUs - a.selfUs || b.totalUs - a.totalUs || a.longest - b.longest)
}

function describe(
  model: TraceModel,
  values: readonly string[],
  nodes: readonly number[],
  allSelfUs: number,
): NodeGroup {
  let [totalUs, selfUs, maxUs, problems, longest] = [0, 0, -1, 0, -1]
  for (const node of nodes) {
    const duration = durationOf(model, node)
    totalUs += duration
    selfUs += model.self[node] ?? 0
    if (isProblem(model, node)) problems += 1
    if (duration > maxUs) [maxUs, longest] = [duration, node]
  }
  const count = nodes.length
  const share = allSelfUs > 0 ? selfUs / allSelfUs : 0
  return { values, count, totalUs, selfUs, averageUs: totalUs / count, maxUs, share, problems, longest, nodes }
}

function valueOf(model: TraceModel, node: number, grouping: Grouping): string {
  switch (grouping) {
    case 'service':
      return serviceOf(model, node)?.name ?? 'missing segment'
    case 'name':
      return nameOf(model, node)
    case 'type':
      return typeOf(model, node)
    case 'status':
      return String(statusOf(model, node) ?? 'none')
    default:
      return grouping satisfies never
  }
}

/** What it is: the type of its service, or what a subsegment does. */
function typeOf(model: TraceModel, node: number): string {
  if (hasFlag(model, node, 'segment')) return serviceOf(model, node)?.type ?? 'service'
  if (hasFlag(model, node, 'callsAws')) return 'call of AWS'
  if (hasFlag(model, node, 'callsRemote')) return 'call of a service'
  return hasFlag(model, node, 'hasSql') ? 'SQL' : 'subsegment'
}

/** Reads `service,name` of a URL: one or two groupings; what is none counts as the default. */
export function readGroupings(text: string | undefined): readonly Grouping[] {
  const named = (text ?? '').split(',').flatMap((name) => GROUPINGS.find((grouping) => grouping === name) ?? [])
  const once = [...new Set(named)].slice(0, 2)
  return once.length === 0 ? ['service', 'name'] : once
}

/** As `readGroupings` reads it; undefined where it is the default. */
export function writeGroupings(by: readonly Grouping[]): string | undefined {
  const text = by.join(',')
  return text === 'service,name' ? undefined : text
}
