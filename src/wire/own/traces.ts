/** A trace in a list: a summary as `GetTraceSummaries` writes it (spec/query §2.3), and how many segments it has. */
export type OwnTraceLine = {
  readonly type: 'trace'
  readonly Id: string
  /** Epoch seconds. */
  readonly StartTime?: number
  /** Seconds; of one in progress, until now. */
  readonly Duration?: number
  readonly ResponseTime?: number
  readonly HasFault?: boolean
  readonly HasError?: boolean
  readonly HasThrottle?: boolean
  readonly IsPartial?: boolean
  readonly Http?: {
    readonly HttpURL?: string
    readonly HttpMethod?: string
    readonly HttpStatus?: number
    readonly ClientIp?: string
    readonly UserAgent?: string
  }
  readonly Annotations?: { readonly [key: string]: readonly OwnAnnotation[] }
  readonly Users?: readonly { readonly UserName?: string }[]
  readonly ServiceIds?: readonly { readonly Name?: string; readonly Type?: string }[]
  readonly EntryPoint?: { readonly Name?: string; readonly Type?: string }
  readonly FaultRootCauses?: readonly OwnRootCause[]
  readonly ErrorRootCauses?: readonly OwnRootCause[]
  readonly Revision?: number
  readonly SegmentCount: number
}

/** Where a failure came from: services from where it was noticed to where it began, and what was thrown in each. */
export type OwnRootCause = {
  readonly Services?: readonly {
    readonly Name?: string
    readonly EntityPath?: readonly {
      readonly Name?: string
      readonly Exceptions?: readonly { readonly Name?: string; readonly Message?: string }[]
    }[]
  }[]
}

/** A value of an annotation, one of three, and the services that said so. */
export type OwnAnnotation = {
  readonly AnnotationValue?: {
    readonly StringValue?: string
    readonly NumberValue?: number
    readonly BooleanValue?: boolean
  }
  readonly ServiceIds?: readonly { readonly Name?: string; readonly Type?: string }[]
}

/** How far a search has come. `upTo` is a trace's time, epoch seconds, down to which everything was looked at. */
export type OwnProgressLine = {
  readonly type: 'progress' | 'end'
  readonly scanned: number
  readonly matched: number
  readonly seconds: number
  readonly upTo: number
  readonly complete?: boolean
}

/** Instead of the end, when a search could not go on. */
export type OwnErrorLine = { readonly type: 'error'; readonly message: string; readonly requestId: string }

/** A line of `GET /api/traces`. */
export type OwnSearchLine = OwnTraceLine | OwnProgressLine | OwnErrorLine

/** `GET /api/complete`. */
export type OwnCompletion = {
  readonly values: readonly { readonly value: string | number | boolean; readonly traces: number }[]
}

/** `GET /api/traces/explain` without a trace. */
export type OwnExplained = {
  readonly scanned: number
  readonly complete: boolean
  readonly matched: number
  readonly clauses: readonly { readonly clause: string; readonly matched: number }[]
}

/** An answer that is an error (docs/errors.md). Place and symbol where a filter was none. */
export type OwnError = {
  readonly __type: string
  readonly Message?: string
  readonly message?: string
  readonly offset?: number
  readonly line?: number
  readonly position?: number
  readonly symbol?: string
}

/** `GET /api/traces/{id}/percentile`: how long a trace took among those like it. */
export type TracePercentile = {
  /** Where they began; absent when there is nothing to compare it by. */
  readonly service?: string
  readonly type?: string
  /** What they were asked there; ids in a path are `*`. Absent when it says nothing. */
  readonly request?: string
  /** Epoch seconds: when those began that were looked at, half-open. */
  readonly from: number
  readonly to: number
  /** How many were like it, without itself and those that go on. */
  readonly compared: number
  /** How many of them took less time. */
  readonly shorter: number
  /** Whether the whole hour was looked at. */
  readonly complete: boolean
}
