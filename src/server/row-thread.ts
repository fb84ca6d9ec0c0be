import { parentPort } from 'node:worker_threads'
import { makeRows } from '../ingest/row-maker.ts'
import { readStoredOutline } from '../wire/xray/read-stored-outline.ts'
import { writeSummaryText } from '../wire/xray/summary-text.ts'
import type { RowAnswer, RowRequest } from './row-protocol.ts'

// The thread that puts traces together and summarises them, which takes longer than to receive them: the main thread
// answers calls meanwhile. Started by `threaded-row-maker.ts`.

if (parentPort === null) throw new Error('row-thread is started by threaded-row-maker, as a thread')
const port = parentPort
const texts = { readOutline: readStoredOutline, writeSummary: writeSummaryText }

port.on('message', ({ number, traces, nowSeconds }: RowRequest) => {
  port.postMessage({ number, results: makeRows(traces, nowSeconds, texts) } satisfies RowAnswer)
})
