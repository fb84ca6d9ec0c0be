import type { SegmentDocument } from './entity.ts'

/** A document of a trace, and when it came. */
export type ReceivedDocument = {
  readonly document: SegmentDocument
  /** Microseconds since the epoch, unique and increasing in the order of acknowledgement. */
  readonly received: number
  /** The length of its text in UTF-8, when somebody wants to know the size of the trace. */
  readonly bytes?: number
}
