import { addOnce, type LongLists } from './add-once.ts'
import { objectAt, objectsAt, textAt } from './aws-fields.ts'
import { ERROR, FAULT, flagBits, THROTTLE } from './effective-flags.ts'
import type { Entity } from './entity.ts'
import { indexedAnnotations } from './indexed-annotations.ts'
import { isPartial } from './is-partial.ts'
import type { JsonObject } from './json.ts'
import { errorRootCauses, faultRootCauses, responseTimeRootCauses } from './root-causes.ts'
import { rootSegment } from './root-segment.ts'
import type { ServiceId, TraceSummary } from './summary.ts'
import { indexTrace, type PlacedEntity, type TraceIndex } from './trace-index.ts'
import { durationSeconds, traceSpan } from './trace-span.ts'
import type { Trace, TraceRoot } from './trace.ts'

/** From this response time on X-Ray says where the time went (spec/query §2.5). */
export const SLOW_SECONDS = 2

/** `summarizeIndexed` for those who have no index of the trace. */
export function summarize(trace: Trace, nowSeconds: number, slowSeconds: number = SLOW_SECONDS): TraceSummary {
  return summarizeIndexed(indexTrace(trace), nowSeconds, slowSeconds)
}

/**
 * Tells of a trace what can be searched for (spec/query §2.3). The present time, in epoch seconds, is needed to leave
 * absurd times out.
 *
 * It looks at no metadata, no stack frame, and at `sql` only for whether it is there, so a trace that was assembled
 * without these has the same summary. Linear time, and no ids of inferred segments, which cost a hash each.
 */
export function summarizeIndexed(
  index: TraceIndex,
  nowSeconds: number,
  slowSeconds: number = SLOW_SECONDS,
): TraceSummary {
  const { trace, placedSegments } = index
  const root = rootSegment(index)
  const rootFlags = root === undefined ? 0 : flagBits(root.entity)
  const flags = flagsOf(index)
  const span = traceSpan(index, nowSeconds)
  const longLists: LongLists = new Map()
  const resources = awsResources(index, longLists)
  const summary: Growing = {
    id: trace.id,
    startTime: span.startTime,
    duration: span.durationSeconds,
    hasFault: (rootFlags & FAULT) !== 0,
    hasError: (rootFlags & ERROR) !== 0,
    hasThrottle: flags.isThrottled,
    isPartial: isPartial(index),
    http: summaryHttp(root?.entity),
    annotations: indexedAnnotations(index, longLists),
    users: usersOf(placedSegments, longLists),
    serviceIds: index.services,
    resourceArns: resources.resourceArns,
    instanceIds: resources.instanceIds,
    availabilityZones: resources.availabilityZones,
    faultRootCauses: (flags.anywhere & FAULT) === 0 ? [] : faultRootCauses(index, root),
    errorRootCauses: (flags.anywhere & ERROR) === 0 ? [] : errorRootCauses(index, root),
    responseTimeRootCauses: responseTimeRootCauses(index, root, slowSeconds),
    revision: trace.revision,
  }
  const responseTime = root && durationSeconds(root.entity)
  if (responseTime !== undefined) summary.responseTime = responseTime
  const entryPoint = root && entryPointOf(index, root)
  if (entryPoint !== undefined) summary.entryPoint = entryPoint
  return summary
}

/** Members that may be absent are set when they are not, which takes less than to spread objects that hold them. */
type Growing = { -readonly [Key in keyof TraceSummary]: TraceSummary[Key] }

/** What the flags of a whole trace tell. */
type Flags = {
  /** The bits that are set of any segment or subsegment. */
  readonly anywhere: number
  /** Whether a segment, real or inferred, was throttled. */
  readonly isThrottled: boolean
}

function flagsOf({ placedSegments, subsegments }: TraceIndex): Flags {
  let ofSegments = 0
  for (const { entity } of placedSegments) ofSegments |= flagBits(entity)
  let ofSubsegments = 0
  for (const { entity, inferred } of subsegments) {
    const flags = flagBits(entity)
    if (flags === 0) continue
    ofSubsegments |= flags
    if (inferred !== undefined) ofSegments |= flags & THROTTLE
  }
  return { anywhere: ofSegments | ofSubsegments, isThrottled: (ofSegments & THROTTLE) !== 0 }
}

function entryPointOf({ top, placedSegments }: TraceIndex, root: TraceRoot): ServiceId | undefined {
  const placed = top ?? placedSegments.find((segment) => segment.root === root)
  return placed?.owner?.service
}

/** `http` of the root segment. A status that is none is in the document, but not in any index (spec/ingest §2.5). */
function summaryHttp(root: Entity | undefined): TraceSummary['http'] {
  const summary: { -readonly [Key in keyof TraceSummary['http']]: TraceSummary['http'][Key] } = {}
  const http = root?.http
  if (http === undefined) return summary
  const { url, method, userAgent, clientIp, status } = http
  if (url !== undefined) summary.url = url
  if (method !== undefined) summary.method = method
  if (userAgent !== undefined) summary.userAgent = userAgent
  if (clientIp !== undefined) summary.clientIp = clientIp
  if (status !== undefined && Number.isInteger(status) && status >= 100 && status <= 599) summary.status = status
  return summary
}

function usersOf(segments: readonly PlacedEntity[], longLists: LongLists): TraceSummary['users'] {
  let byUser: Map<string, ServiceId[]> | undefined
  for (const { entity, owner } of segments) {
    const { user } = entity
    if (user === undefined || owner === undefined) continue
    byUser ??= new Map()
    const known = byUser.get(user)
    if (known === undefined) byUser.set(user, [owner.service])
    else addOnce(known, owner.service, longLists)
  }
  return byUser === undefined ? [] : Array.from(byUser, ([name, serviceIds]) => ({ name, serviceIds }))
}

type AwsResources = Pick<TraceSummary, 'resourceArns' | 'instanceIds' | 'availabilityZones'>

/** What the segments of a trace, real and inferred, say of the AWS resources they ran on (spec/query §2.3). */
function awsResources({ placedSegments, subsegments }: TraceIndex, longLists: LongLists): AwsResources {
  const resourceArns: string[] = []
  const instanceIds: string[] = []
  const availabilityZones: string[] = []
  const add = (list: string[], text: string | undefined): void => {
    if (text !== undefined) addOnce(list, text, longLists)
  }
  const addArns = (aws: JsonObject): void => {
    add(resourceArns, textAt(aws, 'function_arn'))
    add(resourceArns, textAt(aws, 'topic_arn'))
    add(resourceArns, textAt(objectAt(aws, 'ecs'), 'container_arn'))
    for (const logs of objectsAt(aws, 'cloudwatch_logs')) add(resourceArns, textAt(logs, 'arn'))
  }
  for (const { entity } of placedSegments) {
    add(resourceArns, entity.resourceArn)
    if (entity.aws === undefined) continue
    addArns(entity.aws)
    const ec2 = objectAt(entity.aws, 'ec2')
    if (ec2 === undefined) continue
    add(instanceIds, textAt(ec2, 'instance_id'))
    add(availabilityZones, textAt(ec2, 'availability_zone'))
  }
  for (const { entity, inferred } of subsegments) {
    if (inferred !== undefined && entity.aws !== undefined) addArns(entity.aws)
  }
  return { resourceArns, instanceIds, availabilityZones }
}
