import { expect, test } from 'vitest'
import { manifestOf } from './corpus.ts'
import { CLASS_BYTES, CLASS_SHARES, type DocumentClass } from './document.ts'
import { makeWorkload, TRACE_SIZES } from './workload.ts'

const COUNT = 10_000
const workload = makeWorkload(COUNT, 7)
const originals = workload.documents.filter(({ duplicate }) => !duplicate)

test('equal seeds give equal documents in equal order, another seed gives others', () => {
  const texts = (seed: number): readonly string[] => makeWorkload(1_000, seed).documents.map(({ text }) => text)
  expect(texts(3)).toEqual(texts(3))
  expect(texts(4)).not.toEqual(texts(3))
})

test('there are as many documents as were asked for', () => {
  expect(workload.documents.length).toBe(COUNT)
})

test.each(Object.entries(CLASS_SHARES) as [DocumentClass, number][])('class %s has its share of %d', (kind, share) => {
  const found = originals.filter((document) => document.kind === kind).length
  // Duplicates take their 0.1 % from the plain documents.
  expect(Math.abs(found / COUNT - share)).toBeLessThanOrEqual(kind === 'plain' ? 0.0015 : 0.0001)
})

test.each(Object.entries(CLASS_BYTES))('every %s has a size within its class', (kind, [min, max]) => {
  const sizes = originals.filter((document) => document.kind === kind).map(({ text }) => Buffer.byteLength(text))
  expect(sizes.length).toBeGreaterThan(0)
  expect(Math.min(...sizes)).toBeGreaterThanOrEqual(min)
  expect(Math.max(...sizes)).toBeLessThanOrEqual(max)
})

test('the sizes are those of performance.md §2', () => {
  const { medianBytes, meanBytes, p99Bytes, entitiesPerDocument, duplicates } = manifestOf(workload, 7)
  expect(medianBytes / 800).toBeCloseTo(1, 0)
  expect(meanBytes).toBeGreaterThan(1_500)
  expect(meanBytes).toBeLessThan(2_100)
  expect(p99Bytes).toBeGreaterThan(11_000)
  expect(p99Bytes).toBeLessThan(19_000)
  expect(entitiesPerDocument).toBeGreaterThan(3)
  expect(entitiesPerDocument).toBeLessThan(3.8)
  expect(duplicates).toBe(COUNT / 1_000)
})

type Parsed = { readonly id: string; readonly trace_id: string; readonly type?: string; readonly in_progress?: boolean }
const valid = originals.filter(({ kind }) => kind !== 'invalid')
const parsed = valid.map(({ text }) => JSON.parse(text) as Parsed) // the generator's own

test('every in-progress document has a completion in the same trace', () => {
  const complete = new Set(parsed.filter((d) => d.in_progress !== true).map((d) => `${d.trace_id} ${d.id}`))
  const stubs = parsed.filter((d) => d.in_progress === true)
  expect(stubs.length).toBe(COUNT * CLASS_SHARES.stub)
  expect(stubs.filter((d) => !complete.has(`${d.trace_id} ${d.id}`))).toEqual([])
})

test('annotations are on 35 % of the segments, metadata on 20 %', () => {
  const segments = parsed.filter((d) => d.in_progress !== true && d.type !== 'subsegment')
  const share = (key: string): number => segments.filter((d) => key in d).length / segments.length
  expect(Math.abs(share('annotations') - 0.35)).toBeLessThan(0.03)
  expect(Math.abs(share('metadata') - 0.2)).toBeLessThan(0.03)
})

test('trace sizes have their shares', () => {
  const sizes = new Map<string, Set<string>>()
  for (const { trace_id: trace, id } of parsed) sizes.set(trace, (sizes.get(trace) ?? new Set()).add(id))
  const counts = [...sizes.values()].map((ids) => ids.size)
  for (const { share, min, max } of TRACE_SIZES) {
    const found = counts.filter((size) => size >= min && size <= max).length / counts.length
    expect(Math.abs(found - share), `${min} to ${max}`).toBeLessThan(0.06)
  }
})

test('documents of one trace are spread over calls', () => {
  const calls = new Map<string, Set<number>>()
  valid.forEach((_, index) => {
    const trace = parsed[index]?.trace_id ?? ''
    const at = Math.floor(workload.documents.indexOf(valid[index] ?? _) / 50)
    calls.set(trace, (calls.get(trace) ?? new Set()).add(at))
  })
  const several = [...calls.values()].filter((set) => set.size > 1).length
  expect(several / calls.size).toBeGreaterThan(0.5)
})
