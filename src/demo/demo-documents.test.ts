import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { assemble } from '../model/assemble.ts'
import type { SegmentDocument } from '../model/entity.ts'
import { serviceGraph } from '../model/graph/service-graph.ts'
import type { TraceId } from '../model/ids.ts'
import { summarize } from '../model/summarize.ts'
import { indexTrace, type TraceIndex } from '../model/trace-index.ts'
import { createDocumentReader } from '../wire/xray/read-document.ts'
import { readSegmentDocument } from '../wire/xray/read-segment-document.ts'
import { defaultReaderOptions } from '../wire/xray/reader-options.ts'
import { batchesOf } from './batches.ts'
import { demoDocuments, type DemoOptions } from './demo-documents.ts'

const NOW = 1_700_000_000
const read = createDocumentReader(defaultReaderOptions)
const usual: DemoOptions = { nowSeconds: NOW, seed: 1, minutes: 30, perMinute: 20 }

/** The traces as they are after all documents were sent as texts; fails when one of those is not taken. */
function told(options: DemoOptions): readonly TraceIndex[] {
  const traces = new Map<TraceId, SegmentDocument[]>()
  for (const document of demoDocuments(options)) {
    for (const one of read(JSON.stringify(document), options.nowSeconds)) {
      if (!one.ok) throw new Error(`${one.rejection.code}: ${JSON.stringify(document).slice(0, 300)}`)
      const { traceId, raw } = one.value
      traces.set(traceId, [...(traces.get(traceId) ?? []), readSegmentDocument(raw)])
    }
  }
  return Array.from(traces, ([id, documents]) =>
    indexTrace(
      assemble(
        id,
        1,
        documents.map((document, received) => ({ document, received })),
      ),
    ),
  )
}

const traces = told(usual)
const summaries = traces.map((index) => summarize(index.trace, NOW))
const nodes = serviceGraph(traces).nodes
const label = ({ name, type }: { readonly name: string; readonly type?: string }) => `${name} ${type ?? '-'}`
const labels = new Map(nodes.map(({ key, service }) => [key, label(service)]))

describe('whatever is told', () => {
  const options = fc.record({
    nowSeconds: fc.integer({ min: 1_600_000_000, max: 1_900_000_000 }),
    seed: fc.nat(),
    minutes: fc.integer({ min: 1, max: 120 }),
    perMinute: fc.double({ min: 0.01, max: 2, noNaN: true }),
  })

  it('is taken, hangs together, and lies in its time', () => {
    fc.assert(
      fc.property(options, (asked) => {
        const { nowSeconds, minutes } = asked
        for (const { trace } of told(asked)) {
          const { startTime, serviceIds } = summarize(trace, nowSeconds)
          expect(serviceIds.length).toBeGreaterThan(0)
          expect(startTime).toBeGreaterThanOrEqual(nowSeconds - minutes * 60 - 20)
          expect(startTime).toBeLessThanOrEqual(nowSeconds)
        }
      }),
      { numRuns: 30 },
    )
  })

  it('is the same for the same seed, and another for another', () => {
    const texts = (asked: DemoOptions) => [...batchesOf(demoDocuments(asked))].flatMap((batch) => batch.texts)
    expect(texts(usual)).toEqual(texts(usual))
    expect(texts({ ...usual, seed: 2 })).not.toEqual(texts(usual))
  })

  it('comes in calls that a server takes', () => {
    const batches = [...batchesOf(demoDocuments(usual))]
    expect(Math.max(...batches.map(({ texts }) => texts.length))).toBe(50)
    expect(Math.max(...batches.flatMap(({ texts }) => texts.map((text) => text.length)))).toBeLessThan(65_536)
    expect(batches.flatMap(({ texts }) => texts)).toHaveLength([...demoDocuments(usual)].length)
    expect(batches.reduce((sum, batch) => sum + batch.traces, 0)).toBe(traces.length)
  })
})

