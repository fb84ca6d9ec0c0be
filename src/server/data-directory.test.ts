import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openDataDirectory } from './data-directory.ts'
import { StartError } from './start-error.ts'

let base: string
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'radiograph-directory-'))
})
afterEach(() => rm(base, { recursive: true, force: true }))

it('is created, belongs to one, and can be had again after it was closed', async () => {
  const path = join(base, 'a', 'b')
  const first = await openDataDirectory(path, false)
  await expect(openDataDirectory(path, false)).rejects.toThrow(
    /another Radiograph is using the data directory .*--data/,
  )
  await first.close()
  const second = await openDataDirectory(path, false)
  await second.close()
})

it('is locked, too, when its path is too long for a socket', async () => {
  const path = join(base, 'x'.repeat(120))
  const first = await openDataDirectory(path, false)
  await expect(openDataDirectory(path, false)).rejects.toBeInstanceOf(StartError)
  await first.close()
})

it('is not locked by what a killed process left behind', async () => {
  // A socket file that nobody listens on: closing a server by its handle leaves no file, so a plain file stands in.
  await writeFile(join(base, 'lock.sock'), '')
  const directory = await openDataDirectory(base, false)
  await directory.close()
})

it('is refused when it cannot be one, with what to do', async () => {
  const file = join(base, 'file')
  await writeFile(file, '')
  await expect(openDataDirectory(join(file, 'below'), false)).rejects.toThrow(
    /cannot write to the data directory .* \(ENOTDIR\): choose another with --data, or use --ephemeral/,
  )
})

it('vanishes when it is ephemeral', async () => {
  const directory = await openDataDirectory(join(base, 'unused'), true)
  await writeFile(join(directory.path, 'data'), 'x')
  await directory.close()
  expect(existsSync(directory.path)).toBe(false)
  expect(existsSync(join(base, 'unused'))).toBe(false)
})
