// `npm run bench -- <command> …`: sets up what the benchmark needs, then runs it (bench/README.md).
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath, URL } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const prepare = new URL('prepare.mjs', import.meta.url)
if (existsSync(prepare)) {
  const { ensureInstalled, ensureBuilt } = await import(prepare.href)
  await ensureInstalled()
  // Only these start a server of their own.
  if (['all', 'start', 'scale'].includes(process.argv[2])) await ensureBuilt()
}

const child = spawn(process.execPath, ['--import', 'tsx', 'bench/main.ts', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
})
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => {
  process.exitCode = signal === null ? (code ?? 1) : 1
})
