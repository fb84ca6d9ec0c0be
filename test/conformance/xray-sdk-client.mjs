// A small instrumented program, run in a process of its own by xray-sdk.test.ts. It uses aws-xray-sdk-core as its users
// do: no address in the code, segments over UDP, sampling rules over TCP. Prints what it traced as one line of JSON.
import http from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import AWSXRay from 'aws-xray-sdk-core'

AWSXRay.captureHTTPsGlobal(http, true)
AWSXRay.middleware.setDefaultName('sdk-shop')
const namespace = AWSXRay.getNamespace()
const problems = []
process.on('unhandledRejection', (reason) => problems.push(String(reason)))

/** An instrumented server that answers through a traced call to a second, uninstrumented server. */
async function tracedRequest() {
  const backend = http.createServer((_, response) => response.writeHead(404).end('none'))
  await new Promise((resolve) => backend.listen(0, '127.0.0.1', resolve))
  const backendUrl = `http://127.0.0.1:${backend.address().port}/stock`
  let traced
  const web = http.createServer((request, response) => {
    const segment = AWSXRay.middleware.traceRequestResponseCycle(request, response)
    traced = { traceId: segment.trace_id, id: segment.id, sampled: segment.notTraced !== true }
    namespace.bindEmitter(request)
    namespace.bindEmitter(response)
    namespace.run(() => {
      AWSXRay.setSegment(segment)
      segment.setUser('alice')
      http.get(backendUrl, (answer) => answer.resume().on('end', () => response.writeHead(503).end('sold out')))
    })
  })
  await new Promise((resolve) => web.listen(0, '127.0.0.1', resolve))
  const plain = http.__request ?? http.request
  await new Promise((resolve, reject) => {
    const call = plain({ port: web.address().port, host: '127.0.0.1', path: '/cart?id=7', agent: false }, (answer) =>
      answer.resume().on('end', resolve),
    )
    call.on('error', reject)
    call.end()
  })
  web.close()
  backend.close()
  return traced
}

/** A segment sent once while open, with nested asynchronous captures, annotations, metadata and an error with a cause. */
async function nestedWork() {
  const segment = new AWSXRay.Segment('sdk-worker')
  const ids = {}
  await namespace.runAndReturn(async () => {
    AWSXRay.setSegment(segment)
    segment.addAnnotation('early', true)
    segment.flush()
    await AWSXRay.captureAsyncFunc('outer', async (outer) => {
      ids.outer = outer.id
      outer.addAnnotation('order', 1234)
      outer.addMetadata('basket', { items: [1, 2, 3], note: null }, 'shop')
      await sleep(5)
      await AWSXRay.captureAsyncFunc('inner', async (inner) => {
        ids.inner = inner.id
        await sleep(5)
        inner.close(new TypeError('no such item'))
      })
      outer.close()
    })
  })
  segment.close()
  return { traceId: segment.trace_id, id: segment.id, ...ids }
}

/** More open subsegments than the SDK keeps, so that it streams some of them ahead of their segment. */
async function streamedWork(count) {
  const segment = new AWSXRay.Segment('sdk-streaming')
  await namespace.runAndReturn(async () => {
    AWSXRay.setSegment(segment)
    const work = Array.from({ length: count }, (_, index) =>
      AWSXRay.captureAsyncFunc(`step ${index}`, async (step) => {
        await sleep(5 + (index % 7))
        step.close()
      }),
    )
    await Promise.all(work)
  })
  segment.close()
  return { traceId: segment.trace_id, id: segment.id, count }
}

const result = { request: await tracedRequest(), nested: await nestedWork(), streamed: await streamedWork(250) }
// The SDK's socket does not hold the process open, nor do its pollers.
await sleep(500)
process.stdout.write(`${JSON.stringify({ ...result, problems })}\n`)
process.exit(0)
