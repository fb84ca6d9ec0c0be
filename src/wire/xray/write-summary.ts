import type { AnnotationValue } from '../../model/entity.ts'
import type {
  FailedStep,
  RootCause,
  RootCauseService,
  ServiceId,
  SlowStep,
  SummaryAnnotation,
  TraceSummary,
} from '../../model/summary.ts'
import type { Wire } from './shapes.generated.ts'

/**
 * A trace summary in AWS's spelling. Lists, `Http` and `Annotations` are always there, if only empty, because clients
 * walk them unseen (spec/query §2.3, §8).
 */
export function writeSummary(summary: TraceSummary): Wire['TraceSummary'] {
  return {
    Id: summary.id,
    StartTime: microseconds(summary.startTime),
    Duration: summary.duration,
    ...(summary.responseTime === undefined ? {} : { ResponseTime: summary.responseTime }),
    HasFault: summary.hasFault,
    HasError: summary.hasError,
    HasThrottle: summary.hasThrottle,
    IsPartial: summary.isPartial,
    Http: writeHttp(summary.http),
    Annotations: writeAnnotations(summary.annotations),
    Users: summary.users.map((user) => ({ UserName: user.name, ServiceIds: user.serviceIds.map(writeServiceId) })),
    ServiceIds: summary.serviceIds.map(writeServiceId),
    ResourceARNs: summary.resourceArns.map((arn) => ({ ARN: arn })),
    InstanceIds: summary.instanceIds.map((id) => ({ Id: id })),
    AvailabilityZones: summary.availabilityZones.map((name) => ({ Name: name })),
    ...(summary.entryPoint === undefined ? {} : { EntryPoint: writeServiceId(summary.entryPoint) }),
    FaultRootCauses: summary.faultRootCauses.map((cause) => writeRootCause(cause, writeFailedStep)),
    ErrorRootCauses: summary.errorRootCauses.map((cause) => writeRootCause(cause, writeFailedStep)),
    ResponseTimeRootCauses: summary.responseTimeRootCauses.map((cause) => writeRootCause(cause, writeSlowStep)),
    Revision: summary.revision,
  }
}

/** Six decimals: what a double holds of today's epoch, and what spec/query §0.3 allows. */
const microseconds = (seconds: number): number => Math.round(seconds * 1e6) / 1e6

/** A node, as every answer names it. */
export function writeServiceId(service: ServiceId): Wire['ServiceId'] {
  return {
    Name: service.name,
    Names: service.names,
    ...(service.accountId === undefined ? {} : { AccountId: service.accountId }),
    ...(service.type === undefined ? {} : { Type: service.type }),
  }
}

type WrittenRootCause<Entity> = {
  readonly Services: readonly (Wire['ServiceId'] & {
    readonly Inferred: boolean
    readonly EntityPath: readonly Entity[]
  })[]
  readonly ClientImpacting: boolean
}

function writeRootCause<Step, Entity>(cause: RootCause<Step>, write: (step: Step) => Entity): WrittenRootCause<Entity> {
  const writeService = ({ serviceId, inferred, entityPath }: RootCauseService<Step>) => ({
    ...writeServiceId(serviceId),
    Inferred: inferred,
    EntityPath: entityPath.map(write),
  })
  return { Services: cause.services.map(writeService), ClientImpacting: cause.clientImpacting }
}

function writeFailedStep({ name, remote, exceptions }: FailedStep): Wire['FaultRootCauseEntity'] {
  return {
    Name: name,
    Exceptions: exceptions.map((exception) => ({
      ...(exception.name === undefined ? {} : { Name: exception.name }),
      ...(exception.message === undefined ? {} : { Message: exception.message }),
    })),
    Remote: remote,
  }
}

function writeSlowStep({ name, remote, coverage }: SlowStep): Wire['ResponseTimeRootCauseEntity'] {
  return { Name: name, Coverage: coverage, Remote: remote }
}

function writeHttp(http: TraceSummary['http']): Wire['Http'] {
  return {
    ...(http.url === undefined ? {} : { HttpURL: http.url }),
    ...(http.status === undefined ? {} : { HttpStatus: http.status }),
    ...(http.method === undefined ? {} : { HttpMethod: http.method }),
    ...(http.userAgent === undefined ? {} : { UserAgent: http.userAgent }),
    ...(http.clientIp === undefined ? {} : { ClientIp: http.clientIp }),
  }
}

type WireAnnotations = { readonly [key: string]: readonly Wire['ValueWithServiceIds'][] }

function writeAnnotations(annotations: ReadonlyMap<string, readonly SummaryAnnotation[]>): WireAnnotations {
  // Keys are the application's, and fromEntries, unlike an assignment, keeps `__proto__` a key.
  return Object.fromEntries([...annotations].map(([key, values]) => [key, values.map(writeAnnotation)]))
}

function writeAnnotation({ value, serviceIds }: SummaryAnnotation): Wire['ValueWithServiceIds'] {
  return { AnnotationValue: writeAnnotationValue(value), ServiceIds: serviceIds.map(writeServiceId) }
}

function writeAnnotationValue(value: AnnotationValue): Wire['AnnotationValue'] {
  switch (typeof value) {
    case 'string':
      return { StringValue: value }
    case 'number':
      return { NumberValue: value }
    case 'boolean':
      return { BooleanValue: value }
    default:
      return value satisfies never
  }
}
