import { randomBytes } from 'node:crypto'
import { PutTraceSegmentsCommand } from '@aws-sdk/client-xray'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServer, type RunningServer } from '../fixtures/run-server.ts'
import { documents, entities, parseObject, subsegments, xrayClient, type JsonObject } from '../fixtures/xray-client.ts'
import { runProgram, traceWhen } from '../fixtures/xray-sdk-program.ts'

let server: RunningServer
let told: JsonObject

beforeAll(async () => {
  server = await startServer()
  told = await runProgram('xray-sdk-instrumented.mjs', {
    AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${server.udpPort}`,
    AWS_XRAY_COLLECT_SQL_QUERIES: 'true',
    RADIOGRAPH_TEST_ENDPOINT: server.url,
  })
})

afterAll(() => server[Symbol.asyncDispose]())

/** What the program says of one of its traces, and that trace's segment once it is complete. */
async function traced(name: string): Promise<{ readonly said: JsonObject; readonly segment: JsonObject | undefined }> {
  const said = parseObject(JSON.stringify(told[name]))
  const client = xrayClient(server.url)
  const trace = await traceWhen(
    client,
    String(said['traceId']),
    (found) => entities(found).get(String(said['id']))?.['end_time'] !== undefined,
  )
  client.destroy()
  return { said, segment: entities(trace).get(String(said['id'])) }
}

describe('the X-Ray SDK for Node traces', () => {
  test('without a problem of its own', () => {
    expect(told['problems']).toEqual([])
  })

  test('calls over HTTP', async () => {
    const { said, segment } = await traced('http')
    const remote = { name: '127.0.0.1', namespace: 'remote' }
    const calls = subsegments(segment)
    // The port is not in the URL: this SDK leaves it out when host and port are given apart.
    expect(calls).toMatchObject([
      { ...remote, http: { request: { method: 'GET', url: 'http://127.0.0.1/200' }, response: { status: 200 } } },
      { ...remote, error: true, throttle: true, http: { response: { status: 429 } } },
      { ...remote, fault: true, http: { response: { status: 503 } } },
      { ...remote, fault: true, cause: { exceptions: [{ message: expect.stringContaining('ECONNREFUSED') }] } },
    ])
    expect(said['received'], 'the header names the subsegment of the call').toEqual(
      calls.slice(0, 3).map(({ id }) => `Root=${String(said['traceId'])};Parent=${String(id)};Sampled=1`),
    )
  })

  test('calls of the AWS SDK', async () => {
    const { said, segment } = await traced('aws')
    expect(said['refused']).toBe('InvalidRequestException')
    expect(subsegments(segment)).toMatchObject([
      {
        name: 'XRay',
        namespace: 'aws',
        aws: { operation: 'BatchGetTraces', region: 'eu-west-1', request_id: said['requestId'] },
        http: { response: { status: 200 } },
      },
      {
        name: 'XRay',
        namespace: 'aws',
        error: true,
        aws: { operation: 'BatchGetTraces' },
        http: { response: { status: 400 } },
        cause: { exceptions: [{ type: 'InvalidRequestException', remote: true }] },
      },
    ])
  })

  test('queries of a database', async () => {
    const { said, segment } = await traced('sql')
    expect(said).toMatchObject({ answer: 42, failed: 'relation "missing" does not exist' })
    const url = `postgresql://127.0.0.1:${String(said['port'])}/orders`
    expect(subsegments(segment)).toMatchObject([
      {
        name: 'orders@127.0.0.1',
        namespace: 'remote',
        sql: { url, user: 'shop', sanitized_query: 'SELECT 42 AS answer' },
      },
      { fault: true, sql: { url }, cause: { exceptions: [{ message: 'relation "missing" does not exist' }] } },
    ])
  })
})

test('in Lambda, its subsegments stand below the segment that Lambda sends', async () => {
  const invocations = [invocation(), invocation()]
  const said = await runProgram('xray-sdk-lambda.mjs', {
    AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${server.udpPort}`,
    RADIOGRAPH_TEST_INVOCATIONS: invocations.map(({ header }) => header).join(' '),
    LAMBDA_TASK_ROOT: '/var/task',
  })
  expect(said['problems']).toEqual([])
  const client = xrayClient(server.url)
  const texts = invocations.flatMap(({ documents: sent }) => sent.map((document) => JSON.stringify(document)))
  await client.send(new PutTraceSegmentsCommand({ TraceSegmentDocuments: texts }))
  for (const [index, { traceId, functionId }] of invocations.entries()) {
    const trace = await traceWhen(client, traceId, (found) => entities(found).size >= 5)
    const { work, step } = parseObject(JSON.stringify((said['invocations'] as readonly unknown[])[index]))
    const byOrigin = new Map(documents(trace).map((document) => [document['origin'], document]))
    expect(byOrigin.get('AWS::Lambda')).toMatchObject({ name: 'checkout' })
    expect(byOrigin.get('AWS::Lambda::Function')).toMatchObject({
      id: functionId,
      name: 'checkout',
      subsegments: [
        { id: work, name: 'work', annotations: { order: 1234 }, subsegments: [{ id: step, name: 'step' }] },
        { name: '127.0.0.1', namespace: 'remote', http: { response: { status: 200 } } },
      ],
    })
    const names = [...entities(trace).values()].map(({ name }) => name)
    expect(names, 'the facade is never sent').not.toContain('facade')
  }
  client.destroy()
})

/** What Lambda does for one invocation: the header in the environment, and its two segments (spec/ingest §3.6). */
function invocation() {
  const now = Date.now() / 1000
  const traceId = `1-${Math.floor(now).toString(16)}-${randomBytes(12).toString('hex')}`
  const [serviceId, functionId] = [randomBytes(8).toString('hex'), randomBytes(8).toString('hex')]
  const shared = { name: 'checkout', trace_id: traceId, start_time: now - 1, end_time: now + 5 }
  return {
    traceId,
    functionId,
    header: `Root=${traceId};Parent=${functionId};Sampled=1`,
    documents: [
      { ...shared, id: serviceId, origin: 'AWS::Lambda', http: { response: { status: 200 } } },
      { ...shared, id: functionId, parent_id: serviceId, origin: 'AWS::Lambda::Function' },
    ],
  }
}
