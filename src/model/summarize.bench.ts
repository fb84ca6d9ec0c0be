import { bench, describe } from 'vitest'
import { createStory } from '../../test/fixtures/story.ts'
import { readSegmentDocument } from '../wire/xray/read-segment-document.ts'
import { assemble } from './assemble.ts'
import { traceGraph } from './edges.ts'
import { processedDocuments } from './processed-documents.ts'
import { summarizeIndexed } from './summarize.ts'
import { indexTrace } from './trace-index.ts'

const NOW = 1_780_000_000
const story = createStory(7, NOW)

/** Twelve documents of one trace: four services that call the next one twice, each with a table and a database. */
function twelve(failing: boolean): readonly string[] {
  const trace_id = story.traceId()
  const documents: unknown[] = []
  let callers: readonly (string | undefined)[] = [undefined]
  for (let level = 0; documents.length < 12; level++) {
    const called: string[] = []
    for (const parent_id of callers) {
      const fields = failing ? { fault: true, http: { response: { status: 502 } } } : {}
      const at = NOW - 9 + level
      const times = { start_time: at, end_time: at + 0.9 }
      const call = () =>
        story.aSubsegment({ name: `service ${level + 1}`, namespace: 'remote', traced: true, ...times, ...fields })
      const calls = [call(), call()]
      const table = {
        operation: 'GetItem',
        table_name: `table ${level}`,
        region: 'us-east-1',
        request_id: 'r',
        retries: 0,
      }
      const aws = {
        account_id: '123456789012',
        ec2: { instance_id: 'i-1', availability_zone: 'a' },
        xray: { sdk: 's' },
      }
      documents.push(
        story.aSegment(
          {
            trace_id,
            name: `service ${level}`,
            origin: 'AWS::EC2::Instance',
            start_time: at,
            end_time: at + 3,
            aws,
            ...fields,
            ...(parent_id === undefined ? { user: 'alice' } : { parent_id }),
            http: { request: { method: 'GET', url: 'http://x/' }, response: { status: failing ? 502 : 200 } },
            annotations: { tenant: 'acme', level, cached: level % 2 === 0 },
          },
          story.aSubsegment({ name: 'DynamoDB', namespace: 'aws', aws: table, ...times }),
          story.aSubsegment({
            name: 'orders@db',
            namespace: 'remote',
            sql: { url: 'postgresql://db/orders' },
            ...times,
          }),
          story.aSubsegment({ name: 'render', ...times }),
          ...calls,
        ),
      )
      called.push(...calls.map(({ id }) => id))
    }
    callers = called
  }
  return documents.slice(0, 12).map((document) => JSON.stringify(document))
}

for (const failing of [false, true]) {
  const received = twelve(failing).map((text, position) => ({
    document: readSegmentDocument(text),
    received: position + 1,
  }))
  const [first] = received
  if (first === undefined) throw new Error('no documents')
  const { traceId } = first.document
  const trace = assemble(traceId, 1, received)
  const index = indexTrace(trace)

  describe(failing ? 'twelve documents with faults' : 'twelve documents', () => {
    bench('assemble', () => void assemble(traceId, 1, received))
    bench('index', () => void indexTrace(trace))
    bench('summarize', () => void summarizeIndexed(index, NOW))
    bench('graph', () => void traceGraph(index))
    bench('processed documents', () => void processedDocuments(trace))
  })
}
