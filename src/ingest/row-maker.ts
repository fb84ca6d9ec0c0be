import type { MadeRow, RowTexts, TraceDocuments } from './make-row.ts'
import { makeRow } from './make-row.ts'

/** What became of one trace. */
export type RowResult =
  | { readonly kind: 'row'; readonly row: MadeRow }
  /** No document of the trace is worth a root. */
  | { readonly kind: 'none' }
  | { readonly kind: 'failed'; readonly message: string }

/** Makes rows, here or elsewhere. */
export type RowMaker = {
  /** One result for each trace, in their order. Rejects only when the maker itself is broken. */
  make(traces: readonly TraceDocuments[], nowSeconds: number): Promise<readonly RowResult[]>
}

/** Makes the rows of some traces. One that cannot be made does not keep the others from being made. */
export function makeRows(traces: readonly TraceDocuments[], nowSeconds: number, texts: RowTexts): readonly RowResult[] {
  return traces.map((trace) => {
    try {
      const row = makeRow(trace, nowSeconds, texts)
      return row === undefined ? { kind: 'none' } : { kind: 'row', row }
    } catch (error) {
      return { kind: 'failed', message: (error as Error).message }
    }
  })
}

/** A maker in this thread, for programs that have nothing else to do. */
export function localRowMaker(texts: RowTexts): RowMaker {
  return { make: async (traces, nowSeconds) => makeRows(traces, nowSeconds, texts) }
}
