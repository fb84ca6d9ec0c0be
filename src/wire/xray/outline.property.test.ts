import fc from 'fast-check'
import { expect, test } from 'vitest'
import { outlined, outlinedEntity } from '../../../test/fixtures/outlined.ts'
import { assemble } from '../../model/assemble.ts'
import { traceGraph } from '../../model/edges.ts'
import type { SegmentDocument } from '../../model/entity.ts'
import type { TraceId } from '../../model/ids.ts'
import { isPartial } from '../../model/is-partial.ts'
import { recordedExceptions } from '../../model/recorded-exceptions.ts'
import { summarize } from '../../model/summarize.ts'
import { indexTrace } from '../../model/trace-index.ts'
import { createDocumentReader } from './read-document.ts'
import { readOutline } from './read-outline.ts'
import { readSegmentDocument } from './read-segment-document.ts'
import { defaultReaderOptions } from './reader-options.ts'

const NOW = 1_800_000_000
const TRACE = '1-6b49d200-000000000000000000000001' as TraceId
const read = createDocumentReader({ ...defaultReaderOptions, maxPastSeconds: 0 })

const odd = fc.constantFrom<unknown>(
  null,
  '',
  'x',
  0,
  -1,
  -0,
  12.5,
  true,
  'TRUE',
  '12',
  [],
  {},
  [null],
  [{}],
  ['x', 1],
  '\ud800',
)
const text = fc.oneof({ weight: 4, arbitrary: fc.constantFrom('x', 'y', 'DynamoDB', 'arn:a:b') }, odd)
const id = fc.nat({ max: 9 }).map((number) => `ABCDEF000000000${number}`)
const fields = (model: Record<string, fc.Arbitrary<unknown>>) => fc.record(model, { requiredKeys: [] })
const orOdd = (arbitrary: fc.Arbitrary<unknown>) => fc.oneof({ weight: 6, arbitrary }, odd)
const anyOf = (...values: readonly unknown[]) => orOdd(fc.constantFrom(...values))

const aws = fields({
  account_id: text,
  operation: text,
  ...Object.fromEntries(
    ['table_name', 'table_names', 'queue_url', 'bucket_name', 'resource_names'].map((key) => [key, text]),
  ),
  ...Object.fromEntries(['function_name', 'function_arn', 'topic_arn', 'endpoint_name'].map((key) => [key, text])),
  ec2: orOdd(fields({ instance_id: text, availability_zone: text, instance_type: text })),
  ecs: orOdd(fields({ container_arn: text, container: text })),
  cloudwatch_logs: orOdd(fc.oneof(fields({ arn: text }), fc.array(orOdd(fields({ arn: text, log_group: text }))))),
})
const exception = orOdd(fields({ id: orOdd(id), type: text, message: text, remote: text, stack: odd, cause: text }))
const reserved = 'aws.xray.reserved.'
const attributes = fields({
  [`${reserved}reference_type`]: anyOf('child', 'parent'),
  [`${reserved}names`]: odd,
  other: text,
})
const links = orOdd(
  fc.array(orOdd(fields({ trace_id: anyOf(TRACE), id: orOdd(id), attributes: orOdd(attributes) })), { maxLength: 30 }),
)

