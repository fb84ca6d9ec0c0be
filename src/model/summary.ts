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

/** What `GetTraceSummaries` tells of a trace, but for what needs inferred segments (spec/query §2.3). */
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
  readonly serviceIds: readonly ServiceId[]
  readonly resourceArns: readonly string[]
  readonly instanceIds: readonly string[]
  readonly availabilityZones: readonly string[]
  readonly entryPoint?: ServiceId
  readonly revision: number
}
