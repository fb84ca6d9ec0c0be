// Starting and ending the processes of the interoperability tests: tools, clients and the server.
import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'

import { ROOT } from '../prepare.mjs'

export const CACHE = join(ROOT, '.cache')
export const TESTS = join(ROOT, 'test', 'interop')
/** First runs download and compile. */
export const BUILD_TIMEOUT_MS = 600_000
const CLIENT_TIMEOUT_MS = 180_000
/** The engine is half a gigabyte: where nothing of it is in memory, a slow disk takes its time. */
const READY_TIMEOUT_MS = 120_000

/** Runs a tool to its end, without its output on the screen. */
export function run(command, args, { timeout = 60_000, cwd, env } = {}) {
  const options = { encoding: 'utf8', timeout, cwd, env, stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 64 * 1024 ** 2 }
  const result = spawnSync(command, args, options)
  return { status: result.status, stdout: result.stdout ?? '', stderr: result.stderr || (result.error?.message ?? '') }
}

/** The end of what a tool said, for a reason in one line. */
export function lastLine({ stdout, stderr }) {
  return `${stdout}\n${stderr}`.trim().split('\n').at(-1)?.trim().slice(0, 200)
}

/**
 * Runs a client's program to its end, and resolves with `state` and, if it failed, `why`. What it prints is shown as it
 * comes, or returned as `stdout`.
 */
export function runClient(command, args, { cwd, env, isQuiet = false }) {
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', isQuiet ? 'pipe' : 'inherit', 'inherit'] })
  let stdout = ''
  child.stdout?.setEncoding('utf8').on('data', (text) => (stdout += text))
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), CLIENT_TIMEOUT_MS)
    const end = (state, why) => {
      clearTimeout(timer)
      resolve({ state, stdout, ...(why === undefined ? {} : { why }) })
    }
    child.once('error', (error) => end('failed', error.message))
    child.once('close', (code, signal) => {
      if (code === 0) end('passed')
      else end('failed', `${signal === null ? `exit code ${code}` : `killed by ${signal}`}, see above`)
    })
  })
}

/** Nothing of this machine's AWS settings or proxies: dummy credentials, no files, no metadata service. */
export function clientEnvironment(home, { url, daemonAddress }, more = {}) {
  const { PATH = '', LANG = 'C.UTF-8' } = process.env
  const nothing = join(home, 'none')
  return {
    PATH,
    LANG,
    HOME: home,
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONIOENCODING: 'utf-8',
    NO_PROXY: '*',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'none',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_REGION: 'us-east-1',
    AWS_CONFIG_FILE: nothing,
    AWS_SHARED_CREDENTIALS_FILE: nothing,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_MAX_ATTEMPTS: '1',
    AWS_PAGER: '',
    AWS_ENDPOINT_URL_XRAY: url,
    RADIOGRAPH_TEST_DAEMON: daemonAddress,
    RADIOGRAPH_TEST_ENDPOINT: url,
    ...more,
  }
}

/** Starts the built server on a free port with a directory of its own, and waits until it says that it is ready. */
export function startServer(home) {
  // What it says of rejected documents, which the clients send on purpose, would only hide what matters.
  const child = spawn(
    process.execPath,
    [join(ROOT, 'dist', 'cli', 'main.js'), 'serve', '--port', '0', '--data', join(home, 'data')],
    {
      cwd: home,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { PATH: process.env.PATH ?? '', HOME: home, RADIOGRAPH_LOG_LEVEL: 'error' },
    },
  )
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`the server was not ready within ${READY_TIMEOUT_MS} ms`))
    }, READY_TIMEOUT_MS)
    let text = ''
    child.stdout.setEncoding('utf8').on('data', (piece) => {
      text += piece
      const ready = /^Radiograph is listening on (http:\/\/(\S+):(\d+))$/m.exec(text)
      if (ready === null) return
      clearTimeout(timer)
      const [, url, host, port] = ready
      resolve({ url, host, port: Number(port), daemonAddress: `${host}:${port}`, process: child })
    })
    child.once('exit', (code, signal) => {
      clearTimeout(timer)
      reject(new Error(`the server ended (${signal ?? `code ${code}`}) before it was ready`))
    })
  })
}

/** Ends a process of ours, with force after ten seconds. */
export function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
  child.kill('SIGTERM')
  return new Promise((resolve) =>
    child.once('exit', () => {
      clearTimeout(timer)
      resolve()
    }),
  )
}
