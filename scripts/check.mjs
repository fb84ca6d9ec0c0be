// `npm run check`: everything that must hold before a change is proposed. Stops at the first step that fails.
//   --static    leave out the tests
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

import { ensureInstalled, ensureNode, ROOT } from './prepare.mjs'

ensureNode()
ensureInstalled()

const steps = [
  ['oxfmt', ['--check']],
  ['oxlint', ['--type-aware', '--deny-warnings', '--report-unused-disable-directives']],
  ['tsc', ['-b']],
  ['knip', ['--no-progress']],
]

for (const [tool, args] of steps) step([tool, ...args].join(' '), join(ROOT, 'node_modules', '.bin', tool), args)
if (!process.argv.includes('--static')) {
  // Through our own script: the tests need a fresh build, which is not what `tsc -b` above leaves when it fails half way.
  step('npm test', process.execPath, [join(ROOT, 'scripts', 'test.mjs')])
}

function step(name, command, args) {
  const startedMs = Date.now()
  const { status } = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit' })
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(1)
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`)
  if (status !== 0) process.exit(1)
}
