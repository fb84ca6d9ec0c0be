// `npm run test:interop`: real clients that are not Node's, against a real server: boto3, the X-Ray SDK for Python and
// the AWS CLI. They are the machine's own where it has them, else pinned ones in a virtual environment of our own.
//   --venv    our own, also where the machine has them
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { prepare, ROOT } from './prepare.mjs'

const TESTS = join(ROOT, 'test', 'interop')
const REQUIREMENTS = join(TESTS, 'requirements.txt')
const VENV = join(ROOT, '.cache', 'interop-venv')
const VENV_STAMP = join(VENV, '.radiograph-requirements')
const CLIENT_TIMEOUT_MS = 180_000
const INSTALL_TIMEOUT_MS = 600_000
const READY_TIMEOUT_MS = 30_000

/** The clients, the Python module that each needs, and the program that uses it. */
const CLIENTS = [
  { name: 'boto3', module: 'boto3', program: 'boto3_client.py' },
  { name: 'aws-xray-sdk (Python)', module: 'aws_xray_sdk', program: 'xray_sdk_client.py', needs: 'boto3' },
  { name: 'aws-cli', module: 'awscli', program: 'aws_cli.py', command: 'aws' },
]

prepare()
const home = mkdtempSync(join(tmpdir(), 'radiograph-interop-'))
let outcomes = []
try {
  const tools = findTools(process.argv.includes('--venv'))
  const server = await startServer()
  try {
    outcomes = CLIENTS.map((client) => ({ client, ...runClient(client, tools, server) }))
    if (server.process.exitCode !== null) {
      outcomes.push({
        client: { name: 'server' },
        state: 'failed',
        why: `it ended with code ${server.process.exitCode}`,
      })
    }
  } finally {
    await stop(server.process)
  }
} finally {
  rmSync(home, { recursive: true, force: true })
}
report(outcomes)

/** Prints a line per client and the figures, and ends the process. */
function report(list) {
  console.log('')
  for (const { client, state, why } of list) {
    console.log(`${client.name}: ${state}${why === undefined ? '' : ` (${why})`}`)
  }
  const count = (wanted) => list.filter(({ state }) => state === wanted).length
  const boto3Ran = list.some(({ client, state }) => client.name === 'boto3' && state !== 'not run')
  console.log(`${count('passed')} passed, ${count('failed')} failed, ${count('not run')} skipped`)
  // A machine that checks others must not be content with having tried nothing.
  process.exit(count('failed') > 0 || (process.env.CI === 'true' && !boto3Ran) ? 1 : 0)
}

/** Which Python has which client, or why none. */
function findTools(ownOnly) {
  const python = findPython()
  if (python === undefined) return { why: 'there is no Python 3.9 or newer' }
  if (!ownOnly && CLIENTS.every((client) => has(python, client.module))) return { python }
  const venv = ensureVenv(python)
  if (venv.python !== undefined) return venv
  // Some is better than nothing, and what is missing is said.
  return { python, why: venv.why }
}

/** The interpreter itself: a shim such as pyenv's would look for its settings in the home directory. */
function findPython() {
  for (const name of ['python3', 'python']) {
    const found = run(name, ['-c', 'import sys; assert sys.version_info >= (3, 9); print(sys.executable)'])
    if (found.status === 0) return found.stdout.trim()
  }
  return undefined
}

function has(python, module) {
  return run(python, ['-c', `import ${module}`]).status === 0
}

