import { objectAt, objectsAt, textAt } from './aws-fields.ts'
import { isError, isFault, isThrottle } from './effective-flags.ts'
import type { Entity } from './entity.ts'
import { indexedAnnotations } from './indexed-annotations.ts'
import { inferSegments, type InferredSegment } from './infer-segments.ts'
import { isPartial } from './is-partial.ts'
import { clientNode, nodeKey, segmentNode } from './node.ts'
import { errorRootCauses, faultRootCauses, responseTimeRootCauses } from './root-causes.ts'
import { rootSegment } from './root-segment.ts'
import type { ServiceId, TraceSummary } from './summary.ts'
import { indexTrace } from './trace-index.ts'
import { durationSeconds, traceSpan } from './trace-span.ts'
import type { Trace, TraceRoot } from './trace.ts'

/** From this response time on X-Ray says where the time went (spec/query §2.5). */
const SLOW_SECONDS = 2

/**
 * Tells of a trace what can be searched for (spec/query §2.3). The present time, in epoch seconds, is needed to leave
 * absurd times out.
 *
 * It looks at no metadata, no stack frame, and at `sql` only for whether it is there, so a trace that was assembled
 * without these has the same summary. Linear time, and no ids of inferred segments, which
 * cost a hash each.
 */
export function summarize(trace: Trace, nowSeconds: number, slowSeconds: number = SLOW_SECONDS): TraceSummary {
  const index = indexTrace(trace)
  const root = rootSegment(index)
  const responseTime = root && durationSeconds(root.entity)
  const span = traceSpan(index, nowSeconds)
  const inferred = inferSegments(index)
  const nodes = nodesOf(index.segments, inferred, root)
  const entryPoint = root && nodes.of(root)
  return {
    id: trace.id,
    startTime: span.startTime,
    duration: span.durationSeconds,
    ...(responseTime === undefined ? {} : { responseTime }),
    hasFault: root !== undefined && isFault(root.entity),
    hasError: root !== undefined && isError(root.entity),
    hasThrottle:
      index.segments.some(({ entity }) => isThrottle(entity)) || inferred.some(({ call }) => isThrottle(call.entity)),
    isPartial: isPartial(index),
    http: summaryHttp(root?.entity),
    annotations: indexedAnnotations(index, nodes.of),
    users: usersOf(index.segments, nodes.of),
    serviceIds: nodes.all,
    ...awsResources(index.segments, inferred),
    ...(entryPoint === undefined ? {} : { entryPoint }),
    faultRootCauses: faultRootCauses(index, root),
    errorRootCauses: errorRootCauses(index, root),
    responseTimeRootCauses: responseTimeRootCauses(index, root, slowSeconds),
    revision: trace.revision,
  }
}

type Nodes = {
  /** Each node once: the client, the segments' in their order, the inferred ones in the order of the calls. */
  readonly all: readonly ServiceId[]
  /** The node of a segment, the same object for the same node; an orphan has none. */
  readonly of: (root: TraceRoot) => ServiceId | undefined
}

function nodesOf(
  segments: readonly TraceRoot[],
  inferred: readonly InferredSegment[],
  root: TraceRoot | undefined,
): Nodes {
  const byKey = new Map<string, ServiceId>()
  const bySegment = new Map<TraceRoot, ServiceId>()
  const once = (node: ServiceId): ServiceId => {
    const key = nodeKey(node)
    const known = byKey.get(key)
    if (known !== undefined) return known
    byKey.set(key, node)
    return node
  }
  // A trace whose first caller is not there has no client (spec/query §3.3 source 4).
  if (root !== undefined && root.parentId === undefined) once(clientNode(segmentNode(root.entity)))
  for (const segment of segments) bySegment.set(segment, once(segmentNode(segment.entity)))
  for (const { node } of inferred) once(node)
  return { all: [...byKey.values()], of: (segment) => bySegment.get(segment) }
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

type AwsResources = Pick<TraceSummary, 'resourceArns' | 'instanceIds' | 'availabilityZones'>

/** What the segments of a trace, real and inferred, say of the AWS resources they ran on (spec/query §2.3). */
function awsResources(segments: readonly TraceRoot[], inferred: readonly InferredSegment[]): AwsResources {
  const arns = new Set<string>()
  const instances = new Set<string>()
  const zones = new Set<string>()
  for (const { entity } of segments) {
    add(arns, entity.resourceArn)
    if (entity.aws === undefined) continue
    addArns(arns, entity)
    const ec2 = objectAt(entity.aws, 'ec2')
    if (ec2 === undefined) continue
    add(instances, textAt(ec2, 'instance_id'))
    add(zones, textAt(ec2, 'availability_zone'))
  }
  for (const { call } of inferred) if (call.entity.aws !== undefined) addArns(arns, call.entity)
  return { resourceArns: [...arns], instanceIds: [...instances], availabilityZones: [...zones] }
}

function addArns(arns: Set<string>, { aws }: Entity): void {
  add(arns, textAt(aws, 'function_arn'))
  add(arns, textAt(aws, 'topic_arn'))
  add(arns, textAt(objectAt(aws, 'ecs'), 'container_arn'))
  for (const logs of objectsAt(aws, 'cloudwatch_logs')) add(arns, textAt(logs, 'arn'))
}

function add(values: Set<string>, value: string | undefined): void {
  if (value !== undefined) values.add(value)
}
