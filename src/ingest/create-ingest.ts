import type { DocumentReader, IncomingDocument } from '../model/document.ts'
import type { Rejection } from '../model/outcome.ts'
import type { Tenant } from '../model/tenant.ts'
import { writeDocumentRow } from '../spool/document-row.ts'
import type { Spool } from '../spool/spool.ts'
import { SpoolFullError } from '../spool/spool.ts'
import type { Ingest, Source } from './ingest.ts'
import { OverloadError } from './ingest.ts'
import type { Stamps } from './stamps.ts'
import type { TraceSizes } from './trace-sizes.ts'

export type IngestParts = {
  readonly read: DocumentReader
  readonly spool: Spool
  readonly stamps: Stamps
  readonly sizes: TraceSizes
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Told of every rejection, since the applications that send documents never see the answer. */
  readonly onRejection: (rejection: Rejection, tenant: Tenant, source: Source) => void
}

/** The text is AWS's (spec/ingest §1.3). */
const TRACE_SIZE_EXCEEDED =
  'Trace Size Exceeded. Reduce the number of segments per trace and the size of your segment documents.'

/** Reader → quota → spool. What a reader accepts is stored as one frame, and the call answered when it is durable. */
export function createIngest(parts: IngestParts): Ingest {
  const { spool, sizes, stamps } = parts

  const readAll = (tenant: Tenant, texts: readonly string[], nowMs: number, source: Source): ReadCall => {
    const accepted: IncomingDocument[] = []
    const rejections: Rejection[] = []
    const reject = (rejection: Rejection): void => {
      rejections.push(rejection)
      parts.onRejection(rejection, tenant, source)
    }
    for (const text of texts) {
      for (const result of parts.read(text, nowMs / 1000)) {
        if (!result.ok) reject(result.rejection)
        else if (result.value.inferred) continue
        else if (sizes.add(tenant, result.value.traceId, result.value.raw.length)) accepted.push(result.value)
        else reject({ id: result.value.id, code: 'InvalidSegment', message: TRACE_SIZE_EXCEEDED, path: 'trace_id' })
      }
    }
    return { accepted, rejections }
  }

  return {
    async accept(tenant, texts, source) {
      const nowMs = parts.now()
      const { accepted, rejections } = readAll(tenant, texts, nowMs, source)
      if (accepted.length === 0) return { rejections }
      const call = stamps.take(accepted.length, nowMs)
      try {
        await spool.append((rows) => {
          let received = call
          for (const document of accepted) writeDocumentRow(rows, document, { tenant, call, received: received++ })
        })
      } catch (error) {
        for (const document of accepted) sizes.remove(tenant, document.traceId, document.raw.length)
        if (error instanceof SpoolFullError) throw new OverloadError('the spool is full', { cause: error })
        throw error
      }
      return { rejections }
    },
  }
}

type ReadCall = { readonly accepted: readonly IncomingDocument[]; readonly rejections: readonly Rejection[] }
