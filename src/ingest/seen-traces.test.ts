import { expect, test } from 'vitest'
import { traceId } from '../../test/fixtures/model-documents.ts'
import type { TraceId } from '../model/ids.ts'
import { SeenTraces } from './seen-traces.ts'

/** As SDKs make them: the last 24 digits are random. */
function randomId(number: number): TraceId {
  const digits = Math.imul(number, 0x9e37_79b1) >>> 0
  const more = Math.imul(number, 0x85eb_ca6b) >>> 0
  return `1-65000000-${digits.toString(16).padStart(8, '0')}${more.toString(16).padStart(16, '0')}` as TraceId
}

test('has every trace that was added, and hardly any other', () => {
  const seen = new SeenTraces()
  expect(seen.mayHave(traceId(1))).toBe(false)
  for (let number = 0; number < 50_000; number++) seen.add(randomId(number))
  let taken = 0
  for (let number = 0; number < 50_000; number++) {
    expect(seen.mayHave(randomId(number))).toBe(true)
    if (seen.mayHave(randomId(number + 1_000_000))) taken++
  }
  expect(taken).toBeLessThan(500)
})
