import type { FindAnswer } from '../../wire/own/outline.ts'
import type { OwnTraceLine } from '../../wire/own/traces.ts'
import { ask, askFor } from './ask.ts'

/** How many of the newest traces are asked for a segment, and how many at the same time. */
export const MOST_TRACES = 400
const AT_ONCE = 4

/**
 * Looks for a segment in the newest traces of the last day: the server has no index of segments. Returns the trace that
 * has it, or undefined. Rejects when it is aborted, or the server cannot be asked.
 */
export async function findSegment(
  segment: string,
  signal: AbortSignal,
  onProgress: (looked: number, all: number) => void,
): Promise<string | undefined> {
  const traces = await newestTraces(signal)
  let [next, looked] = [0, 0]
  let found: string | undefined
  const work = async (): Promise<void> => {
    while (found === undefined) {
      const trace = traces[next]
      next += 1
      if (trace === undefined) return
      const { matches } = await ask<FindAnswer>(`api/traces/${trace}/find`, { text: segment }, { signal })
      looked += 1
      onProgress(looked, traces.length)
      if (matches.length > 0) found ??= trace
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return found
}

/** The ids of the newest traces of a day, the newest first. */
async function newestTraces(signal: AbortSignal): Promise<readonly string[]> {
  const response = await askFor('api/traces', { from: '24h', limit: MOST_TRACES }, { signal })
  const lines = (await response.text()).split('\n').filter((line) => line.startsWith('{"type":"trace"'))
  return lines.map((line) => (JSON.parse(line) as OwnTraceLine).Id)
}
