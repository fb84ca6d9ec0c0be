import { crc32 } from 'node:zlib'
import { CALL_OFFSET } from './document-row.ts'
import type { RowWriter } from './row-writer.ts'

/** The two numbers at the start of a frame: its length with them, and the CRC-32 of what follows them. */
const FRAME_HEADER_BYTES = 8

/**
 * Writes the rows of one call as one frame: `writeRows` appends rows whose first two columns are zero, and the first
 * row's are then filled in. A call is thus recovered whole or not at all, as it is acknowledged. Nothing is written
 * when `writeRows` throws or writes nothing.
 */
export function writeFrame(to: RowWriter, writeRows: (to: RowWriter) => void): void {
  const start = to.length
  try {
    writeRows(to)
  } catch (error) {
    to.rewind(start)
    throw error
  }
  if (to.length === start) return
  to.patchUint32(to.length - start, start)
  to.patchUint32(crc32(to.view(start + FRAME_HEADER_BYTES)), start + 4)
}

/** What of a spool file can be trusted. */
export type Recovered = {
  /** The file's length without a torn tail. */
  readonly soundBytes: number
  /** Not less than any stamp in it, 0 when it is empty. */
  readonly lastStamp: number
}

/**
 * Finds where the whole frames of a file end. What comes after was never acknowledged: a frame is acknowledged only
 * when it and all before it are on the disk.
 */
export function recoverFrames(file: Buffer): Recovered {
  let at = 0
  let lastStamp = 0
  while (at + FRAME_HEADER_BYTES + CALL_OFFSET <= file.length) {
    const length = file.readUInt32LE(at)
    if (length <= FRAME_HEADER_BYTES + CALL_OFFSET || at + length > file.length) break
    if (crc32(file.subarray(at + FRAME_HEADER_BYTES, at + length)) !== file.readUInt32LE(at + 4)) break
    const call = file.readUInt32LE(at + CALL_OFFSET + 4) * 2 ** 32 + file.readUInt32LE(at + CALL_OFFSET)
    // A call's stamps are consecutive, and each document takes more than a byte.
    lastStamp = Math.max(lastStamp, call + length)
    at += length
  }
  return { soundBytes: at, lastStamp }
}
