// `npm start`: makes the clone ready, then is the server itself, so that signals and the exit code need no passing on.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { prepare, ROOT } from './prepare.mjs'

prepare()
const program = join(ROOT, 'dist', 'cli', 'main.js')
process.argv = [process.execPath, program, 'serve', ...process.argv.slice(2)]
await import(pathToFileURL(program).href)
