import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anEntity, entityId, segment, subsegment, TRACE_ID } from '../../test/fixtures/model-documents.ts'
import { assembleDistinct } from './assemble-distinct.ts'
import { assemble, assembleGeneral } from './assemble.ts'
import type { ReceivedDocument } from './received-document.ts'
import type { Entity, SegmentDocument } from './entity.ts'
import type { Trace } from './trace.ts'
import { walk } from './walk.ts'

function inOrder(documents: readonly SegmentDocument[]): readonly ReceivedDocument[] {
  return documents.map((document, position) => ({ document, received: position + 1 }))
}

function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length <= 1) return [items]
  return items.flatMap((first, position) =>
    permutations(items.toSpliced(position, 1)).map((others) => [first, ...others]),
  )
}

function subsegmentIds({ roots }: Trace): readonly string[] {
  return roots.flatMap(({ kind, entity }) => Array.from(walk(entity), ({ id }) => id).slice(kind === 'segment' ? 1 : 0))
}

test('every arrival order of {in progress, complete, two streamed, downstream} makes one trace (spec/ingest §8.4)', () => {
  const documents = [
    segment('a', { end: undefined, annotations: new Map([['only', 'here']]), subsegments: [anEntity('e')] }),
    segment('a', { end: 9, subsegments: [anEntity('b', { start: 3 })] }),
    subsegment('c', 'a', { start: 2 }),
    subsegment('d', 'b', { start: 4 }),
    segment('f', { parent: 'd', start: 5 }),
  ]
  const complete = anEntity('a', {
    end: 9,
    subsegments: [anEntity('c', { start: 2 }), anEntity('b', { start: 3, subsegments: [anEntity('d', { start: 4 })] })],
  })
  const expected: Trace = {
    id: TRACE_ID,
    revision: 1,
    roots: [
      { kind: 'segment', entity: complete },
      { kind: 'segment', parentId: entityId('d'), entity: anEntity('f', { start: 5 }) },
    ],
  }
  const orders = permutations(documents)
  expect(orders).toHaveLength(120)
  for (const order of orders) expect(assemble(TRACE_ID, 1, inOrder(order))).toEqual(expected)
})

const digits = (number: number) => (number + 1).toString(16)
const small = fc.nat({ max: 6 })

/** Documents as SDKs send them: of one entity at most one copy is complete and one in progress, wherever they stand. */
const sentBySdk = fc
  .array(
    fc.record({
      versions: fc.constantFrom('complete', 'in progress', 'both'),
      isSegment: fc.boolean(),
      /** Embedded in the entity before it, if that has a complete copy; else sent alone. */
      embedded: fc.boolean(),
      parent: fc.option(small),
      start: fc.nat({ max: 3 }),
    }),
    { maxLength: 8 },
  )
  .map((plans) => {
    const documents: SegmentDocument[] = []
    let inside: Entity | undefined
    for (const [number, { versions, isSegment, embedded, parent, start }] of [...plans.entries()].toReversed()) {
      const id = digits(number)
      const alone = (fields: { end?: undefined; subsegments?: readonly Entity[] }): SegmentDocument =>
        isSegment
          ? segment(id, { ...(parent === null ? {} : { parent: digits(parent) }), start, ...fields })
          : subsegment(id, digits(parent ?? 0), { start, ...fields })
      if (versions !== 'complete') documents.push(alone({ end: undefined }))
      if (versions === 'in progress') {
        // What would have been embedded here is lost with the copy that was never sent.
        inside = undefined
        continue
      }
      const subsegments = inside === undefined ? [] : [inside]
      inside = undefined
      if (embedded && !isSegment && number > 0) inside = anEntity(id, { start, subsegments })
      else documents.push(alone({ subsegments }))
    }
    return documents
  })

/** Documents that contradict each other in every way: any entity within any other, many copies of each. */
const contradictory = fc.array(
  fc
    .record({ isSegment: fc.boolean(), top: small, parent: small, path: fc.array(small), open: fc.boolean() })
    .map(({ isSegment, top, parent, path, open }) => {
      let inside: readonly Entity[] = []
      for (const number of path) inside = [anEntity(digits(number), { start: number % 3, subsegments: inside })]
      const fields = { start: top % 3, subsegments: inside, ...(open ? { end: undefined } : {}) }
      return isSegment
        ? segment(digits(top), { parent: digits(parent), ...fields })
        : subsegment(digits(top), digits(parent), fields)
    }),
  { maxLength: 8 },
)

describe('any documents', () => {
  test('as SDKs send them make the same trace in every order of arrival', () => {
    const orders = sentBySdk.chain((documents) =>
      fc.tuple(
        fc.constant(documents),
        fc.shuffledSubarray(documents, { minLength: documents.length, maxLength: documents.length }),
      ),
    )
    fc.assert(
      fc.property(orders, ([one, other]) => {
        expect(assemble(TRACE_ID, 1, inOrder(other))).toEqual(assemble(TRACE_ID, 1, inOrder(one)))
      }),
    )
  })

  test('make the same trace in every order in which a store returns them, and however often', () => {
    const answers = contradictory
      .map(inOrder)
      .chain((documents) =>
        fc.tuple(
          fc.constant(documents),
          fc.shuffledSubarray([...documents, ...documents], { minLength: documents.length * 2 }),
        ),
      )
    fc.assert(
      fc.property(answers, ([one, other]) => {
        expect(assemble(TRACE_ID, 1, other)).toEqual(assemble(TRACE_ID, 1, one))
      }),
    )
  })

  test('make the same trace by the short way, where that is open, as by the general rules', () => {
    let short = 0
    fc.assert(
      fc.property(fc.oneof(sentBySdk, contradictory).map(inOrder), (documents) => {
        const roots = assembleDistinct(documents)
        if (roots === undefined) return
        short += 1
        expect(roots).toEqual(assembleGeneral(documents))
      }),
      { numRuns: 2_000 },
    )
    expect(short).toBeGreaterThan(300)
  })

  test('leave every entity that was sent as a document in the trace, once', () => {
    fc.assert(
      fc.property(contradictory, (documents) => {
        const trace = assemble(TRACE_ID, 1, inOrder(documents))
        const ids = subsegmentIds(trace)
        expect(new Set(ids).size).toBe(ids.length)
        const sentAs = (kind: string) =>
          documents.filter((document) => document.kind === kind).map(({ entity }) => entity.id)
        expect(ids).toEqual(expect.arrayContaining(sentAs('subsegment')))
        const roots = trace.roots.filter(({ kind }) => kind === 'segment').map(({ entity }) => entity.id)
        expect(roots.toSorted()).toEqual([...new Set<string>(sentAs('segment'))].toSorted())
      }),
    )
  })

  test('are the same trace when every subsegment is sent alone, and when all are embedded', () => {
    const b = anEntity('b', { start: 1 })
    const d = anEntity('d', { start: 3 })
    const c = anEntity('c', { start: 2, subsegments: [d] })
    const embedded = inOrder([segment('a', { subsegments: [b, c] })])
    const alone = inOrder([
      subsegment('d', 'c', { start: 3 }),
      subsegment('c', 'a', { start: 2 }),
      segment('a'),
      subsegment('b', 'a', { start: 1 }),
    ])
    expect(assemble(TRACE_ID, 1, alone)).toEqual(assemble(TRACE_ID, 1, embedded))
  })
})
