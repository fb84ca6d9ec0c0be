// A program whose calls over HTTP, to AWS and to a database are traced by the X-Ray SDK for Node; run in a process of
// its own by xray-sdk-instrumented.test.ts. AWS is the server under test itself: RADIOGRAPH_TEST_ENDPOINT.
// Prints what it traced as one line of JSON.
import http from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { BatchGetTracesCommand, XRayClient } from '@aws-sdk/client-xray'
import AWSXRay from 'aws-xray-sdk-core'
import capturePostgres from 'aws-xray-sdk-postgres'
import pg from 'pg'

import { startPostgresStub } from './postgres-stub.mjs'

const problems = []
process.on('unhandledRejection', (reason) => problems.push(String(reason)))
AWSXRay.captureHTTPsGlobal(http, true)
const namespace = AWSXRay.getNamespace()

/** Runs `work` inside a segment, which it then closes. */
async function inSegment(name, work) {
  const segment = new AWSXRay.Segment(name)
  const told = await namespace.runAndReturn(async () => {
    AWSXRay.setSegment(segment)
    return work()
  })
  segment.close()
  return { traceId: segment.trace_id, id: segment.id, ...told }
}

/** Three answers and a refused connection. */
async function httpCalls() {
  const received = []
  const backend = http.createServer((request, response) => {
    received.push(request.headers['x-amzn-trace-id'])
    response.writeHead(Number(request.url.slice(1)), { 'content-type': 'text/plain' }).end('text')
  })
  await new Promise((resolve) => backend.listen(0, '127.0.0.1', resolve))
  const { port } = backend.address()
  return inSegment('node-http', async () => {
    for (const status of [200, 429, 503]) await get(port, `/${status}`)
    backend.close()
    backend.closeAllConnections()
    await get(port, '/refused')
    return { received }
  })
}

function get(port, path) {
  return new Promise((resolve) => {
    const call = http.get({ host: '127.0.0.1', port, path, agent: false }, (answer) =>
      answer.resume().on('end', resolve),
    )
    call.on('error', resolve)
  })
}

/** A call that is answered, and one that is refused with an exception of the service. */
async function awsCalls() {
  const xray = AWSXRay.captureAWSv3Client(
    new XRayClient({
      endpoint: process.env.RADIOGRAPH_TEST_ENDPOINT,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'none' },
      maxAttempts: 1,
    }),
  )
  const ids = Array.from({ length: 6 }, (_, index) => `1-58406520-${String(index).padStart(24, '0')}`)
  return inSegment('node-aws', async () => {
    const answer = await xray.send(new BatchGetTracesCommand({ TraceIds: ids.slice(0, 1) }))
    const [refused] = await Promise.allSettled([xray.send(new BatchGetTracesCommand({ TraceIds: ids }))])
    return { requestId: answer.$metadata.requestId, refused: refused.reason?.name }
  })
}

/** A query that is answered, and one that fails. */
async function sqlCalls() {
  const stub = await startPostgresStub()
  const { Client } = capturePostgres(pg)
  const client = new Client({
    host: '127.0.0.1',
    port: stub.port,
    user: 'shop',
    password: 'secret',
    database: 'orders',
  })
  await client.connect()
  const told = await inSegment('node-sql', async () => {
    const answer = await new Promise((resolve) => client.query('SELECT 42 AS answer', (_, rows) => resolve(rows)))
    const failed = await new Promise((resolve) => client.query('SELECT * FROM missing', (error) => resolve(error)))
    return { port: stub.port, answer: answer.rows[0].answer, failed: failed.message }
  })
  await client.end()
  stub.close()
  return told
}

const told = { http: await httpCalls(), aws: await awsCalls(), sql: await sqlCalls() }
// The SDK's socket does not hold the process open, nor do its pollers.
await sleep(500)
process.stdout.write(`${JSON.stringify({ ...told, problems })}\n`)
process.exit(0)