const common = {
  namespace: anyOf('aws', 'remote', 'local'),
  error: anyOf(true, false),
  throttle: anyOf(true, false),
  fault: anyOf(true, false),
  http: orOdd(
    fields({
      request: orOdd(
        fields({ method: text, url: text, user_agent: text, client_ip: text, x_forwarded_for: text, traced: text }),
      ),
      response: orOdd(fields({ status: anyOf(200, 404, 429, 500, '503', 99, 200.5), content_length: text })),
    }),
  ),
  aws: orOdd(aws),
  cause: orOdd(
    fc.oneof(id, fields({ id: orOdd(id), message: text, exceptions: orOdd(fc.array(exception, { maxLength: 3 })) })),
  ),
  annotations: orOdd(fc.dictionary(fc.constantFrom('a', 'b', '__proto__', '1', 'x y', 'aws:c'), odd)),
  metadata: odd,
  sql: orOdd(fields({ url: text })),
  precursor_ids: odd,
  traced: anyOf(true, false),
  links,
  user: text,
  origin: text,
  resource_arn: text,
  service: odd,
}
const start = fc.oneof(
  fc.nat({ max: 4 }).map((seconds) => NOW + seconds),
  fc.double({ min: NOW, max: NOW + 5, noNaN: true }),
)
const end = fc.oneof(start, fc.constantFrom(0, NOW + 90_000, 3))
const required = { id, name: fc.constantFrom('x', 'y', 'DynamoDB', 'sqs', 's3', 'Lambda'), start_time: start }
const ends = fc.oneof(fc.record({ end_time: end }), fc.constant({ in_progress: true }))

const { entity } = fc.letrec<{ entity: object }>((tie) => ({
  entity: fc
    .tuple(
      fc.record({ ...common, ...required }, { requiredKeys: ['id', 'name', 'start_time'] }),
      ends,
      fc.oneof(
        { maxDepth: 3, depthSize: 'small' },
        fc.constant([]),
        fc.array(fc.oneof(tie('entity'), fc.constant(null)), { maxLength: 3 }),
      ),
    )
    .map(([own, closed, subsegments]) => ({ ...own, ...closed, subsegments })),
}))
const document = fc
  .record({
    entity,
    top: fc.constantFrom({}, {}, { type: 'subsegment' }, { type: 'Subsegment', inferred: true }, { inferred: 'true' }),
    parent: fc.option(id, { nil: undefined }),
  })
  .map(({ entity: own, top, parent }) => {
    const parentId = parent ?? ('type' in top ? 'abcdef0000000009' : undefined)
    return JSON.stringify({
      ...own,
      ...top,
      trace_id: TRACE,
      ...(parentId === undefined ? {} : { parent_id: parentId }),
    })
  })

/** All that is made of a trace for those who look for it. */
function derived(documents: readonly SegmentDocument[]): unknown {
  const trace = assemble(
    TRACE,
    1,
    documents.map((one, received) => ({ document: one, received })),
  )
  const index = indexTrace(trace)
  const exceptionsOf = recordedExceptions(index)
  const { nodes, edges, links: linked } = traceGraph(index)
  return {
    summary: summarize(trace, NOW, 1),
    isPartial: isPartial(index),
    exceptions: [...index.segments, ...index.subsegments].map((placed) => exceptionsOf(placed.entity)),
    nodes: nodes.map(({ segments, inferred, ...node }) => {
      return { ...node, segments: segments.map(outlinedEntity), inferred: inferred.map(outlinedEntity) }
    }),
    edges: edges.map(({ statistics, ...edge }) => ({ ...edge, statistics: outlinedEntity(statistics) })),
    links: linked.map(({ to, segment, link: { traceId, id: linkedId } }) => ({
      to,
      segment: segment.id,
      traceId,
      linkedId,
    })),
  }
}

test('a trace of outlines has the same summary, root causes and graph as a trace of whole documents', () => {
  let accepted = 0
  fc.assert(
    fc.property(fc.array(document, { minLength: 1, maxLength: 5 }), (texts) => {
      const values = texts.flatMap((one) => read(one, NOW)).flatMap((entry) => (entry.ok ? entry.value : []))
      accepted += values.length
      const whole = values.map(({ raw }) => readSegmentDocument(raw))
      const outlines = values.map(({ raw }) => readOutline(raw))
      expect(outlines).toEqual(whole.map(outlined))
      if (values.length > 0) expect(derived(outlines)).toEqual(derived(whole))
    }),
    { numRuns: 1_000 },
  )
  // Proves that what is generated is accepted.
  expect(accepted).toBeGreaterThan(2_000)
}, 60_000)
