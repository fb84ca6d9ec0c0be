import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { spoolBacklog } from './spool-backlog.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'radiograph-backlog-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

it('counts spool files, and the age of the oldest', async () => {
  for (const name of ['0000000009.rows', '0000000010.rows', 'note.txt']) await writeFile(join(directory, name), '')
  const { birthtimeMs } = await stat(join(directory, '0000000009.rows'))
  expect(await spoolBacklog(directory, birthtimeMs + 1500)).toEqual({ files: 2, lagSeconds: 1.5 })
})

it.each(['', 'missing'])('has nothing to say of an empty or missing directory: %j', async (name) => {
  expect(await spoolBacklog(join(directory, name), 0)).toEqual({ files: 0, lagSeconds: 0 })
})
