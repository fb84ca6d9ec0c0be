import { BatchGetTracesCommand, GetTraceSummariesCommand, PutTraceSegmentsCommand } from '@aws-sdk/client-xray'
import { expect, it } from 'vitest'
import { startServer, temporaryDirectory } from '../fixtures/run-server.ts'
import { newTraceId, segment } from '../fixtures/segments.ts'
import { xrayClient } from '../fixtures/xray-client.ts'

/** As the CloudWatch agent and ADOT send spans through PutTraceSegments (spec/interop §1.0); larger than a document may be. */
const SPANS = [`T1S${Buffer.alloc(60_000, 'spans').toString('base64')}`, 'T1UCgQKAhIA']

it('OTLP strings are taken with the documents of their call, are no traces, and outlive a kill −9', async () => {
  await using directory = await temporaryDirectory()
  const trace = newTraceId()
  const window = { StartTime: new Date(Date.now() - 600_000), EndTime: new Date(Date.now() + 600_000) }
  for (const life of ['sent', 'after kill -9']) {
    await using server = await startServer({ dataDir: directory.path })
    const client = xrayClient(server.url)
    if (life === 'sent') {
      const documents = [...SPANS, JSON.stringify(segment({ trace_id: trace }))]
      const answer = await client.send(new PutTraceSegmentsCommand({ TraceSegmentDocuments: documents }))
      expect(answer.UnprocessedTraceSegments).toEqual([])
    }
    const { TraceSummaries } = await client.send(new GetTraceSummariesCommand(window))
    expect(TraceSummaries?.map(({ Id }) => Id)).toEqual([trace])
    const { Traces } = await client.send(new BatchGetTracesCommand({ TraceIds: [trace] }))
    expect(Traces?.[0]?.Segments).toHaveLength(1)
    if (life === 'sent') {
      expect(server.stderr()).toContain('"count":2')
      expect(server.stderr()).toContain('OTLP spans were kept as they came')
    }
    await server.kill()
  }
})
