// Makes a clone ready to run, and does nothing when it is. Plain JavaScript without dependencies, since it runs before
// there are any; and nothing in it may need a newer Node than the check below, which has to be able to speak.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

import { packConsole } from './pack-console.mjs'

export const ROOT = fileURLToPath(new URL('..', import.meta.url))
const NODE_FLOOR = [20, 19]
const INSTALL_STAMP = join(ROOT, 'node_modules', '.radiograph-install')
const BUILD_STAMP = join(ROOT, 'dist', '.radiograph-build')
const CONSOLE = join(ROOT, 'dist', 'console')
// The bundler removes it together with the rest, so that what somebody bundled by hand is not taken for complete.
const CONSOLE_STAMP = join(CONSOLE, '.radiograph-console')

/** Installs and builds what is missing or out of date. Ends the process with a message when that fails. */
export function prepare() {
  ensureNode()
  ensureInstalled()
  ensureBuilt()
}

/** Ends the process when this Node is too old. */
export function ensureNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > NODE_FLOOR[0] || (major === NODE_FLOOR[0] && minor >= NODE_FLOOR[1])) return
  fail(
    `Radiograph needs Node ${NODE_FLOOR.join('.')} or newer, and this is ${process.versions.node}: see https://nodejs.org`,
  )
}

/**
 * Installs unless node_modules holds exactly what package-lock.json says.
 *
 * Not with `npm ci`: that refuses a lock file without the binaries for other systems, and a lock file holds only those
 * that the registry offered to the machine that wrote it. `npm install --no-save` keeps to the lock file all the same,
 * and does not write it.
 */
export function ensureInstalled() {
  const text = readFileSync(join(ROOT, 'package-lock.json'), 'utf8')
  const lock = JSON.parse(text)
  const stamp = createHash('sha256').update(text).digest('hex')
  ensureLockIsCurrent(lock)
  if (readIfThere(INSTALL_STAMP) === stamp) return
  if (!isInstalledByHand(lock)) {
    const first = !existsSync(join(ROOT, 'node_modules'))
    console.log(first ? 'Installing dependencies (first run, about a minute)…' : 'Installing changed dependencies…')
    // --include=dev: the compiler is one, and NODE_ENV=production would leave it out.
    const [command, args] = npm(['install', '--no-save', '--include=dev', '--no-audit', '--no-fund'])
    runQuietly(command, args, 'npm install failed')
  }
  writeFileSync(INSTALL_STAMP, stamp)
}

/** Compiles the server and bundles the console, each unless dist was made from these very sources. */
export function ensureBuilt() {
  const stamp = stampOf(serverSources())
  const consoleStamp = stampOf(consoleSources())
  const complete = existsSync(join(ROOT, 'dist', 'cli', 'main.js'))
  const isServerCurrent = complete && readIfThere(BUILD_STAMP) === stamp
  const isConsoleCurrent = readIfThere(CONSOLE_STAMP) === consoleStamp
  if (isServerCurrent && isConsoleCurrent) return
  console.log('Building…')
  if (!isServerCurrent) {
    // Half a dist would make the compiler's own notes lie about what is there.
    if (!complete) rmSync(join(ROOT, 'dist'), { recursive: true, force: true })
    const compiler = join(ROOT, 'node_modules', '.bin', 'tsc')
    runQuietly(compiler, ['-b', 'tsconfig.server.json'], 'the build failed')
    removeStaleOutput()
    mkdirSync(join(ROOT, 'dist'), { recursive: true })
    writeFileSync(BUILD_STAMP, stamp)
  }
  if (!isConsoleCurrent || !existsSync(CONSOLE_STAMP)) {
    const bundler = join(ROOT, 'node_modules', '.bin', 'vite')
    runQuietly(bundler, ['build', '--logLevel', 'error'], 'the build of the console failed')
    packConsole(CONSOLE)
    writeFileSync(CONSOLE_STAMP, consoleStamp)
  }
}

