import type { Corpus } from './corpus.ts'

/** What merely parsing both JSON layers costs on this machine, now. */
export type ParseCost = {
  readonly microsPerDocument: number
  readonly documentsPerSecond: number
  readonly documents: number
}

/**
 * Parses request bodies from their bytes, and each document inside, over and over for about this time, and does
 * nothing with the result: the unit in which P1 is expressed. Process CPU, so the garbage collector's threads count.
 */
export function parseCost(corpus: Corpus, seconds: number): ParseCost {
  parsePasses(corpus, 0.3)
  const before = process.cpuUsage()
  const startMs = performance.now()
  const documents = parsePasses(corpus, seconds)
  const elapsedSeconds = (performance.now() - startMs) / 1000
  const cpu = process.cpuUsage(before)
  return {
    microsPerDocument: (cpu.user + cpu.system) / documents,
    documentsPerSecond: documents / elapsedSeconds,
    documents,
  }
}

/** Whole passes only when one is shorter than the time, so that every class has its share. */
function parsePasses(corpus: Corpus, seconds: number): number {
  const endMs = performance.now() + seconds * 1000
  let documents = 0
  for (let at = 0; performance.now() < endMs; at = (at + 1) % corpus.messages.length) {
    const message = corpus.messages[at]
    if (message === undefined) throw new Error('the workload is empty')
    const body = JSON.parse(message.bytes.toString('utf8')) as { TraceSegmentDocuments: string[] } // written by us
    for (const text of body.TraceSegmentDocuments) {
      try {
        JSON.parse(text)
      } catch {
        // The invalid ones are part of the workload.
      }
      documents++
    }
  }
  return documents
}
