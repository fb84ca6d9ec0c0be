/** Why one document was turned away; the codes of `UnprocessedTraceSegments` (spec/ingest §1.3). */
export type RejectionCode =
  | 'ParseError'
  | 'MissingId'
  | 'InvalidId'
  | 'MissingTraceId'
  | 'InvalidTraceId'
  | 'MissingParentId'
  | 'InvalidParentId'
  | 'MissingName'
  | 'InvalidName'
  | 'MissingStartTime'
  | 'InvalidStartTime'
  | 'MissingEndTime'
  | 'InvalidSegment'

/** One document that was not accepted. The rest of its call is unaffected. */
export type Rejection = {
  /** The id of the top-level document as it was sent, absent when none could be read. */
  readonly id?: string
  readonly code: RejectionCode
  /** The text the client receives. Never contains anything of the document. */
  readonly message: string
  /** Where in the document the culprit stands, such as `subsegments[2].name`. For the operator only. */
  readonly path?: string
}

/** A value that was read from foreign data, or the reason why it could not be. */
export type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly rejection: Rejection }
