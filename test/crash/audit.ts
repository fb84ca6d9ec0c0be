import { Agent } from 'node:http'
import { jsonAnswer, send } from '../fixtures/raw-http.ts'
import type { Ledger } from './writers.ts'

/** What is wrong with the store, in sentences; nothing when all is well. */
export type Findings = { readonly problems: readonly string[]; readonly segmentsRead: number }

/** The most ids that BatchGetTraces takes. */
const IDS_PER_CALL = 5
const CALLS_AT_A_TIME = 8

/**
 * Reads every trace of the ledger back, and compares: each acknowledged segment is there exactly once, with the content
 * it was sent with, and nothing is there that was never sent. `lost` are segments that a simulated power failure took.
 */
export async function auditTraces(url: string, ledger: Ledger, lost: ReadonlySet<string>): Promise<Findings> {
  const agent = new Agent({ keepAlive: true, maxSockets: CALLS_AT_A_TIME })
  const problems: string[] = []
  let segmentsRead = 0
  const ids = [...ledger.sent.keys()]
  const next = async (): Promise<void> => {
    for (let batch = ids.splice(0, IDS_PER_CALL); batch.length > 0; batch = ids.splice(0, IDS_PER_CALL)) {
      const answer = jsonAnswer(await send(url, { path: '/Traces', body: JSON.stringify({ TraceIds: batch }), agent }))
      const found = new Map(
        (answer['Traces'] as { Id: string; Segments: { Id: string; Document: string }[] }[]).map(({ Id, Segments }) => [
          Id,
          Segments,
        ]),
      )
      for (const trace of batch) {
        const segments = found.get(trace) ?? []
        segmentsRead += segments.length
        problems.push(...compare(trace, segments, ledger, lost))
      }
    }
  }
  await Promise.all(Array.from({ length: CALLS_AT_A_TIME }, next))
  agent.destroy()
  return { problems, segmentsRead }
}

function compare(
  trace: string,
  segments: readonly { readonly Id: string; readonly Document: string }[],
  ledger: Ledger,
  lost: ReadonlySet<string>,
): string[] {
  const problems: string[] = []
  const seen = new Set<string>()
  const sent = ledger.sent.get(trace) ?? new Set()
  for (const { Id, Document } of segments) {
    if (seen.has(Id)) problems.push(`segment ${Id} of ${trace} came back twice`)
    if (!sent.has(Id)) problems.push(`segment ${Id} of ${trace} was never sent`)
    if (!Document.includes(`"written":"${Id}"`)) problems.push(`segment ${Id} of ${trace} is damaged: ${Document}`)
    seen.add(Id)
  }
  for (const id of ledger.acknowledged.get(trace) ?? []) {
    if (!seen.has(id) && !lost.has(id)) problems.push(`acknowledged segment ${id} of ${trace} is lost`)
  }
  return problems
}

/** Lists all summaries since a time, page by page: each trace exactly once, and none missing that can be read. */
export async function auditSummaries(url: string, sinceSeconds: number, ledger: Ledger): Promise<readonly string[]> {
  const problems: string[] = []
  const listed = new Set<string>()
  let token: unknown
  do {
    const body = JSON.stringify({
      StartTime: sinceSeconds,
      EndTime: sinceSeconds + 24 * 3600,
      ...(token === undefined ? {} : { NextToken: token }),
    })
    const answer = jsonAnswer(await send(url, { path: '/TraceSummaries', body }))
    for (const { Id } of answer['TraceSummaries'] as { Id: string }[]) {
      if (listed.has(Id)) problems.push(`trace ${Id} was listed twice`)
      if (!ledger.sent.has(Id)) problems.push(`trace ${Id} was never sent`)
      listed.add(Id)
    }
    token = answer['NextToken']
  } while (token !== undefined)
  if (listed.size === 0) problems.push('no trace was listed')
  return problems
}