/** Makes the virtual environment unless it is there with what requirements.txt says. */
function ensureVenv(python) {
  const own = join(VENV, 'bin', 'python')
  const wanted = `${readFileSync(REQUIREMENTS, 'utf8')}\n${python}`
  if (existsSync(VENV_STAMP) && readFileSync(VENV_STAMP, 'utf8') === wanted) return { python: own }
  console.log('Installing the Python clients (first run)…')
  rmSync(VENV, { recursive: true, force: true })
  mkdirSync(VENV, { recursive: true })
  let made = run(python, ['-m', 'venv', VENV])
  if (made.status !== 0 && isDebianRoot()) {
    run('apt-get', ['update', '-qq'], INSTALL_TIMEOUT_MS)
    run('apt-get', ['install', '-y', '-qq', 'python3-venv'], INSTALL_TIMEOUT_MS)
    rmSync(VENV, { recursive: true, force: true })
    made = run(python, ['-m', 'venv', VENV])
  }
  if (made.status !== 0) {
    return { why: `no virtual environment: ${lastLine(made)}; on Debian: apt-get install python3-venv` }
  }
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', REQUIREMENTS]
  const installed = run(own, pip, INSTALL_TIMEOUT_MS)
  if (installed.status !== 0) return { why: `pip install failed: ${lastLine(installed)}` }
  writeFileSync(VENV_STAMP, wanted)
  return { python: own }
}

function isDebianRoot() {
  return process.getuid?.() === 0 && run('apt-get', ['--version']).status === 0
}

/** Runs one client's program to its end. What cannot be run is `not run`, never passed. */
function runClient(client, tools, server) {
  const { python } = tools
  if (python === undefined) return { state: 'not run', why: tools.why }
  const missing = [client.needs, client.module].find((module) => module !== undefined && !has(python, module))
  const viaCommand =
    missing !== undefined && client.command !== undefined && run(client.command, ['--version']).status === 0
  if (missing !== undefined && !viaCommand) {
    return { state: 'not run', why: `no Python module ${missing}${tools.why === undefined ? '' : `: ${tools.why}`}` }
  }
  console.log(`\n${client.name} ${viaCommand ? '' : version(python, client.module)}`.trimEnd())
  const result = spawnSync(python, [join(TESTS, client.program)], {
    cwd: home,
    stdio: 'inherit',
    timeout: CLIENT_TIMEOUT_MS,
    env: clientEnvironment(server, viaCommand ? client.command : `${quote(python)} -m awscli`),
  })
  if (result.status === 0) return { state: 'passed' }
  return { state: 'failed', why: result.error?.message ?? `exit code ${result.status}, see above` }
}

/** Nothing of this machine's AWS settings or proxies: dummy credentials, no files, no metadata service. */
function clientEnvironment(server, awsCommand) {
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
    AWS_ENDPOINT_URL_XRAY: server.url,
    RADIOGRAPH_TEST_DAEMON: `${server.host}:${server.port}`,
    RADIOGRAPH_TEST_AWS: awsCommand,
  }
}

/** Starts the built server on a free port with a directory of its own, and waits until it says that it is ready. */
function startServer() {
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
      resolve({ url: ready[1], host: ready[2], port: Number(ready[3]), process: child })
    })
    child.once('exit', (code) => {
      clearTimeout(timer)
      reject(new Error(`the server ended with code ${code} before it was ready`))
    })
  })
}

function stop(child) {
  if (child.exitCode !== null) return Promise.resolve()
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
  child.kill('SIGTERM')
  return new Promise((resolve) =>
    child.once('exit', () => {
      clearTimeout(timer)
      resolve()
    }),
  )
}

function version(python, module) {
  const distribution = module.replaceAll('_', '-')
  return run(python, ['-c', `from importlib.metadata import version; print(version('${distribution}'))`]).stdout.trim()
}

function run(command, args, timeout = 60_000) {
  const result = spawnSync(command, args, { encoding: 'utf8', timeout, stdio: ['ignore', 'pipe', 'pipe'] })
  return { status: result.status, stdout: result.stdout ?? '', stderr: result.stderr ?? result.error?.message ?? '' }
}

function lastLine({ stdout, stderr }) {
  return `${stdout}\n${stderr}`.trim().split('\n').at(-1)?.slice(0, 200)
}

/** For a shell's reader of words. */
function quote(path) {
  return `'${path.replaceAll("'", `'\\''`)}'`
}
