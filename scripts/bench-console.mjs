// `npm run bench:console -- [--runs N] [--json FILE]`: the console against its budgets (bench/README.md).
import { spawnSync } from 'node:child_process'

import { ensureChromium } from './chromium.mjs'
import { prepare, ROOT } from './prepare.mjs'

prepare()
if (ensureChromium() === undefined) process.exit(1)
const { status } = spawnSync(process.execPath, ['--import', 'tsx', 'bench/console/main.ts', ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: 'inherit',
})
process.exitCode = status ?? 1
