import type { TraceSummary } from '../../model/summary.ts'
import type { Wire } from './shapes.generated.ts'
import { writeSummary } from './write-summary.ts'

/** A summary as the text that is kept with its trace: what `GetTraceSummaries` answers, so that it is made once. */
export function writeSummaryText(summary: TraceSummary): string {
  return JSON.stringify(writeSummary(summary))
}

/** Reads it back; for texts of `writeSummaryText` only. */
export function readSummaryText(text: string): Wire['TraceSummary'] {
  return JSON.parse(text) as Wire['TraceSummary']
}
