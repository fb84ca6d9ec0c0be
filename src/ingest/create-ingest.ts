import type { DocumentReader, IncomingDocument } from '../model/document.ts'
import type { Rejection } from '../model/outcome.ts'
import type { Tenant } from '../model/tenant.ts'
import { writeDocumentRow, writeOtlpRow } from '../spool/document-row.ts'
import type { Spool } from '../spool/spool.ts'
import { SpoolFullError } from '../spool/spool.ts'
import type { Assembler } from './assembler.ts'
import type { Ingest, Source } from './ingest.ts'
import { OverloadError } from './ingest.ts'
import type { Stamps } from './stamps.ts'
import type { TraceSizes } from './trace-sizes.ts'

export type IngestParts = {
  readonly read: DocumentReader
  readonly spool: Spool
  readonly stamps: Stamps
  readonly sizes: TraceSizes
  readonly assembler: Assembler
  /** Told of documents that are durable, before their call is answered. */
  readonly onStored?: (documents: readonly IncomingDocument[]) => void
  /** A key for a text that is OTLP, not a segment document; such a text is kept as it is. */
  readonly otlpKey: (text: string) => string | undefined
  /** Told of OTLP texts that were kept. */
  readonly onOtlp: (count: number, tenant: Tenant, source: Source) => void
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Told of every rejection and the whole text, since the applications that send documents never see the answer. */
  readonly onRejection: (rejection: Rejection, tenant: Tenant, source: Source, text: string) => void
}

/** The text is AWS's (spec/ingest §1.3). */
const TRACE_SIZE_EXCEEDED =
  'Trace Size Exceeded. Reduce the number of segments per trace and the size of your segment documents.'

/** Reader → quota → spool. What a reader accepts is stored as one frame, and the call answered when it is durable. */
export function createIngest(parts: IngestParts): Ingest {
  const { spool, sizes, stamps } = parts

  const readAll = (tenant: Tenant, texts: readonly string[], nowMs: number, source: Source): ReadCall => {
    const accepted: IncomingDocument[] = []
    const otlp: OtlpText[] = []
    const rejections: Rejection[] = []
    const reject = (rejection: Rejection, text: string): void => {
      rejections.push(rejection)
      parts.onRejection(rejection, tenant, source, text)
    }
    for (const text of texts) {
      const key = parts.otlpKey(text)
      if (key !== undefined) {
        otlp.push({ text, key })
        continue
      }
      for (const result of parts.read(text, nowMs / 1000)) {
        if (!result.ok) reject(result.rejection, text)
        else if (result.value.inferred) continue
        else if (sizes.add(tenant, result.value.traceId, result.value.raw.length)) accepted.push(result.value)
        else {
          const { id } = result.value
          reject({ id, code: 'InvalidSegment', message: TRACE_SIZE_EXCEEDED, path: 'trace_id' }, text)
        }
      }
    }
    return { accepted, otlp, rejections }
  }

  return {
    async accept(tenant, texts, source) {
      const nowMs = parts.now()
      const { accepted, otlp, rejections } = readAll(tenant, texts, nowMs, source)
      if (accepted.length + otlp.length === 0) return { rejections }
      const call = stamps.take(accepted.length + otlp.length, nowMs)
      parts.assembler.begin(call)
      try {
        await spool.append((rows) => {
          let received = call
          for (const document of accepted) writeDocumentRow(rows, document, { tenant, call, received: received++ })
          for (const { text, key } of otlp) writeOtlpRow(rows, text, key, { tenant, call, received: received++ })
        })
        parts.assembler.touch(tenant, call, accepted)
        parts.onStored?.(accepted)
      } catch (error) {
        parts.assembler.abandon(call)
        for (const document of accepted) sizes.remove(tenant, document.traceId, document.raw.length)
        if (error instanceof SpoolFullError) throw new OverloadError('the spool is full', { cause: error })
        throw error
      }
      if (otlp.length > 0) parts.onOtlp(otlp.length, tenant, source)
      await parts.assembler.relief()
      return { rejections }
    },
  }
}

type OtlpText = { readonly text: string; readonly key: string }

type ReadCall = {
  readonly accepted: readonly IncomingDocument[]
  readonly otlp: readonly OtlpText[]
  readonly rejections: readonly Rejection[]
}
