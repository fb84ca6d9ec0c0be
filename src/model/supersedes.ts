/** What decides between two copies of one entity. */
export type Copy = {
  readonly complete: boolean
  /** Microseconds since the epoch, unique and increasing in the order of acknowledgement. */
  readonly received: number
}

/**
 * Whether the first copy of an entity takes the place of the second: complete beats in progress, then the later
 * received wins (spec/ingest §3.2). Total, so the order in which copies are looked at does not matter.
 */
export function supersedes(first: Copy, second: Copy): boolean {
  return first.complete === second.complete ? first.received > second.received : first.complete
}