/** The compiler leaves the output of sources that are gone; a published package would carry it along. */
function removeStaleOutput() {
  for (const path of filesBelow(join(ROOT, 'dist'))) {
    const name = relative(join(ROOT, 'dist'), path)
    const module = /^(?!console\/)(.*?)(?:\.d\.ts|\.js|\.js\.map)$/.exec(name)?.[1]
    if (module !== undefined && !isCompiled(join(ROOT, 'src', `${module}.ts`))) rmSync(path)
  }
}

/** Whether a file below src becomes part of dist. */
function isCompiled(path) {
  return path.endsWith('.ts') && !/\.(?:test|bench)\.ts$/.test(path) && existsSync(path)
}

/** How to run npm: the one that runs us, if one does, since another may be first in PATH. */
export function npm(args) {
  const path = process.env.npm_execpath
  return path !== undefined && path.endsWith('.js') ? [process.execPath, [path, ...args]] : ['npm', args]
}

/** Prints one line and ends the process. */
function fail(message) {
  console.error(`radiograph: ${message}`)
  process.exit(1)
}

/** Runs a command; its output is only of interest when it fails. */
function runQuietly(command, args, failure) {
  const result = spawnSync(command, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 64 * 1024 ** 2 })
  if (result.status === 0) return
  process.stderr.write(result.stdout ?? '')
  process.stderr.write(result.stderr ?? '')
  fail(`${failure}${result.error === undefined ? '' : `: ${result.error.message}`}; what it said stands above`)
}

/** Ends the process when package.json asks for something that the lock file does not know. */
function ensureLockIsCurrent(lock) {
  const wanted = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  for (const kind of ['dependencies', 'devDependencies']) {
    for (const [name, range] of Object.entries(wanted[kind] ?? {})) {
      if (lock.packages[''][kind]?.[name] === range) continue
      fail(`package.json asks for ${name} ${range}, and package-lock.json does not know it: run "npm install"`)
    }
  }
}

/**
 * Whether somebody ran npm themselves, and it left what the lock file says. npm writes its own note of what it
 * installed as its last step, so an install that was cut short does not pass.
 */
function isInstalledByHand(lock) {
  const note = readIfThere(join(ROOT, 'node_modules', '.package-lock.json'))
  if (note === undefined) return false
  const installed = JSON.parse(note).packages
  return Object.entries(lock.packages).every(([path, wanted]) => {
    if (path === '') return true
    const found = installed[path]
    // What is optional may be for another machine.
    return found === undefined ? wanted.optional === true : found.version === wanted.version
  })
}

/** What the compiler makes the server of. */
const serverSources = () => filesBelow(join(ROOT, 'src')).filter((path) => isCompiled(path) && !isOfConsole(path))

/** What the bundler makes the console of: its own files, and the layers that run anywhere. */
function consoleSources() {
  const shared = ['model', 'filter', join('wire', 'xray'), join('wire', 'own')]
  const compiled = shared.flatMap((folder) => filesBelow(join(ROOT, 'src', folder))).filter(isCompiled)
  const own = filesBelow(join(ROOT, 'src', 'console')).filter((path) => !/\.(?:test\.tsx?|md)$/.test(path))
  return [...compiled, ...own, join(ROOT, 'vite.config.ts'), join(ROOT, 'scripts', 'pack-console.mjs')]
}

const isOfConsole = (path) => path.startsWith(join(ROOT, 'src', 'console'))

/** A hash of these files, of how they are compiled, and of the packages they use. */
function stampOf(sources) {
  const hash = createHash('sha256')
  const configs = readdirSync(ROOT).filter((name) => /^tsconfig.*\.json$/.test(name))
  for (const path of [...configs.map((name) => join(ROOT, name)), join(ROOT, 'package-lock.json'), ...sources].sort(
    byText,
  )) {
    hash
      .update(`${relative(ROOT, path)}\0`)
      .update(readFileSync(path))
      .update('\0')
  }
  return hash.digest('hex')
}

const byText = (a, b) => (a < b ? -1 : 1)

function filesBelow(directory) {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name)
    return entry.isDirectory() ? filesBelow(path) : [path]
  })
}

function readIfThere(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}
