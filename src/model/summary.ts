import type { AnnotationValue } from './entity.ts'
import type { TraceId } from './ids.ts'

/** A node of the service graph, as summaries name it (spec/query §2.3 `ServiceId`). */
export type ServiceId = {
  readonly name: string
  readonly names: readonly string[]
  readonly type?: string
  readonly accountId?: string
}

/** One distinct value of an annotation, and the services that carry it. */
export type SummaryAnnotation = { readonly value: AnnotationValue; readonly serviceIds: readonly ServiceId[] }

/** One service on the way to a root cause, with the entities passed in it: its segment, then subsegments. */
export type RootCauseService<Step> = {
  readonly serviceId: ServiceId
  readonly inferred: boolean
  readonly entityPath: readonly Step[]
}

/** The way from where something was noticed to where it came from (spec/query §2.5). */
export type RootCause<Step> = {
  readonly services: readonly RootCauseService<Step>[]
  /** Whether the way begins at the root segment, so that the client noticed. */
  readonly clientImpacting: boolean
}

/** An exception as root causes name it. */
export type RootCauseException = { readonly name?: string; readonly message?: string }

/** An entity on the way to a fault or an error; remote when it is a call. */
export type FailedStep = {
  readonly name: string
  readonly remote: boolean
  readonly exceptions: readonly RootCauseException[]
}

/** An entity on the way to what took the time. `coverage` is its part of the response time, 0 to 1, three decimals. */
export type SlowStep = { readonly name: string; readonly remote: boolean; readonly coverage: number }

/** What `GetTraceSummaries` tells of a trace (spec/query §2.3). */
export type TraceSummary = {
  readonly id: TraceId
  /** Epoch seconds. */
  readonly startTime: number
  /** Seconds, three decimals. */
  readonly duration: number
  /** Seconds, three decimals; absent while the root segment is in progress. */
  readonly responseTime?: number
  readonly hasFault: boolean
  readonly hasError: boolean
  readonly hasThrottle: boolean
  readonly isPartial: boolean
  readonly http: {
    readonly url?: string
    readonly method?: string
    readonly userAgent?: string
    readonly clientIp?: string
    readonly status?: number
  }
  readonly annotations: ReadonlyMap<string, readonly SummaryAnnotation[]>
  readonly users: readonly { readonly name: string; readonly serviceIds: readonly ServiceId[] }[]
  /** Each node once: the client, the services that report, those that are inferred. */
  readonly serviceIds: readonly ServiceId[]
  readonly resourceArns: readonly string[]
  readonly instanceIds: readonly string[]
  readonly availabilityZones: readonly string[]
  readonly entryPoint?: ServiceId
  readonly faultRootCauses: readonly RootCause<FailedStep>[]
  readonly errorRootCauses: readonly RootCause<FailedStep>[]
  readonly responseTimeRootCauses: readonly RootCause<SlowStep>[]
  readonly revision: number
}
