/**
 * A value that matching traces have, how many of them, and a filter expression in AWS's language that means it: it can
 * be joined to others by `AND`, and negated by a `!` before it. Annotations may have values of one text and different
 * types, such as `1` and `"1"`; their clauses differ.
 */
export type OverviewValue = { readonly value: string; readonly count: number; readonly clause: string }

/** What a list can be refined by: `service`, `outcome`, `status`, `method`, `url`, `user` or `annotation.KEY`. */
export type OverviewFacet = {
  readonly field: string
  /** What a reader calls it; of annotations, the key. */
  readonly label: string
  /** The most frequent first. */
  readonly values: readonly OverviewValue[]
}

/** Cells that have anything: `[column, row, traces, of them faults, errors, throttles]`. A trace can be several of these. */
export type OverviewCell = readonly [number, number, number, number, number, number]

/**
 * `GET /api/overview`: what the matching traces of a window have in common, and how long they took over time. It looks at
 * the newest ones, until it has seen `limit` of them or its time is up; `complete` says whether that was all.
 */
export type Overview = {
  readonly startTime: number
  readonly endTime: number
  readonly scanned: number
  readonly matched: number
  readonly complete: boolean
  /** The trace time, epoch seconds, down to which everything was looked at. */
  readonly upTo: number
  readonly heat: {
    /** Columns of equal length from `startTime` to `endTime`, by the start of a trace. */
    readonly columns: number
    /**
     * Lower bounds of the rows, seconds, ascending: each is twice the one before. The first row has what took less, too;
     * above the last there is nothing.
     */
    readonly rows: readonly number[]
    /** By column, then by row. */
    readonly cells: readonly OverviewCell[]
  }
  readonly facets: readonly OverviewFacet[]
}
