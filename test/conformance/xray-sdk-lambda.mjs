// A Lambda function, traced by the X-Ray SDK for Node in its Lambda mode; run in a process of its own by
// xray-sdk-instrumented.test.ts. The SDK holds a facade in place of the function's segment, which Lambda itself sends
// (spec/ingest §3.7). RADIOGRAPH_TEST_INVOCATIONS: the trace headers of the invocations, separated by spaces.
// Prints the ids of the subsegments as one line of JSON.
import http from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

const problems = []
process.on('unhandledRejection', (reason) => problems.push(String(reason)))
const headers = process.env.RADIOGRAPH_TEST_INVOCATIONS.split(' ')
process.env.LAMBDA_TASK_ROOT ??= '/var/task'
process.env._X_AMZN_TRACE_ID = headers[0]
// The SDK looks at its environment when it is loaded.
const { default: AWSXRay } = await import('aws-xray-sdk-core')
AWSXRay.captureHTTPsGlobal(http, true)

/** The user's code: work with an inner step, then a call over HTTP. */
async function handler(port) {
  const ids = {}
  await AWSXRay.captureAsyncFunc('work', async (work) => {
    ids.work = work.id
    work.addAnnotation('order', 1234)
    await AWSXRay.captureAsyncFunc('step', async (step) => {
      ids.step = step.id
      await sleep(5)
      step.close()
    })
    work.close()
  })
  await new Promise((resolve, reject) => {
    const call = http.get({ host: '127.0.0.1', port, path: '/stock', agent: false }, (answer) =>
      answer.resume().on('end', resolve),
    )
    call.on('error', reject)
  })
  return ids
}

const backend = http.createServer((_, response) => response.end('7'))
await new Promise((resolve) => backend.listen(0, '127.0.0.1', resolve))
const invocations = []
for (const header of headers) {
  process.env._X_AMZN_TRACE_ID = header
  invocations.push(await handler(backend.address().port))
}
backend.close()
await sleep(500)
process.stdout.write(`${JSON.stringify({ invocations, problems })}\n`)
process.exit(0)
