import { describe, expect, test } from 'vitest'
import type { TraceId } from '../model/ids.ts'
import { SpooledTraces } from './spooled-traces.ts'

/** A spool that writes one file after the other. */
class Files {
  position: number
  /** The store has the files up to this one. */
  inserted: number

  constructor(position = 0, inserted = position) {
    this.position = position
    this.inserted = inserted
  }

  hasInserted(sequence: number): boolean {
    return sequence <= this.inserted
  }
}

const id = (number: number): TraceId => `1-5f5f5f5f-${number.toString(16).padStart(24, '0')}` as TraceId
const documents = (...numbers: readonly number[]) => numbers.map((number) => ({ traceId: id(number) }))

describe('the traces that the store may lack documents of', () => {
  test('are those of files that it does not have', () => {
    const files = new Files()
    const spooled = new SpooledTraces(files)
    expect(spooled.mayHave([id(1)])).toBe(false)
    files.position = 1
    spooled.add(documents(1, 2))
    files.position = 2
    spooled.add(documents(2, 3))
    expect([1, 2, 3, 4].map((number) => spooled.mayHave([id(number)]))).toEqual([true, true, true, false])
    files.inserted = 1
    expect([1, 2, 3, 4].map((number) => spooled.mayHave([id(number)]))).toEqual([false, true, true, false])
    expect(spooled.mayHave([id(4), id(3)])).toBe(true)
    files.inserted = 2
    expect(spooled.mayHave([id(1), id(2), id(3)])).toBe(false)
  })

  test('are all of them until what an earlier run left is stored', () => {
    const files = new Files(7, 5)
    const spooled = new SpooledTraces(files)
    expect(spooled.mayHave([id(1)])).toBe(true)
    files.inserted = 7
    expect(spooled.mayHave([id(1)])).toBe(false)
  })

  test('are all of them while there are too many to know by name', () => {
    const files = new Files()
    const spooled = new SpooledTraces(files)
    files.position = 1
    spooled.add(Array.from({ length: 200_001 }, (_, number) => ({ traceId: id(number) })))
    expect(spooled.mayHave([id(999_999)])).toBe(true)
    files.position = 2
    spooled.add(documents(5))
    files.inserted = 1
    expect([5, 6].map((number) => spooled.mayHave([id(number)]))).toEqual([true, false])
  })
})
