// A small program, run in a process of its own by operator.test.ts: aws-xray-sdk-core decides what to sample by the
// rules that the server gives it, and reports to it what it sampled. Prints what the SDK decided and logged.
import { setTimeout as sleep } from 'node:timers/promises'
import AWSXRay from 'aws-xray-sdk-core'
import sampler from 'aws-xray-sdk-core/dist/lib/middleware/sampling/default_sampler.js'

const complaints = []
const said = []
const logged =
  (list) =>
  (...words) =>
    void list.push(words.map(String).join(' '))
AWSXRay.setLogger({ error: logged(complaints), warn: logged(complaints), info: logged(said), debug: () => {} })
process.on('unhandledRejection', logged(complaints))

const wanted = async (message) => {
  for (let waitedMs = 0; waitedMs < 20_000 && !said.some((line) => line.includes(message)); waitedMs += 100) {
    await sleep(100)
  }
}

sampler.start()
await wanted('Successfully refreshed centralized sampling rule cache')
const decisions = Array.from({ length: 20 }, () =>
  sampler.shouldSample({ host: 'shop', httpMethod: 'GET', urlPath: '/', serviceName: 'shop' }),
)
// The SDK reports every ten seconds.
await wanted('Successfully reported rule statistics')
process.stdout.write(`${JSON.stringify({ complaints, said, decisions })}\n`)
process.exit(0)
