import { describe, expect, test } from 'vitest'
import { RowReader } from './row-reader.ts'
import { RowWriter } from './row-writer.ts'

const written = (write: (to: RowWriter) => void): Buffer => {
  const to = new RowWriter(16)
  write(to)
  return Buffer.from(to.view())
}

test('reads doubles and lists of texts as they were', () => {
  const doubles = [0.1, -1.5e300, 2 ** 53, Infinity, -Infinity, NaN, 0]
  const texts = ['', 'a', 'ü'.repeat(200)]
  const from = new RowReader(
    written((to) => {
      for (const double of doubles) to.float64(double)
      to.strings(texts)
      to.strings([])
    }),
  )
  expect(doubles.map(() => from.float64())).toEqual(doubles)
  expect([from.strings(), from.strings(), from.isAtEnd]).toEqual([texts, [], true])
})

test('reads what was written', () => {
  const bytes = written((to) => {
    to.uint8(255)
    to.uint32(4_000_000_000)
    to.uint64(2 ** 20, 7)
    to.int64(-(2 ** 53))
    to.int64(12_345_678_901)
    to.uint64(2 ** 30 + 5, 9)
    to.hex('00ff10ab', 0, 8)
    to.string('naïve \u0000 ☃')
    to.string('')
    to.string('x'.repeat(70_000))
  })
  const from = new RowReader(bytes)
  expect([from.uint8(), from.uint32(), from.uint64(), from.int64(), from.int64()]).toEqual([
    255,
    4_000_000_000,
    2 ** 52 + 7,
    -(2 ** 53),
    12_345_678_901,
  ])
  expect(from.halves()).toEqual({ low: 9, high: 2 ** 30 + 5 })
  expect([from.hex(4), from.string(), from.string()]).toEqual(['00ff10ab', 'naïve \u0000 ☃', ''])
  expect(from.isAtEnd).toBe(false)
  expect(from.string().length).toBe(70_000)
  expect(from.isAtEnd).toBe(true)
})

test('reads lists, and lengths of one byte and of more', () => {
  const many = Array.from({ length: 300 }, (_, at) => at * 1_000_003)
  const bytes = Buffer.alloc(1 + 4 * 2 + 2 + 8 * many.length)
  bytes.writeUInt8(2, 0)
  bytes.writeUInt32LE(1, 1)
  bytes.writeUInt32LE(4_294_967_295, 5)
  bytes.writeUInt16LE(0b10 * 256 + (0x80 | 0b0101100), 9)
  for (const [at, value] of many.entries()) bytes.writeBigUInt64LE(BigInt(value), 11 + at * 8)
  const from = new RowReader(bytes)
  expect(from.uint32s()).toEqual([1, 4_294_967_295])
  expect(from.uint64s()).toEqual(many)
  expect(from.isAtEnd).toBe(true)
})

describe('bytes that end too early', () => {
  test.each<[string, (from: RowReader) => unknown]>([
    ['a number', (from) => from.uint32()],
    ['digits', (from) => from.hex(4)],
    ['a text', (from) => from.string()],
    ['a list', (from) => from.uint64s()],
    ['what is passed over', (from) => from.skip(4)],
  ])('in %s are an error', (_, read) => {
    expect(() => read(new RowReader(Buffer.from([0x7f, 1, 2])))).toThrow(RangeError)
  })
})
