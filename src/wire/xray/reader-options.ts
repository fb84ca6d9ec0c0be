/** What an operator may change about reading documents. The defaults are AWS's behaviour where that is known. */
export type ReaderOptions = {
  /** What happens to a name with illegal characters or more than 200 of them (spec/ingest §2.4). */
  readonly names: 'reject' | 'sanitize'
  /** Read the bare tokens `NaN`, `Infinity` and `-Infinity`, which Python writes, as null (spec/ingest §6.3). */
  readonly nonFinite: boolean
  /** Read a document that is a JSON string holding the document (spec/ingest §6.1). */
  readonly doubleEncoding: boolean
  /** X-Ray's rule of before October 2023: the seconds in a trace id must be recent (spec/ingest §2.2). */
  readonly traceIdEpochCheck: boolean
  /** How old a top-level start time may be; 0 means any age (spec/ingest §2.3). */
  readonly maxPastSeconds: number
  /** How far ahead of the clock a top-level start time may be (spec/ingest §2.3). */
  readonly maxFutureSeconds: number
  /** The longest document, in bytes of UTF-8 (spec/ingest §1.3 row 1). */
  readonly maxDocumentBytes: number
  /** Counts the bytes of a text in UTF-8. Node has a faster one than the default: `Buffer.byteLength`. */
  readonly utf8Length: (text: string) => number
}

export const defaultReaderOptions: ReaderOptions = {
  names: 'reject',
  nonFinite: true,
  doubleEncoding: false,
  traceIdEpochCheck: false,
  maxPastSeconds: 30 * 24 * 3600,
  maxFutureSeconds: 24 * 3600,
  maxDocumentBytes: 65_536,
  utf8Length,
}

/** The bytes of a text in UTF-8. A lone surrogate counts three, as the U+FFFD that an encoder puts in its place. */
export function utf8Length(text: string): number {
  let bytes = 0
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit < 0x80) bytes += 1
    else if (unit < 0x800) bytes += 2
    else if (isSurrogatePair(text, at)) {
      bytes += 4
      at++
    } else bytes += 3
  }
  return bytes
}

function isSurrogatePair(text: string, at: number): boolean {
  return (text.charCodeAt(at) & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00
}
