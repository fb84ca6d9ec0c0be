import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anEntity, segment, subsegment, TRACE_ID } from '../../test/fixtures/model-documents.ts'
import { assemble } from './assemble.ts'
import { traceGraph } from './edges.ts'
import type { Cause, Entity, SegmentDocument } from './entity.ts'
import { processedDocuments } from './processed-documents.ts'
import { summarize } from './summarize.ts'
import { indexTrace } from './trace-index.ts'
import type { Trace } from './trace.ts'

const NOW = 1_800_000_000

/** Everything that is made of a trace. */
const derived = (trace: Trace) => ({
  processed: processedDocuments(trace),
  summary: summarize(trace, NOW, 1),
  graph: traceGraph(indexTrace(trace)),
})

const derivedFrom = (documents: readonly SegmentDocument[]) =>
  derived(
    assemble(
      TRACE_ID,
      1,
      documents.map((document, received) => ({ document, received })),
    ),
  )

const digits = (number: number) => (number + 1).toString(16)
const member = fc.nat({ max: 9 })

/** Each entity once, or twice: in progress, and complete. Parents are anybody, so there are cycles and orphans. */
const documents = fc
  .array(
    fc.record({
      isSegment: fc.boolean(),
      isTwice: fc.boolean(),
      parent: fc.option(member),
      name: fc.constantFrom('x', 'y', 'DynamoDB'),
      namespace: fc.constantFrom(undefined, 'aws', 'remote', 'local'),
      traced: fc.constantFrom(undefined, undefined, true),
      origin: fc.constantFrom(undefined, 'AWS::Lambda::Function'),
      fault: fc.constantFrom(undefined, true),
      error: fc.constantFrom(undefined, true),
      start: fc.nat({ max: 3 }),
      seconds: fc.nat({ max: 5 }),
      refersTo: fc.option(member),
      links: fc.nat({ max: 40 }),
      hasTable: fc.boolean(),
    }),
    { maxLength: 10 },
  )
  .map((plans) =>
    plans.flatMap((plan, number) => {
      const { isSegment, isTwice, parent, namespace, traced, origin, fault, error, start, refersTo } = plan
      const cause: Cause | undefined =
        refersTo === null
          ? { kind: 'exceptions', exceptions: [{ id: anEntity(`e${number}`).id, type: `E${number}`, remote: true }] }
          : { kind: 'reference', id: anEntity(digits(refersTo)).id }
      const fields: Partial<Entity> = {
        ...(namespace === undefined ? {} : { namespace }),
        ...(traced === undefined ? {} : { traced }),
        ...(origin === undefined ? {} : { origin }),
        ...(fault === undefined ? {} : { fault }),
        ...(error === undefined ? {} : { error }),
        ...(plan.hasTable ? { aws: { table_name: `t${number % 2}`, function_arn: 'arn:f' } } : {}),
        ...(plan.links === 0 ? {} : { links: Array.from({ length: plan.links }, (_, id) => ({ id: `${id}` })) }),
        name: plan.name,
        annotations: new Map([[`k${number % 3}`, number]]),
        metadata: new Map([['default', number]]),
        sql: { url: 'u' },
        cause,
      }
      const make = (end: number | undefined): SegmentDocument =>
        isSegment
          ? segment(digits(number), { ...fields, start, end, ...(parent === null ? {} : { parent: digits(parent) }) })
          : subsegment(digits(number), digits(parent ?? 0), { ...fields, start, end })
      return isTwice ? [make(undefined), make(start + plan.seconds)] : [make(start + plan.seconds)]
    }),
  )

describe('what is made of a trace', () => {
  test('does not depend on the order in which its documents came', () => {
    const orders = documents.chain((sent) =>
      fc.tuple(fc.constant(sent), fc.shuffledSubarray(sent, { minLength: sent.length, maxLength: sent.length })),
    )
    fc.assert(
      fc.property(orders, ([one, other]) => {
        expect(derivedFrom(other)).toEqual(derivedFrom(one))
      }),
      { numRuns: 300 },
    )
  })

  test('has each call answered once: by segments, by an inferred one, or by a promise', () => {
    fc.assert(
      fc.property(documents, (sent) => {
        const { processed, graph } = derivedFrom(sent)
        const index = indexTrace(
          assemble(
            TRACE_ID,
            1,
            sent.map((document, received) => ({ document, received })),
          ),
        )
        const inferred = new Set(processed.flatMap(({ kind, parentId }) => (kind === 'inferred' ? [parentId] : [])))
        for (const { entity } of index.subsegments) {
          const isCall = entity.namespace === 'aws' || entity.namespace === 'remote'
          const expected = isCall && entity.traced !== true && index.segmentsCalledBy(entity.id).length === 0
          expect(inferred.has(entity.id)).toBe(expected)
        }
        const keys = new Set(graph.nodes.map(({ key }) => key))
        expect(graph.edges.filter(({ from, to }) => !keys.has(from) || !keys.has(to))).toEqual([])
        expect(graph.nodes.reduce((sum, node) => sum + node.inferred.length, 0)).toBe(inferred.size)
        const ids = processed.map(({ entity }) => entity.id)
        expect(new Set(processed.map(({ kind, entity }) => `${kind} ${entity.id}`)).size).toBe(ids.length)
      }),
    )
  })

  test('has a summary that needs no metadata, no SQL and no stacks', () => {
    const withoutTexts = (entity: Entity): Entity => {
      const light = { ...entity, subsegments: entity.subsegments.map(withoutTexts) }
      delete light.metadata
      if (light.sql !== undefined) light.sql = {}
      return light
    }
    fc.assert(
      fc.property(documents, (sent) => {
        const light = sent.map((document) => ({ ...document, entity: withoutTexts(document.entity) }))
        expect(derivedFrom(light).summary).toEqual(derivedFrom(sent).summary)
      }),
    )
  })
})
