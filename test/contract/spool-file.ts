import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { IncomingDocument, StoredDocument } from '../../src/model/document.ts'
import type { EntityId, TraceId } from '../../src/model/ids.ts'
import type { Tenant } from '../../src/model/tenant.ts'
import { toMicroseconds, writeDocumentRow, writeOtlpRow } from '../../src/spool/document-row.ts'
import { writeFrame } from '../../src/spool/frame.ts'
import { RowWriter } from '../../src/spool/row-writer.ts'

/** 20 November 2026, 12:00:00 UTC: what "now" is in these tests. */
export const NOW_SECONDS = 1_795_176_000

/** The acknowledged documents of one call, with their stamps. */
export type Call = {
  readonly tenant: Tenant
  readonly stamp: number
  readonly rows: readonly { readonly document: IncomingDocument; readonly received: number }[]
}

let lastStamp = NOW_SECONDS * 1e6
let lastNumber = 0

/** A tenant that no other test of this process uses. */
export function newTenant(): Tenant {
  return { account: String(100_000_000_000 + (lastNumber += 1)), region: 'us-east-1' }
}

/** A trace id whose first eight digits are this epoch, and whose rest counts up unless it is given. */
export function traceId(epochSeconds = NOW_SECONDS, rest = (lastNumber += 1)): TraceId {
  return `1-${epochSeconds.toString(16).padStart(8, '0')}-${rest.toString(16).padStart(24, '0')}` as TraceId
}

/** An entity id. */
export function entityId(number = (lastNumber += 1)): EntityId {
  return number.toString(16).padStart(16, '0') as EntityId
}

/** A complete segment of half a second that starts now; `fields` replace. Its texts tell the copies apart. */
export function document(fields: Partial<IncomingDocument> = {}): IncomingDocument {
  const number = (lastNumber += 1)
  return {
    kind: 'segment',
    traceId: traceId(),
    id: entityId(number),
    name: 'web',
    startTime: NOW_SECONDS,
    endTime: NOW_SECONDS + 0.5,
    complete: true,
    inferred: false,
    raw: `{"copy":${number}}`,
    search: { names: [], terms: [], urls: [], isRoot: false, lastEnd: -Infinity },
    ...fields,
  }
}

/** A call whose documents are stamped from `firstStamp` on, or after all that were stamped before. */
export function call(tenant: Tenant, documents: readonly IncomingDocument[], firstStamp = lastStamp + 1): Call {
  const rows = documents.map((one, position) => ({ document: one, received: firstStamp + position }))
  lastStamp = Math.max(lastStamp, firstStamp + documents.length)
  return { tenant, stamp: firstStamp, rows }
}

/** A call that brought OTLP texts, which are kept as they came. */
export type OtlpCall = { readonly tenant: Tenant; readonly stamp: number; readonly otlp: readonly string[] }

export function otlpCall(tenant: Tenant, otlp: readonly string[]): OtlpCall {
  const stamp = lastStamp + 1
  lastStamp += otlp.length
  return { tenant, stamp, otlp }
}

/** A stamp greater than all that were given before, such as the version of a row. */
export const nextStamp = (): number => (lastStamp += 1)

/** The bytes of a spool file with these calls. */
export function spoolBytes(calls: readonly (Call | OtlpCall)[]): Buffer {
  const file = new RowWriter(2 ** 16)
  for (const one of calls) {
    const { tenant, stamp } = one
    writeFrame(file, (to) => {
      if ('otlp' in one) {
        for (const [at, text] of one.otlp.entries()) {
          writeOtlpRow(to, text, entityId(at + 1), { tenant, received: stamp + at, call: stamp })
        }
      } else {
        for (const { document: sent, received } of one.rows) {
          writeDocumentRow(to, sent, { tenant, received, call: stamp })
        }
      }
    })
  }
  return Buffer.from(file.view())
}

/** Writes a spool file with these calls and answers its path. */
export async function writeSpoolFile(directory: string, calls: readonly (Call | OtlpCall)[]): Promise<string> {
  const path = join(directory, `${String((lastNumber += 1)).padStart(10, '0')}.rows`)
  await writeFile(path, spoolBytes(calls))
  return path
}

/** What `read` gives back of a call's documents. */
export function storedOf({ rows }: Call): StoredDocument[] {
  return rows.map(({ document: { kind, id, complete, startTime, endTime, raw }, received }) => {
    const end = endTime === undefined ? {} : { endUs: toMicroseconds(endTime) }
    return { kind, id, complete, received, startUs: toMicroseconds(startTime), ...end, raw }
  })
}