describe('the map', () => {
  it('has every service, and what they call', () => {
    expect([...labels.values()].toSorted()).toEqual([
      'api.cardpay.example remote',
      'catalog AWS::EKS::Container',
      'checkout AWS::ECS::Fargate',
      'customers AWS::DynamoDB::Table',
      'https://sqs.eu-central-1.amazonaws.com/123456789012/order-placed AWS::SQS::Queue',
      'orders@db.shop.internal Database::SQL',
      'payments AWS::ECS::Fargate',
      'prices AWS::DynamoDB::Table',
      'products AWS::DynamoDB::Table',
      'send-receipt AWS::Lambda',
      'send-receipt AWS::Lambda::Function',
      'send-receipt client',
      'shop-product-images AWS::S3::Bucket',
      'shop-receipts AWS::S3::Bucket',
      'web AWS::ECS::Container',
      'web client',
    ])
  })

  it.each([
    ['web client', 'call', 'web AWS::ECS::Container'],
    ['web AWS::ECS::Container', 'call', 'catalog AWS::EKS::Container'],
    ['web AWS::ECS::Container', 'call', 'checkout AWS::ECS::Fargate'],
    ['checkout AWS::ECS::Fargate', 'call', 'payments AWS::ECS::Fargate'],
    ['checkout AWS::ECS::Fargate', 'call', 'orders@db.shop.internal Database::SQL'],
    ['payments AWS::ECS::Fargate', 'call', 'api.cardpay.example remote'],
    [
      'https://sqs.eu-central-1.amazonaws.com/123456789012/order-placed AWS::SQS::Queue',
      'link',
      'send-receipt AWS::Lambda',
    ],
    ['send-receipt AWS::Lambda', 'call', 'send-receipt AWS::Lambda::Function'],
    ['send-receipt AWS::Lambda::Function', 'call', 'shop-receipts AWS::S3::Bucket'],
  ])('%s, %s, %s', (from, kind, to) => {
    const edges = nodes.filter(({ key }) => labels.get(key) === from).flatMap((node) => node.edges)
    expect(edges.map((edge) => `${edge.kind} ${labels.get(edge.to)}`)).toContain(`${kind} ${to}`)
  })
})

describe('what there is to find', () => {
  test('version 42 of payments fails, and is slow', () => {
    const charges = traces
      .flatMap((index) => index.placedSegments.map(({ entity }) => entity))
      .filter(({ name, inProgress }) => name === 'payments' && !inProgress)
    const ofVersion = (version: number) => charges.filter(({ annotations }) => annotations?.get('version') === version)
    const faults = (version: number) => ofVersion(version).filter(({ fault }) => fault === true).length
    expect(faults(42) / ofVersion(42).length).toBeGreaterThan(0.2)
    expect(faults(41) / ofVersion(41).length).toBeLessThan(0.05)
    const median = (version: number) => {
      const durations = ofVersion(version).map(({ startTime, endTime = startTime }) => endTime - startTime)
      return durations.toSorted((a, b) => a - b)[Math.floor(durations.length / 2)] ?? 0
    }
    expect(median(42)).toBeGreaterThan(1.5 * median(41))
    expect(Math.min(...ofVersion(42).map(({ startTime }) => startTime))).toBeGreaterThan(NOW - 600)
    const causes = summaries.flatMap(({ faultRootCauses }) => faultRootCauses)
    const types = causes.flatMap(({ services }) => services.at(-1)?.entityPath.at(-1)?.exceptions ?? [])
    expect(types.map(({ name }) => name)).toContain('TypeError')
  })

  test.each<[string, number, (summary: (typeof summaries)[number]) => boolean]>([
    ['faults', 10, ({ hasFault }) => hasFault],
    ['errors', 5, ({ hasError, hasFault }) => hasError && !hasFault],
    ['throttles', 2, ({ hasThrottle }) => hasThrottle],
    ['traces in progress, or without their middle', 4, ({ isPartial }) => isPartial],
    ['many traces that are well', 300, ({ hasFault, hasError, isPartial }) => !hasFault && !hasError && !isPartial],
    ['users', 300, ({ users }) => users.length === 1],
    ['carts with a value', 100, ({ annotations }) => annotations.has('cart_value')],
    ['tenants', 300, ({ annotations }) => annotations.has('tenant')],
  ])('%s: at least %i', (_, least, has) => {
    expect(summaries.filter(has).length).toBeGreaterThanOrEqual(least)
  })

  test('a request of 300 equal reads', () => {
    const reads = traces.map(({ subsegments }) =>
      subsegments.filter(({ inferred }) => inferred?.service.name === 'products'),
    )
    expect(reads.filter(({ length }) => length === 300)).toHaveLength(1)
  })

  test('a segment whose parent was never sent', () => {
    const lost = traces.filter(({ placedSegments, find }) =>
      placedSegments.some(
        ({ entity, root }) =>
          entity.name === 'payments' && root.parentId !== undefined && find(root.parentId) === undefined,
      ),
    )
    expect(lost).toHaveLength(1)
  })

  test('a clock that is ahead: a reader that begins after its caller has its answer', () => {
    const skewed = traces.filter(({ placedSegments }) =>
      placedSegments.some(
        ({ entity, caller }) => entity.name === 'catalog' && entity.startTime > (caller?.entity.endTime ?? NOW),
      ),
    )
    expect(skewed.length).toBeGreaterThan(10)
  })

  test('retries', () => {
    const retried = traces.filter(
      ({ subsegments }) => subsegments.filter(({ entity }) => entity.name === 'payments').length > 1,
    )
    expect(retried.length).toBeGreaterThan(5)
  })
})
