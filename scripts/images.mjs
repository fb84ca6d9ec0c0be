// `npm run images`: takes the pictures of the console in docs/images, from the built server and the demo.
import { spawnSync } from 'node:child_process'

import { ensureChromium } from './chromium.mjs'
import { prepare, ROOT } from './prepare.mjs'

prepare()
if (ensureChromium() === undefined) process.exit(1)
const { status } = spawnSync(
  process.execPath,
  ['--import', 'tsx', 'tools/generate-images.ts', ...process.argv.slice(2)],
  { cwd: ROOT, stdio: 'inherit' },
)
process.exitCode = status ?? 1
