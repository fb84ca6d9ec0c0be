// `npm run test:interop`: real clients that are not Node's, against a real server: boto3, the AWS CLI, the X-Ray SDKs for
// Python, Go and Java, and the official daemon. A client whose tools are not there is not run, and that is said.
//   --venv       Python clients of our own, also where the machine has them
//   --only NAME  only clients whose name contains this
//   --record     keep what the X-Ray SDKs send, Node's as well, in test/golden/clients
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { compiledClients } from './interop/compiled-clients.mjs'
import { daemonClient } from './interop/daemon.mjs'
import { nodeClients } from './interop/node.mjs'
import { lastLine, run, startServer, stop } from './interop/processes.mjs'
import { pythonClients } from './interop/python.mjs'
import { startRelay, writeGolden } from './interop/record.mjs'
import { prepare, ROOT } from './prepare.mjs'

const { isRecording, ownOnly, only } = readArguments(process.argv.slice(2))
prepare()
const home = mkdtempSync(join(tmpdir(), 'radiograph-interop-'))
const outcomes = await runAll(clientsToRun())
removeHome()
if (isRecording) outcomes.push({ name: 'what must come back', ...rewriteExpected() })
report(outcomes)

function readArguments(given) {
  const at = given.indexOf('--only')
  return {
    isRecording: given.includes('--record'),
    ownOnly: given.includes('--venv'),
    only: at === -1 ? '' : (given[at + 1] ?? ''),
  }
}

function clientsToRun() {
  const all = [...pythonClients({ ownOnly }), ...compiledClients, daemonClient]
  const wanted = isRecording ? [...nodeClients, ...all].filter(({ golden }) => golden !== undefined) : all
  return wanted.filter(({ name }) => name.toLowerCase().includes(only.toLowerCase()))
}

/** What a client's processes still write when it has ended is no reason to fail. */
function removeHome() {
  try {
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  } catch (error) {
    console.log(`${home} is left behind: ${error.message}`)
  }
}

/** Runs the clients one after the other against one server. Whatever goes wrong is one of the outcomes. */
async function runAll(clients) {
  let server
  try {
    server = await startServer(home)
  } catch (error) {
    return [{ name: 'server', state: 'failed', why: error.message }]
  }
  const relay = isRecording ? await startRelay(server) : undefined
  const ended = []
  try {
    for (const client of clients) {
      console.log(`\n${client.name} ${client.version() ?? ''}`.trimEnd())
      const address = relay === undefined ? {} : { daemonAddress: relay.daemonAddress }
      const outcome = await client
        .run({ home, server: { ...server, ...address } })
        .catch((error) => ({ state: 'failed', why: error.message }))
      ended.push({ name: client.name, ...outcome })
      const documents = relay?.take() ?? []
      if (outcome.state === 'passed' && documents.length > 0) {
        writeGolden(client.golden, `${client.name} ${client.version()}`, documents, home)
      }
    }
    const end = server.process.exitCode ?? server.process.signalCode
    if (end !== null) ended.push({ name: 'server', state: 'failed', why: `it ended before the clients did: ${end}` })
  } finally {
    relay?.close()
    await stop(server.process)
  }
  return ended
}

function rewriteExpected() {
  const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs')
  const env = { ...process.env, REWRITE: '1' }
  const ran = run(process.execPath, [vitest, 'run', 'test/golden/clients.test.ts'], { cwd: ROOT, env })
  return ran.status === 0 ? { state: 'passed' } : { state: 'failed', why: lastLine(ran) }
}

/** Prints a line per client and the figures, and ends the process. */
function report(list) {
  console.log('')
  for (const { name, state, why } of list) console.log(`${name}: ${state}${why === undefined ? '' : ` (${why})`}`)
  const count = (wanted) => list.filter(({ state }) => state === wanted).length
  const boto3Ran = list.some(({ name, state }) => name === 'boto3' && state !== 'not run')
  console.log(`${count('passed')} passed, ${count('failed')} failed, ${count('not run')} skipped`)
  // A machine that checks others must not be content with having tried nothing.
  const isContent = process.env.CI !== 'true' || boto3Ran || isRecording || only !== ''
  process.exit(count('failed') > 0 || !isContent ? 1 : 0)
}
