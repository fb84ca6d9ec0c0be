import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anEntity, entityId, segment, subsegment, TRACE_ID } from '../../../test/fixtures/model-documents.ts'
import { assemble } from '../assemble.ts'
import { compareByStart } from '../compare-by-start.ts'
import type { Entity, SegmentDocument } from '../entity.ts'
import { processedDocuments } from '../processed-documents.ts'
import { walk } from '../walk.ts'
import { outlineTrace, type OutlinedEntity } from './outlined-trace.ts'

const digits = (number: number) => (number + 1).toString(16)

/** Segments, subsegments on their own and embedded ones; parents are anybody, so that there are cycles and orphans. */
const documents = fc
  .array(
    fc.record({
      isSegment: fc.boolean(),
      id: fc.nat({ max: 9 }),
      parent: fc.option(fc.nat({ max: 11 })),
      calls: fc.nat({ max: 2 }),
      isCalling: fc.boolean(),
      start: fc.nat({ max: 3 }),
      links: fc.nat({ max: 60 }),
    }),
    { maxLength: 10 },
  )
  .map((plans) =>
    plans.map(({ isSegment, id, parent, calls, isCalling, start, links }, number): SegmentDocument => {
      const subsegments = Array.from({ length: calls }, (_, call) => {
        const fields = { start: start + call, ...(call === 0 ? {} : { name: 'DynamoDB', namespace: 'aws' }) }
        return anEntity(`${digits(number)}0${call}`, fields)
      })
      const fields = {
        start,
        subsegments,
        ...(isCalling ? { namespace: 'remote' } : {}),
        ...(links === 0 ? {} : { links: Array.from({ length: links }, (_, link) => ({ id: `${link}` })) }),
      }
      return isSegment
        ? segment(digits(id), { ...fields, ...(parent === null ? {} : { parent: digits(parent) }) })
        : subsegment(digits(id), digits(parent ?? 0), fields)
    }),
  )

const traceOf = (sent: readonly SegmentDocument[]) =>
  assemble(
    TRACE_ID,
    1,
    sent.map((document, received) => ({ document, received })),
  )

const parentOf = (entities: readonly OutlinedEntity[], { parent }: OutlinedEntity) => entities[parent]

test('an outline has each entity of the processed documents once, in pre-order, under its parent', () => {
  fc.assert(
    fc.property(documents, (sent) => {
      const trace = traceOf(sent)
      const { entities, services } = outlineTrace(trace)
      const processed = [...new Set(entities.map(({ document }) => document))]
      expect(new Set(processed)).toEqual(new Set(processedDocuments(trace)))
      const all = processed.flatMap(({ entity }) => [...walk(entity)])
      expect(entities.length).toBe(all.length)
      expect(new Set(entities.map(({ entity }) => entity))).toEqual(new Set(all))

      const containers = new Map<Entity, Entity>()
      for (const entity of all) for (const child of entity.subsegments) containers.set(child, entity)
      const ids = new Set(entities.flatMap(({ kind, entity }) => (kind === 'inferred' ? [] : [entity.id])))
      // The way from a root down to the last entity: whoever comes next stands under one of them, or is a root.
      const way: number[] = []
      for (const [at, one] of entities.entries()) {
        expect(one.parent).toBeLessThan(at)
        while (way.length > 0 && way.at(-1) !== one.parent) way.pop()
        expect(way.at(-1) ?? -1).toBe(one.parent)
        way.push(at)

        const parent = parentOf(entities, one)
        const container = containers.get(one.entity)
        const isDocument = one.document.entity === one.entity
        expect(isDocument).toBe(container === undefined)
        if (container !== undefined) {
          expect(parent?.entity.id).toBe(container.id)
          expect(one.service).toBe(parent?.service)
        } else if (parent !== undefined) expect(parent.entity.id).toBe(one.document.parentId)
        const named = isDocument ? one.document.parentId : undefined
        expect(one.missingParentId).toBe(named === undefined || ids.has(named) ? undefined : named)
        expect(one.service === -1).toBe(one.document.kind === 'orphan')
        expect(one.service).toBeLessThan(services.length)
      }
    }),
    { numRuns: 300 },
  )
})

test('roots and siblings are ordered by start, then id, and only circles hide a parent', () => {
  fc.assert(
    fc.property(documents, (sent) => {
      const { entities } = outlineTrace(traceOf(sent))
      const last = new Map<number, Entity>()
      for (const { entity, parent } of entities) {
        const before = last.get(parent)
        if (before !== undefined) expect(compareByStart(before, entity)).toBeLessThanOrEqual(0)
        last.set(parent, entity)
      }
      for (const [at, one] of entities.entries()) {
        const { parentId } = one.document
        if (one.parent !== -1 || parentId === undefined || one.missingParentId !== undefined) continue
        // Its parent is there, so that it has to stand below the entity itself.
        const below = entities.filter(({ entity, kind }) => entity.id === parentId && kind !== 'inferred')
        expect(below.some((parent) => isBelow(entities, parent, at))).toBe(true)
      }
    }),
    { numRuns: 300 },
  )
})

function isBelow(entities: readonly OutlinedEntity[], from: OutlinedEntity, top: number): boolean {
  for (let one: OutlinedEntity | undefined = from; one !== undefined; one = parentOf(entities, one)) {
    if (one === entities[top]) return true
  }
  return false
}

test('a chain of 20,000, and 50,000 in one segment', () => {
  let deep = anEntity('1')
  for (let level = 2; level <= 20_000; level++) deep = anEntity(level.toString(16), { subsegments: [deep] })
  const chain = outlineTrace(traceOf([{ ...segment('1'), entity: deep }])).entities
  expect(chain.map(({ parent }) => parent)).toEqual(Array.from({ length: 20_000 }, (_, at) => at - 1))
  expect(chain.at(-1)?.entity.id).toBe(entityId('1'))

  // Each of them called by the one before it.
  const calls = Array.from({ length: 20_000 }, (_, at) =>
    segment((at + 1).toString(16), { start: at, ...(at === 0 ? {} : { parent: at.toString(16) }) }),
  )
  expect(outlineTrace(traceOf(calls)).entities.map(({ parent }) => parent)).toEqual(chain.map(({ parent }) => parent))

  const wide = Array.from({ length: 49_999 }, (_, at) => anEntity((at + 2).toString(16), { start: at % 100 }))
  const trace = traceOf([segment('1', { subsegments: wide })])
  const startMs = performance.now()
  expect(outlineTrace(trace).entities.length).toBe(50_000)
  expect(performance.now() - startMs).toBeLessThan(1_000)
})
