import { type CriticalPath } from './critical-path.ts'
import { hasFlag, outcomeOfNode, type TraceModel } from './trace-model.ts'

/** What the header of a trace says. */
export type TraceSummary = {
  /** Of services that reported themselves. */
  readonly segments: number
  readonly subsegments: number
  /** Segments, subsegments, and what is known from calls alone. */
  readonly nodes: number
  /** Names of services. */
  readonly services: number
  /** Of nodes by their worst flag; `e` steps through as many. */
  readonly faults: number
  readonly errors: number
  readonly throttles: number
  readonly missingParents: number
  /** Who held up the trace the most: "87 % in orders-db". None where no service could be told. */
  readonly slowest?: { readonly service: string; readonly share: number }
}

export function summarizeTrace(model: TraceModel, critical: CriticalPath): TraceSummary {
  const counts = { fault: 0, error: 0, throttle: 0, ok: 0 }
  let segments = 0
  let subsegments = 0
  for (let node = 0; node < model.count; node++) {
    counts[outcomeOfNode(model, node)] += 1
    if (hasFlag(model, node, 'inferred')) continue
    if (hasFlag(model, node, 'segment')) segments += 1
    else subsegments += 1
  }
  const slowest = slowestName(model, critical)
  return {
    segments,
    subsegments,
    nodes: model.count,
    services: new Set(model.services.map(({ name }) => name)).size,
    faults: counts.fault,
    errors: counts.error,
    throttles: counts.throttle,
    missingParents: new Set(model.missingParents.values()).size,
    ...(slowest === undefined ? {} : { slowest }),
  }
}

/** A name may stand for several nodes of the map. */
function slowestName(
  { services }: TraceModel,
  { shares }: CriticalPath,
): { readonly service: string; readonly share: number } | undefined {
  const byName = new Map<string, number>()
  for (const { service, share } of shares) {
    const name = services[service]?.name
    if (name !== undefined) byName.set(name, (byName.get(name) ?? 0) + share)
  }
  const [slowest] = [...byName].toSorted(([, a], [, b]) => b - a)
  return slowest === undefined ? undefined : { service: slowest[0], share: slowest[1] }
}
