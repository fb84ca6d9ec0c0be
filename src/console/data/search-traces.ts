import type { OwnProgressLine, OwnSearchLine } from '../../wire/own/traces.ts'
import { AskError, askFor } from './ask.ts'
import { splitLines } from './split-lines.ts'
import { readTraceRow, type TraceRow } from './trace-row.ts'

/** What `GET /api/traces` is asked (docs/own-api.md). */
export type TracesQuestion = {
  readonly filter: string
  readonly dialect: 'aws' | 'extended'
  readonly from: string
  readonly to?: string
  readonly sort: 'start' | 'duration' | 'segments'
  readonly limit: number
}

/** What came with one chunk of the answer. */
export type TracesFound = { readonly rows: readonly TraceRow[]; readonly progress?: OwnProgressLine }

/**
 * Asks for traces and tells of them as they come. Resolves at the end, which says whether everything was looked at;
 * rejects with an `AskError`, also when the answer broke off, or with the signal's reason.
 */
export async function searchTraces(
  question: TracesQuestion,
  signal: AbortSignal,
  onFound: (found: TracesFound) => void,
): Promise<OwnProgressLine> {
  const { dialect, ...parameters } = question
  const asked = { ...parameters, ...(dialect === 'extended' ? { dialect } : {}) }
  const response = await askFor('api/traces', asked, { signal })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  if (reader === undefined) throw brokeOff()
  const split = splitLines()
  for (;;) {
    const { done, value } = await readFrom(reader, signal)
    const { end, ...found } = readLines(split(done ? undefined : value))
    onFound(found)
    if (end !== undefined) return end
    if (done) throw brokeOff()
  }
}

async function readFrom(reader: ReadableStreamDefaultReader<string>, signal: AbortSignal) {
  try {
    return await reader.read()
  } catch (error) {
    if (signal.aborted) throw error
    throw brokeOff()
  }
}

function readLines(lines: readonly string[]): TracesFound & { readonly end?: OwnProgressLine } {
  const rows: TraceRow[] = []
  let progress: OwnProgressLine | undefined
  for (const text of lines) {
    // The shape is docs/own-api.md's, which the server's tests prove.
    const line = JSON.parse(text) as OwnSearchLine
    if (line.type === 'trace') rows.push(readTraceRow(line))
    else if (line.type === 'error') {
      const { message, requestId } = line
      throw new AskError({ status: 500, type: 'The search broke off', message, path: 'api/traces', requestId })
    } else progress = line
  }
  return {
    rows,
    ...(progress === undefined ? {} : { progress }),
    ...(progress?.type === 'end' ? { end: progress } : {}),
  }
}

function brokeOff(): AskError {
  return new AskError({ status: 0, type: 'Unreachable', message: 'The answer broke off', path: 'api/traces' })
}
