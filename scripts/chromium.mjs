// Finds the Chromium that the browser tests drive, and installs it where that can be done without asking.
//   node scripts/chromium.mjs          prints its path; nothing when there is none
//   node scripts/chromium.mjs --find   the same, and never installs
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { pathToFileURL } from 'node:url'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** The path of a Chromium: the one that RADIOGRAPH_CHROMIUM names, or the first in PATH; nothing when there is none. */
export function findChromium() {
  const named = process.env.RADIOGRAPH_CHROMIUM ?? ''
  if (named !== '') return isProgram(named) ? named : undefined
  const directories = (process.env.PATH ?? '').split(delimiter).filter((directory) => directory !== '')
  const paths = NAMES.flatMap((name) => directories.map((directory) => join(directory, name)))
  return paths.find(isProgram)
}

/**
 * The same, after installing it on a Debian where we may. Says so in a line, and in another when there is none in the
 * end: the browser tests are skipped then.
 */
export function ensureChromium(say = console.log) {
  const found = findChromium()
  if (found !== undefined) return found
  if ((process.env.RADIOGRAPH_CHROMIUM ?? '') === '' && mayInstall()) {
    say('Installing Chromium for the browser tests (once, about a minute)…')
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const steps = [['update'], ['install', '-y', '--no-install-recommends', 'chromium']]
    const failed = steps.find((args) => spawnSync('apt-get', args, { env, stdio: 'ignore' }).status !== 0)
    if (failed !== undefined) say(`"apt-get ${failed.join(' ')}" failed`)
  }
  const installed = findChromium()
  if (installed === undefined) {
    say('No Chromium: the browser tests are not run. Install it, or set RADIOGRAPH_CHROMIUM to its path.')
  }
  return installed
}

function mayInstall() {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get')
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const path = process.argv.includes('--find') ? findChromium() : ensureChromium(console.error)
  if (path !== undefined) console.log(path)
}
