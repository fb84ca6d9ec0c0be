import { join } from 'node:path'
import type { Source } from '../ingest/ingest.ts'
import { describeRejected } from '../ingest/rejected-document.ts'
import type { LoggedRejection, RejectedPage, RejectedQuery } from '../ingest/rejected-document.ts'
import type { Rejection } from '../model/outcome.ts'
import type { Tenant } from '../model/tenant.ts'
import { Journal, readJournal } from './journal.ts'
import type { JournalStamp } from './journal.ts'

/** The operator's view of what was turned away; two generations of 8 MiB hold some ten thousand documents. */
export type RejectedLog = {
  add(rejection: Rejection, tenant: Tenant, source: Source, text: string): void
  read(query: RejectedQuery): Promise<RejectedPage>
  /** How many were not logged since the start, because there were too many at a time or the disk failed. */
  readonly dropped: number
  close(): void
}

const GENERATION_BYTES = 8 * 2 ** 20
/** A flood of rejections must cost little more than the rejections themselves. */
const PER_SECOND = 200
/** Documents are parsed again for their names, but not more than this in a second. */
const PARSED_LENGTH_PER_SECOND = 2 * 2 ** 20

const pathIn = (directory: string): string => join(directory, 'rejected.jsonl')

/** Opens the log in the data directory. `onFailure` is told when the disk does not take an entry. */
export async function openRejectedLog(
  directory: string,
  now: () => number,
  onFailure: (error: Error) => void,
): Promise<RejectedLog> {
  const path = pathIn(directory)
  const journal = await Journal.open({ path, generationBytes: GENERATION_BYTES, perSecond: PER_SECOND, now, onFailure })
  let second = -1
  let parsedLength = 0
  /** How long a document may be to be parsed now. */
  const lengthToParse = (length: number): number => {
    const current = Math.floor(now() / 1000)
    if (current !== second) parsedLength = 0
    second = current
    const left = PARSED_LENGTH_PER_SECOND - parsedLength
    if (length <= left) parsedLength += length
    return left
  }
  return {
    add(rejection, tenant, source, text) {
      journal.append(() => describeRejected(rejection, tenant, source, text, lengthToParse(text.length)))
    },
    read: (query) => readRejected(directory, query),
    get dropped() {
      return journal.dropped
    },
    close: () => journal.close(),
  }
}

/** Reads the log in a data directory, whether or not a server is running on it. */
export async function readRejected(directory: string, query: RejectedQuery): Promise<RejectedPage> {
  const rejected: LoggedRejection[] = []
  for await (const entry of readJournal(pathIn(directory))) {
    if (query.before !== undefined && entry.seq >= query.before) continue
    if (query.sinceMs !== undefined && entry.timeMs < query.sinceMs) break
    if (!isRejection(entry) || (query.code !== undefined && entry.code !== query.code)) continue
    const last = rejected.at(-1)
    if (rejected.length === query.limit && last !== undefined) return { rejected, next: last.seq }
    rejected.push(entry)
  }
  return { rejected }
}

function isRejection(entry: JournalStamp & object): entry is LoggedRejection {
  const texts = ['code', 'account', 'region', 'source', 'document']
  return texts.every((name) => typeof Reflect.get(entry, name) === 'string')
}
