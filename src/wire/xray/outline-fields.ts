// The form of an outline, for the one that writes it and the one that reads it.
//
// An outline is one flat JSON array. It begins with the version, then come the bits of the document, its trace id, its
// parent id where it has one, and its entity. An entity is its bits, id, name, start, end unless it is open, and then,
// in the order of the bits below, the parts that the bits promise; the subsegments come last, their number first. No
// part stands where it is absent, and no key is ever taken from a document to name a member of an object.

/** The first element of every outline. An outline of another version has to be made again from its document. */
export const OUTLINE_VERSION = 1

/** A part of an outline: an element of the array. */
export type OutlinePart = string | number | boolean | readonly OutlinePart[]

/** Bits of a document. */
export const IS_SUBSEGMENT = 1
export const HAS_PARENT = 2
export const IS_INFERRED = 4

/** Bits of an entity, the frequent ones first: small numbers are short. */
export const HAS_SUBSEGMENTS = 1
export const HAS_STATUS = 1 << 1
/** The namespace is `aws`. */
export const CALLS_AWS = 1 << 2
/** The namespace is `remote`. All others mean the same as none, and are left out. */
export const CALLS_REMOTE = 1 << 3
export const HAS_AWS = 1 << 4
/** There is an `sql` object; what is in it is left out. */
export const HAS_SQL = 1 << 5
export const HAS_METHOD = 1 << 6
export const HAS_URL = 1 << 7
export const HAS_CLIENT_IP = 1 << 8
export const HAS_ORIGIN = 1 << 9
export const HAS_ANNOTATIONS = 1 << 10
export const IS_OPEN = 1 << 11
export const HAS_USER_AGENT = 1 << 12
export const HAS_USER = 1 << 13
/** Either spelling of `traced` is true. */
export const IS_TRACED = 1 << 14
export const HAS_FAULT = 1 << 15
export const HAS_ERROR = 1 << 16
export const HAS_THROTTLE = 1 << 17
export const HAS_CAUSE = 1 << 18
export const HAS_RESOURCE_ARN = 1 << 19
export const HAS_LINKS = 1 << 20
/** The document says that it is no fault, which its status might suggest. */
export const HAS_NO_FAULT = 1 << 21
export const HAS_NO_ERROR = 1 << 22
export const HAS_NO_THROTTLE = 1 << 23

/** Bits of `aws`: each a text, but for lists of log ARNs, tables and resources. `table_names` may be a text, too. */
export const HAS_TABLE_NAME = 1
export const HAS_ACCOUNT_ID = 1 << 1
export const HAS_QUEUE_URL = 1 << 2
export const HAS_BUCKET_NAME = 1 << 3
export const HAS_FUNCTION_NAME = 1 << 4
export const HAS_FUNCTION_ARN = 1 << 5
export const HAS_TOPIC_ARN = 1 << 6
export const HAS_ENDPOINT_NAME = 1 << 7
export const HAS_INSTANCE_ID = 1 << 8
export const HAS_AVAILABILITY_ZONE = 1 << 9
export const HAS_CONTAINER_ARN = 1 << 10
export const HAS_LOG_ARNS = 1 << 11
export const HAS_TABLE_NAMES = 1 << 12
export const HAS_RESOURCE_NAMES = 1 << 13

/** Links of one entity; more are dropped, as `readEntity` does (spec/ingest §1.7). */
export const MAX_LINKS = 20

/** The attributes of links that an outline keeps begin with this (spec/ingest §2.4 `links`). */
export const LINK_ATTRIBUTE_PREFIX = 'aws.xray.reserved.'

/**
 * Between 2004 and 2038 every double of epoch seconds is a whole number of these, so that counting them from the start
 * of the document is exact, and short.
 */
const TICKS_PER_SECOND = 2 ** 22
const MAX_OFFSET = 2 ** 31

/** What the times of a document are counted from: its start in ticks, or 0 where that is no whole number. */
export function baseTicks(startTime: number): number {
  const ticks = startTime * TICKS_PER_SECOND
  return Number.isSafeInteger(ticks) ? ticks : 0
}

/** A time as ticks since the base, or as text where that would not be exact. */
export function timePart(seconds: number, base: number): number | string {
  const ticks = seconds * TICKS_PER_SECOND
  const offset = ticks - base
  // Where both are safe the difference is exact, since it is small.
  return Number.isSafeInteger(ticks) && offset < MAX_OFFSET && offset > -MAX_OFFSET ? offset : String(seconds)
}

/** The time, the double as it was sent. */
export function timeOf(part: number | string, base: number): number {
  return typeof part === 'number' ? (base + part) / TICKS_PER_SECOND : Number(part)
}
