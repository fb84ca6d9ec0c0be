// The official X-Ray daemon in front of the server (spec/ingest §4.3): documents come through it, its proxy answers with
// the server's sampling rules, its telemetry is stored, and none of its calls is slow while others load the server.
import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { goEnvironment } from './compiled-clients.mjs'
import { BUILD_TIMEOUT_MS, CACHE, clientEnvironment, lastLine, run, stop } from './processes.mjs'
import { call, matches, readTraces } from './traces.mjs'

/** Version 3.5.0. Its tags are not versions to Go's tools, since the module's path does not end in /v3. */
const COMMIT = '0afa51b415f5cced9a9bf0d5fc640ab7fc93c82e'
const OUTPUT = join(CACHE, 'interop-daemon', COMMIT.slice(0, 12))
const DOCUMENTS = 500
const SEGMENTS_PER_TRACE = 5
const LONGEST_CALL_SECONDS = 1.5
const HOSTNAME = 'daemon-host'

/** RADIOGRAPH_TEST_XRAY_DAEMON names a daemon that is there already. */
export const daemonClient = {
  name: 'official X-Ray daemon',
  version: () => (process.env.RADIOGRAPH_TEST_XRAY_DAEMON === undefined ? '3.5.0' : 'of this machine'),
  run: async (context) => {
    const { command, why } = buildDaemon()
    return command === undefined ? { state: 'not run', why } : runDaemon(command, context)
  },
}

function buildDaemon() {
  const given = process.env.RADIOGRAPH_TEST_XRAY_DAEMON
  if (given !== undefined) return existsSync(given) ? { command: given } : { why: `there is no ${given}` }
  const command = join(OUTPUT, 'tracing')
  if (existsSync(command)) return { command }
  if (run('go', ['version']).status !== 0) return { why: 'there is no Go' }
  mkdirSync(OUTPUT, { recursive: true })
  const built = run('go', ['install', `github.com/aws/aws-xray-daemon/cmd/tracing@${COMMIT}`], {
    cwd: OUTPUT,
    timeout: BUILD_TIMEOUT_MS,
    env: { ...goEnvironment(), GOBIN: OUTPUT },
  })
  return built.status === 0 ? { command } : { why: `it cannot be downloaded or built: ${lastLine(built)}` }
}

async function runDaemon(command, { home, server }) {
  const daemon = await startDaemon(command, home, server)
  let failed = 0
  const check = async (title, test) => {
    try {
      await test()
      console.log(`  ok      ${title}`)
    } catch (error) {
      failed++
      console.log(`  FAILED  ${title}: ${error.message}`)
    }
  }
  try {
    await check('its TCP proxy answers with the server’s sampling rules', async () => {
      const { SamplingRuleRecords } = await call(`http://127.0.0.1:${daemon.port}`, '/GetSamplingRules', {})
      const names = SamplingRuleRecords.map(({ SamplingRule }) => SamplingRule.RuleName)
      matches(names.includes('Default'), true, 'the Default rule is there')
    })
    await check(`${DOCUMENTS} documents arrive through it, while others load the server`, async () => {
      const traces = testTraces()
      const load = startLoad(server.url)
      try {
        await send(daemon.port, traces)
        await sentOn(daemon)
      } finally {
        await load.stop()
      }
      await arrived(server.url, traces)
    })
  } finally {
    await stop(daemon.process)
  }
  await check(`each of its calls took less than ${LONGEST_CALL_SECONDS} s, and none failed`, async () => {
    const slow = sendings(daemon).filter(({ seconds }) => seconds >= LONGEST_CALL_SECONDS)
    matches(slow, [], 'slow calls')
    matches(/failed|unprocessed|spilling/i.exec(daemon.log())?.[0], undefined, 'nothing failed')
  })
  await check('its telemetry is stored; it sends what it has when it ends', async () => {
    const { collectors } = await (await fetch(`${server.url}/api/collectors`)).json()
    const mine = collectors.find(({ hostname }) => hostname === HOSTNAME)
    matches(mine?.lastHour, { segmentsReceived: DOCUMENTS, segmentsSent: DOCUMENTS, segmentsRejected: 0 })
  })
  return failed === 0 ? { state: 'passed' } : { state: 'failed', why: `${failed} of its checks` }
}

