import type { JsonObject } from '../model/json.ts'

/** Documents of one call. */
export type Batch = {
  readonly texts: readonly string[]
  /** How many traces begin in it. */
  readonly traces: number
}

/** The most that a call may have (spec/ingest §1.4); none is longer than 64 KiB, which keeps a call below 4 MB. */
const MAX_DOCUMENTS = 50

/** The documents in calls, in their order. */
export function* batchesOf(documents: Iterable<JsonObject>): Generator<Batch> {
  const seen = new Set<unknown>()
  let texts: string[] = []
  let before = 0
  for (const document of documents) {
    texts.push(JSON.stringify(document))
    seen.add(document['trace_id'])
    if (texts.length < MAX_DOCUMENTS) continue
    yield { texts, traces: seen.size - before }
    texts = []
    before = seen.size
  }
  if (texts.length > 0) yield { texts, traces: seen.size - before }
}
