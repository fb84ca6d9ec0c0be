import { expect, it } from 'vitest'
import type { TraceId } from '../model/ids.ts'
import { readTraceId } from '../model/ids.ts'
import { TraceSizes } from './trace-sizes.ts'

const tenant = { account: '000000000000', region: 'us-east-1' }
const trace = (n: number): TraceId => {
  const id = readTraceId(n.toString(16).padStart(32, 'a'))
  if (id === undefined) throw new Error('not a trace id')
  return id
}

it('lets a trace grow until it is at the limit, and no further', () => {
  const sizes = new TraceSizes(100, 1000)
  expect([60, 60, 1].map((bytes) => sizes.add(tenant, trace(1), bytes))).toEqual([true, true, false])
})

it('counts each trace and each tenant apart', () => {
  const sizes = new TraceSizes(100, 1000)
  sizes.add(tenant, trace(1), 100)
  expect(sizes.add(tenant, trace(2), 1)).toBe(true)
  expect(sizes.add({ ...tenant, region: 'eu-west-1' }, trace(1), 1)).toBe(true)
  expect(sizes.add(tenant, trace(1), 1)).toBe(false)
})

it('takes back what could not be stored', () => {
  const sizes = new TraceSizes(100, 1000)
  sizes.add(tenant, trace(1), 100)
  sizes.remove(tenant, trace(1), 100)
  expect(sizes.add(tenant, trace(1), 1)).toBe(true)
})

it('remembers at least a generation of others, and forgets after two', () => {
  const sizes = new TraceSizes(100, 10)
  sizes.add(tenant, trace(0), 100)
  for (let n = 1; n <= 10; n++) sizes.add(tenant, trace(n), 1)
  expect(sizes.add(tenant, trace(0), 1)).toBe(false)
  for (let n = 11; n <= 40; n++) sizes.add(tenant, trace(n), 1)
  expect(sizes.add(tenant, trace(0), 1)).toBe(true)
})