/** Starts the daemon on a port of its own, with the configuration that docs/ ship. */
async function startDaemon(command, home, server) {
  const port = await freePort()
  const config = join(home, 'cfg.yaml')
  const lines = [
    `Endpoint: "${server.url}"`,
    'Region: us-east-1',
    'LocalMode: true',
    'Socket:',
    `  UDPAddress: "127.0.0.1:${port}"`,
    `  TCPAddress: "127.0.0.1:${port}"`,
    'Version: 2',
  ]
  writeFileSync(config, `${lines.join('\n')}\n`)
  const env = { ...clientEnvironment(home, server), AWS_HOSTNAME: HOSTNAME }
  // It must go where the file says, and nowhere else.
  delete env.AWS_ENDPOINT_URL_XRAY
  const child = spawn(command, ['-c', config], { cwd: home, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (piece) => (text += piece))
  for (let attempt = 0; attempt < 100; attempt++) {
    const isUp = await fetch(`http://127.0.0.1:${port}/GetSamplingRules`, { method: 'POST', body: '{}' }).catch(
      () => null,
    )
    if (isUp !== null) return { process: child, port, log: () => text }
    if (child.exitCode !== null) break
    await sleep(100)
  }
  await stop(child)
  throw new Error(`the daemon did not start: ${text.slice(-500)}`)
}

/** Traces of five segments each: the first is the parent of the others. */
function testTraces() {
  return Array.from({ length: DOCUMENTS / SEGMENTS_PER_TRACE }, (_, index) => {
    const now = Date.now() / 1000
    const id = `1-${Math.floor(now).toString(16)}-${`da${index.toString(16)}`.padStart(24, '0')}`
    const documents = Array.from({ length: SEGMENTS_PER_TRACE }, (__, position) => ({
      name: position === 0 ? 'front' : `back-${position}`,
      id: `${(index + 1).toString(16)}00${position}`.padStart(16, 'd'),
      trace_id: id,
      ...(position === 0 ? {} : { parent_id: `${(index + 1).toString(16)}000`.padStart(16, 'd') }),
      start_time: now - 1,
      end_time: now,
    }))
    return { id, documents }
  })
}

/** As SDKs do, a little slower than the loopback could: UDP has no way to say that it is too much. */
async function send(port, traces) {
  const socket = createSocket('udp4')
  for (const { documents } of traces) {
    for (const document of documents) {
      const datagram = `{"format":"json","version":1}\n${JSON.stringify(document)}`
      await new Promise((resolve, reject) =>
        socket.send(datagram, port, '127.0.0.1', (error) => (error ? reject(error) : resolve())),
      )
    }
    await sleep(10)
  }
  socket.close()
}

/** What the daemon says that it sent: how many documents, and how long the call took. */
function sendings(daemon) {
  const lines = daemon.log().matchAll(/sent batch of (\d+) segments.*?\((\d+\.\d+) seconds\)/gi)
  return [...lines].map(([, count, seconds]) => ({ count: Number(count), seconds: Number(seconds) }))
}

/** Waits until the daemon has sent all of its documents on. */
async function sentOn(daemon) {
  for (let attempt = 0; attempt < 150; attempt++) {
    const sum = sendings(daemon).reduce((total, { count }) => total + count, 0)
    if (sum >= DOCUMENTS) return
    await sleep(200)
  }
  throw new Error(`it did not send all documents on; it says: ${daemon.log().slice(-500)}`)
}

async function arrived(url, traces) {
  const giveUpAt = Date.now() + 30_000
  for (let from = 0; from < traces.length;) {
    const found = await readTraces(
      url,
      traces.slice(from, from + 5).map(({ id }) => id),
    )
    if (found.length === 5 && found.every((documents) => documents.length === SEGMENTS_PER_TRACE)) {
      from += 5
    } else {
      if (Date.now() > giveUpAt) throw new Error(`only ${from} traces arrived whole`)
      await sleep(200)
    }
  }
}

/** Four senders of batches of 50 documents, some thousands a second together, and a reader of summaries. */
function startLoad(url) {
  let isOver = false
  const hex = (length) => Array.from({ length }, () => Math.floor(Math.random() * 16).toString(16)).join('')
  const batch = () =>
    Array.from({ length: 50 }, () => {
      const now = Date.now() / 1000
      const trace_id = `1-${Math.floor(now).toString(16)}-${hex(24)}`
      return JSON.stringify({ name: 'load', id: hex(16), trace_id, start_time: now - 1, end_time: now })
    })
  const sender = async () => {
    while (!isOver) {
      await call(url, '/TraceSegments', { TraceSegmentDocuments: batch() })
      await sleep(25)
    }
  }
  const reader = async () => {
    while (!isOver) {
      const now = Math.floor(Date.now() / 1000)
      await call(url, '/TraceSummaries', { StartTime: now - 60, EndTime: now })
      await sleep(200)
    }
  }
  const done = Promise.all([sender(), sender(), sender(), sender(), reader()])
  done.catch(() => {})
  return {
    stop: () => {
      isOver = true
      return done
    },
  }
}

/** A port that is free for TCP and, most likely, for UDP. */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}
