// The Python clients: the machine's own where it has them all, else pinned ones in a virtual environment of our own.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { BUILD_TIMEOUT_MS, CACHE, clientEnvironment, lastLine, run, runClient, TESTS } from './processes.mjs'

const REQUIREMENTS = join(TESTS, 'requirements.txt')
const VENV = join(CACHE, 'interop-venv')
const VENV_STAMP = join(VENV, '.radiograph-requirements')

/** The programs, and the Python modules that each needs; what a golden trace of its documents is called. */
const PROGRAMS = [
  { name: 'boto3', modules: ['boto3'], program: 'boto3_client.py' },
  {
    name: 'X-Ray SDK for Python',
    modules: ['boto3', 'aws_xray_sdk'],
    program: 'xray_sdk_client.py',
    golden: 'python',
  },
  {
    name: 'X-Ray SDK for Python, instrumentation',
    modules: ['boto3', 'requests', 'aws_xray_sdk'],
    program: 'xray_sdk_instrumented.py',
    golden: 'python-instrumented',
  },
  {
    name: 'X-Ray SDK for Python, Lambda',
    modules: ['boto3', 'aws_xray_sdk'],
    program: 'xray_sdk_lambda.py',
    golden: 'python-lambda',
  },
  { name: 'X-Ray SDK for Python, sampling', modules: ['boto3', 'aws_xray_sdk'], program: 'xray_sdk_sampling.py' },
  { name: 'boto3, all that is configured', modules: ['boto3'], program: 'boto3_control.py' },
  { name: 'boto3, groups and graphs', modules: ['boto3'], program: 'boto3_graphs.py' },
  { name: 'AWS CLI', modules: ['awscli'], program: 'aws_cli.py', command: 'aws' },
  // The last, since it leaves many traces behind.
  { name: 'boto3, pages of 10,000 traces', modules: ['boto3'], program: 'boto3_pages.py' },
]

/** The clients in Python. Each has a name and `run`, which resolves with a state. */
export function pythonClients({ ownOnly }) {
  const tools = findTools(ownOnly)
  return PROGRAMS.map((program) => ({
    name: program.name,
    golden: program.golden,
    version: () => (tools.python === undefined ? '' : version(tools.python, program.modules.at(-1))),
    run: (context) => runProgram(program, tools, context),
  }))
}

/** Which Python has the clients, or why none. */
function findTools(ownOnly) {
  const python = findPython()
  if (python === undefined) return { why: 'there is no Python 3.9 or newer' }
  if (!ownOnly && PROGRAMS.every(({ modules }) => modules.every((module) => has(python, module)))) return { python }
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
    run('apt-get', ['update', '-qq'], { timeout: BUILD_TIMEOUT_MS })
    run('apt-get', ['install', '-y', '-qq', 'python3-venv'], { timeout: BUILD_TIMEOUT_MS })
    rmSync(VENV, { recursive: true, force: true })
    made = run(python, ['-m', 'venv', VENV])
  }
  if (made.status !== 0) {
    return { why: `no virtual environment: ${lastLine(made)}; on Debian: apt-get install python3-venv` }
  }
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', REQUIREMENTS]
  const installed = run(own, pip, { timeout: BUILD_TIMEOUT_MS })
  if (installed.status !== 0) return { why: `pip install failed: ${lastLine(installed)}` }
  writeFileSync(VENV_STAMP, wanted)
  return { python: own }
}

function isDebianRoot() {
  return process.getuid?.() === 0 && run('apt-get', ['--version']).status === 0
}

/** Runs one program to its end. What cannot be run is `not run`, never passed. */
async function runProgram({ modules, program, command }, { python, why }, { home, server }) {
  if (python === undefined) return { state: 'not run', why }
  const missing = modules.find((module) => !has(python, module))
  const viaCommand = missing !== undefined && command !== undefined && run(command, ['--version']).status === 0
  if (missing !== undefined && !viaCommand) {
    return { state: 'not run', why: `no Python module ${missing}${why === undefined ? '' : `: ${why}`}` }
  }
  const aws = viaCommand ? command : `${quote(python)} -m awscli`
  const env = clientEnvironment(home, server, { RADIOGRAPH_TEST_AWS: aws })
  return runClient(python, [join(TESTS, program)], { cwd: home, env })
}

function version(python, module) {
  const distribution = module.replaceAll('_', '-')
  return run(python, ['-c', `from importlib.metadata import version; print(version('${distribution}'))`]).stdout.trim()
}

/** For a shell's reader of words. */
function quote(path) {
  return `'${path.replaceAll("'", `'\\''`)}'`
}
