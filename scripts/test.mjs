// `npm test`: makes the clone ready, runs vitest with the arguments given, and ends with one line of figures.
// What failed is named once more right before that line, where a cut log still shows it.
//   --crash        a hundred rounds of the kill tests, and nothing else
//   --node PATH    run the tests under another Node
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

import { ensureChromium } from './chromium.mjs'
import { prepare, ROOT } from './prepare.mjs'

const RESULTS = join(ROOT, '.cache', 'test-results.json')

const { crash, node, passed } = readArguments(process.argv.slice(2))
prepare()
// Given paths may leave out the browser tests; a name of a test may be anybody's.
const wantsBrowser =
  !crash && (passed.every((text) => text.startsWith('-')) || /\bconsole\b|^-t$/m.test(passed.join('\n')))
const chromium = wantsBrowser ? ensureChromium() : undefined
mkdirSync(dirname(RESULTS), { recursive: true })
rmSync(RESULTS, { force: true })
const run = spawnSync(
  node,
  [
    join(ROOT, 'node_modules', 'vitest', 'vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${RESULTS}`,
    ...(crash ? ['test/crash'] : []),
    ...passed,
  ],
  {
    cwd: ROOT,
    stdio: 'inherit',
    env: {
      ...process.env,
      ...(crash ? { RADIOGRAPH_CRASH_ROUNDS: '100' } : {}),
      ...(chromium === undefined ? {} : { RADIOGRAPH_CHROMIUM: chromium }),
    },
  },
)
const ok = run.status === 0
const files = existsSync(RESULTS) ? JSON.parse(readFileSync(RESULTS, 'utf8')).testResults : []
for (const line of namesOfFailures(files)) console.log(line)
const figures = countTests(files, ok)
console.log(`${figures.passed} passed, ${figures.failed} failed, ${figures.skipped} skipped`)
process.exit(ok && figures.failed === 0 && figures.passed > 0 ? 0 : 1)

function readArguments(given) {
  const passed = []
  let crash = false
  let node = process.execPath
  for (let index = 0; index < given.length; index++) {
    if (given[index] === '--crash') crash = true
    else if (given[index] === '--node') node = given[++index] ?? node
    else passed.push(given[index])
  }
  return { crash, node, passed }
}

/** Figures from vitest's own report. What failed outside of a test, such as an import, counts as one failure. */
function countTests(files, ok) {
  const figures = { passed: 0, failed: 0, skipped: 0 }
  for (const file of files) {
    const statuses = file.assertionResults.map((test) => test.status)
    if (file.status === 'failed' && !statuses.includes('failed')) figures.failed++
    for (const status of statuses) figures[status === 'passed' || status === 'failed' ? status : 'skipped']++
  }
  if (!ok && figures.failed === 0) figures.failed = 1
  return figures
}

/** A line for each failure: its file, its name, and the first line of what it said. */
function namesOfFailures(files) {
  return files.flatMap((file) => {
    const failed = file.assertionResults.filter((test) => test.status === 'failed')
    const path = relative(ROOT, file.name)
    if (file.status === 'failed' && failed.length === 0) return [`FAILED ${path}: ${firstLine(file.message)}`]
    return failed.map((test) => `FAILED ${path} > ${test.fullName}: ${firstLine(test.failureMessages[0])}`)
  })
}

function firstLine(text = '') {
  return stripVTControlCharacters(text).split('\n', 1)[0].slice(0, 300)
}
