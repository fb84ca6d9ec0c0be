import type { TraceDocuments } from '../ingest/make-row.ts'
import type { RowResult } from '../ingest/row-maker.ts'

/** What the thread that makes rows is asked, and what it answers under the same number. */
export type RowRequest = {
  readonly number: number
  readonly traces: readonly TraceDocuments[]
  readonly nowSeconds: number
}
export type RowAnswer = { readonly number: number; readonly results: readonly RowResult[] }
