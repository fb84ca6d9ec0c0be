import type { Source } from '../ingest/ingest.ts'
import type { Rejection } from '../model/outcome.ts'
import type { Tenant } from '../model/tenant.ts'
import type { SpoolEvent } from '../spool/spool-event.ts'
import type { Log } from './log.ts'
import { rateLimited } from './rate-limited.ts'

/** Enough to see what is wrong, too few to fill a disk when a client goes astray. */
const LINES_PER_SECOND = 5

/**
 * Tells the operator of rejected documents: applications that send over UDP never see the answer (spec/ingest §1.3).
 * Says nothing of the document's content, which may hold secrets.
 */
export function rejectionLog(
  log: Log,
  now: () => number,
): (rejection: Rejection, tenant: Tenant, source: Source) => void {
  return rateLimited(LINES_PER_SECOND, now, (suppressed, rejection: Rejection, tenant: Tenant, source: Source) => {
    log.warn({ ...rejection, tenant, source, suppressed }, 'a document was rejected')
  })
}

/** Tells the operator of OTLP spans that came through an X-Ray transport and are kept until they can be translated. */
export function otlpLog(log: Log, now: () => number): (count: number, tenant: Tenant, source: Source) => void {
  return rateLimited(LINES_PER_SECOND, now, (suppressed, count: number, tenant: Tenant, source: Source) => {
    log.warn(
      { count, tenant, source, suppressed },
      'OTLP spans were kept as they came; this version does not show them yet',
    )
  })
}

/** Tells the operator what the spool met. */
export function spoolLog(log: Log): (event: SpoolEvent) => void {
  return (event) => {
    switch (event.kind) {
      case 'tail-cut':
        log.warn(event, 'a spool file ended in an unfinished write, which was never acknowledged, and was cut')
        return
      case 'write-failed':
        log.error({ err: event.error }, 'documents could not be written; their senders were told')
        return
      case 'insert-failed':
        log.error({ ...event, err: event.error }, 'the store did not take a spool file; it is kept and tried again')
        return
      default:
        event satisfies never
    }
  }
}

/** Tells the operator that a journal could not be written. */
export function journalLog(log: Log, now: () => number): (error: Error) => void {
  return rateLimited(LINES_PER_SECOND, now, (suppressed, error: Error) => {
    log.error({ err: error, suppressed }, 'an entry of a journal could not be written and is left out')
  })
}

/** Tells the operator what the UDP port had to drop. */
export function udpLogs(
  log: Log,
  now: () => number,
): { readonly onMalformed: (reason: string) => void; readonly onDropped: (documents: number, error: Error) => void } {
  return {
    onMalformed: rateLimited(LINES_PER_SECOND, now, (suppressed, reason: string) => {
      log.warn({ reason, suppressed }, 'a datagram was not understood')
    }),
    onDropped: rateLimited(LINES_PER_SECOND, now, (suppressed, documents: number, error: Error) => {
      log.error({ documents, suppressed, err: error }, 'documents from UDP were dropped')
    }),
  }
}
