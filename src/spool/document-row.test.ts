import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { IncomingDocument } from '../model/document.ts'
import type { EntityId, TraceId } from '../model/ids.ts'
import { bucketOf, filedStartUs, readDocumentRows, toMicroseconds, writeDocumentRow } from './document-row.ts'
import { RowWriter } from './row-writer.ts'

const hex = (digits: number) =>
  fc
    .array(fc.nat(15), { minLength: digits, maxLength: digits })
    .map((list) => list.map((digit) => digit.toString(16)).join(''))
const traceId = fc.tuple(hex(8), hex(24)).map((parts) => `1-${parts.join('-')}` as TraceId)
const entityId = hex(16)
  .filter((id) => id !== '0'.repeat(16))
  .map((id) => id as EntityId)

/** Any UTF-16, lone surrogates included; or a text of a length at which the encoding changes. */
const text = fc.oneof(
  fc.array(fc.nat(0xffff), { maxLength: 40 }).map((units) => String.fromCharCode(...units)),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc
    .tuple(fc.constantFrom(0, 23, 24, 25, 127, 128, 129, 16_383, 16_384), fc.constantFrom('a', 'é', '🩻', '\ud83d'))
    .map(([length, unit]) => unit.repeat(length)),
)
const seconds = fc.oneof(
  fc.double({ noNaN: true }),
  fc.double({ min: 0, max: 2 ** 33, noNaN: true }),
  fc.constantFrom(0, -0, 5e-324, 1.7e308, -1.7e308, 1_795_176_000.123457, 2 ** 33, -1),
)
const stamp = fc.oneof(fc.maxSafeNat(), fc.constantFrom(0, 1, 2 ** 32 - 1, 2 ** 32, 2 ** 51, 2 ** 53 - 1))

/** No part of a row. */
const search = { names: [], terms: [], urls: [], isRoot: false, lastEnd: -Infinity }

const incoming = fc.record({
  kind: fc.constantFrom('segment', 'subsegment'),
  traceId,
  id: entityId,
  parentId: fc.option(entityId, { nil: undefined }),
  name: text,
  startTime: seconds,
  endTime: fc.option(seconds, { nil: undefined }),
  complete: fc.boolean(),
  inferred: fc.constant(false),
  raw: text,
  search: fc.constant(search),
})

const context = fc.record({ tenant: fc.record({ account: text, region: text }), received: stamp, call: stamp })

const wellFormed = (value: string): string => Buffer.from(value).toString()

/** A member that is undefined is left out. */
function present<T extends object>(value: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as never
}

describe('a document as a row', () => {
  it('is read back as it was written, but for lone surrogates, which become U+FFFD', () => {
    const drawn = fc.array(fc.tuple(incoming, context), { maxLength: 5 })
    fc.assert(
      fc.property(drawn, (rows) => {
        // Too small on purpose: the buffer must grow anywhere.
        const writer = new RowWriter(8)
        for (const [document, about] of rows) writeDocumentRow(writer, present(document) as IncomingDocument, about)
        expect([...readDocumentRows(Buffer.from(writer.view()))]).toEqual(
          rows.map(([document, { tenant, received, call }]) => {
            const startUs = toMicroseconds(document.startTime)
            return present({
              format: 'xray-json',
              tenant: { account: wellFormed(tenant.account), region: wellFormed(tenant.region) },
              traceId: document.traceId,
              call,
              bucket: bucketOf(document.kind, startUs, received),
              parentId: document.parentId,
              name: wellFormed(document.name),
              document: present({
                kind: document.kind,
                id: document.id,
                complete: document.complete,
                received,
                // A zero has no sign in an integer.
                startUs: startUs + 0,
                endUs: document.endTime === undefined ? undefined : toMicroseconds(document.endTime) + 0,
                raw: wellFormed(document.raw),
              }),
            })
          }),
        )
      }),
      { numRuns: 300 },
    )
  })

  it.each([2 ** 21 - 1, 2 ** 21, 5_000_000])('holds texts of %i bytes', (length) => {
    const writer = new RowWriter(8)
    const document: IncomingDocument = {
      kind: 'segment',
      traceId: '1-00000001-000000000000000000000001' as TraceId,
      id: '0000000000000001' as EntityId,
      name: 'web',
      startTime: 1,
      complete: false,
      inferred: false,
      raw: 'x'.repeat(length),
      search,
    }
    writeDocumentRow(writer, document, { tenant: { account: '1', region: 'r' }, received: 1, call: 1 })
    const [row] = readDocumentRows(Buffer.from(writer.view()))
    expect(row?.document.raw).toBe(document.raw)
  })

  it('throws at the end of a file that ends within a row, wherever that is', () => {
    const writer = new RowWriter(8)
    const document: IncomingDocument = {
      kind: 'subsegment',
      traceId: '1-00000001-000000000000000000000001' as TraceId,
      id: '0000000000000001' as EntityId,
      name: 'save',
      startTime: 1,
      complete: true,
      inferred: false,
      raw: '{"a":"a text that is longer than a short one"}',
      search,
    }
    writeDocumentRow(writer, document, { tenant: { account: '1', region: 'r' }, received: 1, call: 1 })
    const whole = Buffer.from(writer.view())
    for (let length = 1; length < whole.length; length++) {
      expect(() => [...readDocumentRows(whole.subarray(0, length))], `${length} bytes`).toThrow(RangeError)
    }
  })
})

describe('the hour a row is filed under', () => {
  const HOUR_US = 3_600e6
  const NOW_US = 1_795_176_000e6
  const cases = [
    ['a segment, now', 'segment', NOW_US, NOW_US / HOUR_US, NOW_US],
    ['a segment of years ago: the operator allowed it', 'segment', 5 * HOUR_US, 5, 5 * HOUR_US],
    ['a segment before the epoch', 'segment', -1, 0, -1],
    ['a segment at the end of time', 'segment', 2 ** 53 - 1, Math.floor((2 ** 53 - 1) / HOUR_US), 2 ** 53 - 1],
    [
      'a subsegment of 30 days ago',
      'subsegment',
      NOW_US - 720 * HOUR_US,
      NOW_US / HOUR_US - 720,
      NOW_US - 720 * HOUR_US,
    ],
    ['a subsegment of 32 days ago: its receipt', 'subsegment', NOW_US - 768 * HOUR_US, NOW_US / HOUR_US, NOW_US],
    ['a subsegment in three days: its receipt', 'subsegment', NOW_US + 72 * HOUR_US, NOW_US / HOUR_US, NOW_US],
  ] as const
  it.each(cases)('%s', (_, kind, startUs, hour, filedUs) => {
    const bucket = bucketOf(kind, startUs, NOW_US)
    expect(bucket).toBe(Math.floor(hour))
    expect(filedStartUs(kind, startUs, NOW_US)).toBe(filedUs)
  })
})
