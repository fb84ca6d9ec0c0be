// How often the assembler does what, and how much of it at a time: measured by `npm run bench`, and not to be set.

/**
 * Rows are written this long after a change, and not more often than that: most documents of a trace come within a
 * second or two, and each write costs two syncs of the disk, which those who wait for their documents need as well.
 * Readers do not wait for it, they have everything written that was acknowledged.
 */
export const SOON_MS = 150
export const PAUSE_MS = 900
/** The same while many traces wait: then only those that have settled are written, and each write costs three syncs. */
export const BUSY_PAUSE_MS = 2_000
export const MANY_WAITING = 2_000
/** More traces than this may not wait for their rows: calls are answered later then, so that readers need not wait. */
export const MAX_WAITING = 40_000
/** But no later than this. */
export const MAX_RELIEF_MS = 5_000
/** After a failure. */
export const RETRY_MS = 2_000
/** Rows are made for so long between two turns of the event loop: a call needs several turns to be answered. */
export const SLICE_MS = 1
/** Traces that are asked for at a time. */
export const CHUNK = 2_000
/** Rows that are written at a time: each write syncs parts of three tables. */
export const WRITE_CHUNK = 4_000
/** Traces that are read with their documents at a time. */
export const READ_CHUNK = 100
/** So many names of traces that were let go are remembered. */
export const MAX_LET_GO = 100_000
/** Over the limit by this much, traces are let go that wait for their rows. */
export const PRESSED = 1.5
