import { objectAt, objectsAt, textAt } from './aws-fields.ts'
import { effectiveFlags } from './effective-flags.ts'
import type { Entity } from './entity.ts'
import { indexedAnnotations } from './indexed-annotations.ts'
import { isPartial } from './is-partial.ts'
import { nodeKey, segmentNode } from './node.ts'
import { rootSegment } from './root-segment.ts'
import type { ServiceId, TraceSummary } from './summary.ts'
import { indexTrace } from './trace-index.ts'
import { durationSeconds, traceSpan } from './trace-span.ts'
import type { Trace, TraceRoot } from './trace.ts'

/**
 * Tells of a trace what needs no inferred segments (spec/query §2.3). The present time, in epoch seconds, is needed to
 * leave absurd times out.
 */
export function summarize(trace: Trace, nowSeconds: number): TraceSummary {
  const index = indexTrace(trace)
  const root = rootSegment(index)
  const rootFlags = root && effectiveFlags(root.entity)
  const responseTime = root && durationSeconds(root.entity)
  const span = traceSpan(trace, nowSeconds)
  const nodes = nodesOf(index.segments)
  const entryPoint = root && nodes.of(root)
  const segments = index.segments.map(({ entity }) => entity)
  return {
    id: trace.id,
    startTime: span.startTime,
    duration: span.durationSeconds,
    ...(responseTime === undefined ? {} : { responseTime }),
    hasFault: rootFlags?.fault ?? false,
    hasError: rootFlags?.error ?? false,
    hasThrottle: segments.some((segment) => effectiveFlags(segment).throttle),
    isPartial: isPartial(index),
    http: summaryHttp(root?.entity),
    annotations: indexedAnnotations(trace, nodes.of),
    users: usersOf(index.segments, nodes.of),
    serviceIds: nodes.all,
    resourceArns: distinct(segments.flatMap(resourceArns)),
    instanceIds: distinct(segments.map(({ aws }) => textAt(objectAt(aws, 'ec2'), 'instance_id'))),
    availabilityZones: distinct(segments.map(({ aws }) => textAt(objectAt(aws, 'ec2'), 'availability_zone'))),
    ...(entryPoint === undefined ? {} : { entryPoint }),
    revision: trace.revision,
  }
}

type Nodes = {
  /** Each node once, in the order of the segments. */
  readonly all: readonly ServiceId[]
  /** The node of a segment, the same object for the same node; an orphan has none. */
  readonly of: (root: TraceRoot) => ServiceId | undefined
}

function nodesOf(segments: readonly TraceRoot[]): Nodes {
  const byKey = new Map<string, ServiceId>()
  const bySegment = new Map<TraceRoot, ServiceId>()
  for (const segment of segments) {
    const node = segmentNode(segment.entity)
    const key = nodeKey(node)
    const known = byKey.get(key) ?? node
    byKey.set(key, known)
    bySegment.set(segment, known)
  }
  return { all: [...byKey.values()], of: (root) => bySegment.get(root) }
}

/** `http` of the root segment. A status that is none is in the document, but not in any index (spec/ingest §2.5). */
function summaryHttp(root: Entity | undefined): TraceSummary['http'] {
  const { url, method, userAgent, clientIp, status } = root?.http ?? {}
  return {
    ...(url === undefined ? {} : { url }),
    ...(method === undefined ? {} : { method }),
    ...(userAgent === undefined ? {} : { userAgent }),
    ...(clientIp === undefined ? {} : { clientIp }),
    ...(status === undefined || !Number.isInteger(status) || status < 100 || status > 599 ? {} : { status }),
  }
}

function usersOf(segments: readonly TraceRoot[], nodeOf: Nodes['of']): TraceSummary['users'] {
  const nodesByUser = new Map<string, Set<ServiceId>>()
  for (const segment of segments) {
    const { user } = segment.entity
    const node = nodeOf(segment)
    if (user === undefined || node === undefined) continue
    nodesByUser.set(user, (nodesByUser.get(user) ?? new Set()).add(node))
  }
  return [...nodesByUser].map(([name, nodes]) => ({ name, serviceIds: [...nodes] }))
}

/** The ARNs that a segment names (spec/query §2.3 `ResourceARNs`). */
function resourceArns({ resourceArn, aws }: Entity): readonly (string | undefined)[] {
  return [
    resourceArn,
    textAt(aws, 'function_arn'),
    textAt(aws, 'topic_arn'),
    textAt(objectAt(aws, 'ecs'), 'container_arn'),
    ...objectsAt(aws, 'cloudwatch_logs').map((logs) => textAt(logs, 'arn')),
  ]
}

function distinct(values: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(values.filter((value) => value !== undefined))]
}
