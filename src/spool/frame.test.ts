import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { IncomingDocument } from '../model/document.ts'
import type { EntityId, TraceId } from '../model/ids.ts'
import { readDocumentRows, writeDocumentRow } from './document-row.ts'
import { recoverFrames, writeFrame } from './frame.ts'
import { RowWriter } from './row-writer.ts'

const document: IncomingDocument = {
  kind: 'segment',
  traceId: '1-6b000000-000000000000000000000001' as TraceId,
  id: '00000000000000ab' as EntityId,
  name: 'web',
  startTime: 1_795_176_000,
  complete: true,
  inferred: false,
  raw: '{"name":"web"}',
  search: { names: [], terms: [], urls: [], isRoot: false, lastEnd: -Infinity },
}
const tenant = { account: '123456789012', region: 'us-east-1' }

/** A file of frames with so many rows each; the stamps of the calls are 100, 200, … */
function framesOf(rowCounts: readonly number[]): { readonly file: Buffer; readonly ends: readonly number[] } {
  const writer = new RowWriter(64)
  const ends = rowCounts.map((rows, position) => {
    const call = (position + 1) * 100
    writeFrame(writer, (to) => {
      for (let row = 0; row < rows; row++) writeDocumentRow(to, document, { tenant, received: call + row, call })
    })
    return writer.length
  })
  return { file: Buffer.from(writer.view()), ends }
}

describe('frames', () => {
  const { file, ends } = framesOf([1, 3, 2])
  const recoveries = [0, ...ends].map((end) => recoverFrames(file.subarray(0, end)))
  /** What is recovered when the first so many frames are sound. */
  const upTo = (frames: number) => recoveries[frames]

  it('of a whole file are all sound', () => {
    expect(recoveries.map(({ soundBytes }) => soundBytes)).toEqual([0, ...ends])
    for (const [frames, greatest] of [0, 100, 202, 301].entries()) {
      expect(recoveries[frames]?.lastStamp).toBeGreaterThanOrEqual(greatest)
    }
    expect([...readDocumentRows(file)].map((row) => row.document.received)).toEqual([100, 200, 201, 202, 300, 301])
  })

  it('of a file torn at any byte are sound up to the last whole one', () => {
    for (let length = 0; length <= file.length; length++) {
      const whole = ends.filter((end) => end <= length).length
      expect(recoverFrames(file.subarray(0, length)), `${length} bytes`).toEqual(upTo(whole))
    }
  })

  it('end before the first flipped bit', () => {
    for (let bit = 0; bit < file.length * 8; bit++) {
      const damaged = Buffer.from(file)
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(recoverFrames(damaged), `bit ${bit}`).toEqual(upTo(ends.filter((end) => end <= bit >> 3).length))
    }
  })

  it.each([1, 8, 16, 17, 4096, 65_536])('end before a tail of %i zeros, which a crash may leave', (zeros) => {
    expect(recoverFrames(Buffer.concat([file, Buffer.alloc(zeros)]))).toEqual(upTo(3))
  })

  it('end before any other tail', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (tail) => {
        expect(recoverFrames(Buffer.concat([file, tail]))).toEqual(upTo(3))
      }),
    )
  })

  it('of an empty file, and of nothing but zeros, are none', () => {
    expect(recoverFrames(Buffer.alloc(0))).toEqual({ soundBytes: 0, lastStamp: 0 })
    expect(recoverFrames(Buffer.alloc(4096))).toEqual({ soundBytes: 0, lastStamp: 0 })
  })

  it('leave nothing behind of rows whose writing failed, nor of no rows', () => {
    const writer = new RowWriter(64)
    writeFrame(writer, () => {})
    const failing = (): void =>
      writeFrame(writer, (to) => {
        to.zeros(100)
        throw new Error('no such row')
      })
    expect(failing).toThrow('no such row')
    expect(writer.length).toBe(0)
  })
})
