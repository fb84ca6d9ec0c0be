/** Times in seconds, with percentiles where there are any; `[seconds, count]` ascending. */
export type OwnTimes = {
  readonly p50?: number
  readonly p90?: number
  readonly p95?: number
  readonly p99?: number
  readonly histogram: readonly (readonly [number, number])[]
}

/** How requests or calls went; each is in exactly one of the four counts. */
export type OwnCounts = {
  readonly total: number
  readonly ok: number
  readonly error: number
  readonly throttle: number
  readonly fault: number
  /** Seconds. */
  readonly totalResponseTime: number
  readonly responseTimes: OwnTimes
}

/** A node of the service map. Times are epoch seconds. */
export type OwnNode = {
  readonly key: string
  readonly name: string
  readonly type?: string
  readonly account?: string
  readonly names: readonly string[]
  readonly root: boolean
  readonly client: boolean
  /** Whether it reports itself; else it is known from calls alone. */
  readonly active: boolean
  readonly startTime: number
  readonly endTime: number
  /** As the service saw it. */
  readonly requests: OwnCounts
  readonly durations: OwnTimes
}

/** An edge of the service map. */
export type OwnEdge = {
  readonly from: string
  readonly to: string
  readonly kind: 'call' | 'link'
  readonly startTime: number
  readonly endTime: number
  /** As the caller saw it. */
  readonly calls: OwnCounts
  readonly eventAges?: OwnTimes
  readonly aliases: readonly { readonly name: string; readonly type?: string; readonly account?: string }[]
}

/** `GET /api/graph`. */
export type OwnGraph = {
  readonly startTime: number
  readonly endTime: number
  /** Equal for graphs of the same nodes and edges. */
  readonly topology: string
  readonly nodes: readonly OwnNode[]
  readonly edges: readonly OwnEdge[]
}

/** `GET /api/graph/trend`. */
export type OwnTrend = {
  readonly startTime: number
  readonly endTime: number
  /** Seconds. */
  readonly period: number
  readonly points: readonly ({ readonly time: number } & OwnCounts)[]
}
