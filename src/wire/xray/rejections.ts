import type { Rejection, RejectionCode } from '../../model/outcome.ts'

/** Which form of message AWS uses: one for top-level segments, one for subsegments of any kind (spec/ingest §1.3). */
export type FailingEntity = 'segment' | 'subsegment'

/** A result that carries no value. Fits every `Read<T>`. */
export type Rejected = { readonly ok: false; readonly rejection: Rejection }

const MESSAGE = {
  segment: (code: RejectionCode) => `Invalid segment. ErrorCode: ${code}`,
  subsegment: (code: RejectionCode) => `Invalid subsegment. ErrorCode: ${code}, Cause: null`,
} satisfies Record<FailingEntity, (code: RejectionCode) => string>

/** Where in an entity the cause of each code stands; absent where the whole document is at fault. */
const FIELD: Readonly<Partial<Record<RejectionCode, string>>> = {
  MissingId: 'id',
  InvalidId: 'id',
  MissingTraceId: 'trace_id',
  InvalidTraceId: 'trace_id',
  MissingParentId: 'parent_id',
  InvalidParentId: 'parent_id',
  MissingName: 'name',
  InvalidName: 'name',
  MissingStartTime: 'start_time',
  InvalidStartTime: 'start_time',
  MissingEndTime: 'end_time',
}

/** Turns a document away. `entityPath` leads to the culprit, such as `subsegments[2].`, and is empty at the top. */
export function rejected(failing: FailingEntity, code: RejectionCode, id?: string, entityPath = ''): Rejected {
  const path = entityPath + (FIELD[code] ?? '')
  const message = MESSAGE[failing](code)
  return {
    ok: false,
    rejection: { code, message, ...(id === undefined ? {} : { id }), ...(path === '' ? {} : { path }) },
  }
}

/** Row 1. The limit in the text is AWS's, whatever ours is. */
export function rejectedForSize(id: string | undefined): Rejected {
  const message = 'Segment document size exceeded. Maximum size: 64 KB.'
  return { ok: false, rejection: { code: 'InvalidSegment', message, ...(id === undefined ? {} : { id }) } }
}
