import type { Assembler } from '../ingest/assembler.ts'
import { LoadMeter, SharedFreshening } from '../ingest/shared-freshening.ts'
import { SpooledTraces } from '../ingest/spooled-traces.ts'
import type { IncomingDocument } from '../model/document.ts'
import type { TraceId } from '../model/ids.ts'
import type { TraceQueriesContext } from '../query/create-trace-queries.ts'
import type { Spool } from '../spool/spool.ts'

/** Work that nobody waits for stays away for so long after a question: the next one is likely to come soon. */
const ASKED_MS = 1_000

type Freshening = Pick<Required<TraceQueriesContext>, 'freshen' | 'freshenRows' | 'freshenTraces' | 'freshenPage'>

/** What readers wait for before they ask the store. */
export type ReaderFreshness = {
  readonly readers: Freshening
  /** These documents are durable. */
  readonly onStored: (documents: readonly IncomingDocument[]) => void
  /** Whether a reader came a moment ago. */
  readonly isAsked: () => boolean
}

/** Joins readers to spool and assembler. `spool` is to be as it is after its start, before anything is appended. */
export function readerFreshness(spool: Spool, assembler: Assembler, now: () => number): ReaderFreshness {
  const meter = new LoadMeter(now)
  const spooled = new SpooledTraces(spool)
  const shared = new SharedFreshening({
    freshen: async () => void (await Promise.all([assembler.flush(), spool.freshen()])),
    isHeavy: () => meter.isHeavy,
    nowMs: () => performance.now(),
  })
  let askedMs = -Infinity
  const asked = async (freshen: () => Promise<void>): Promise<void> => {
    askedMs = performance.now()
    return freshen()
  }
  return {
    readers: {
      freshen: () => asked(() => spool.freshen()),
      freshenRows: () => asked(() => assembler.flush()),
      freshenTraces: (ids: readonly TraceId[]) =>
        asked(async () => (spooled.mayHave(ids) ? spool.freshen() : undefined)),
      freshenPage: () => asked(() => shared.fresh()),
    },
    onStored(documents) {
      spooled.add(documents)
      meter.add(documents.length)
    },
    isAsked: () => performance.now() - askedMs < ASKED_MS,
  }
}
