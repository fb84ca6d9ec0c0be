import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import type { IncomingDocument } from '../model/document.ts'
import type { EntityId, TraceId } from '../model/ids.ts'
import { readDocumentRows, writeDocumentRow } from './document-row.ts'
import { Spool } from './spool.ts'

const run = promisify(execFile)

/** A file system of 2 MiB, or why there is none. */
async function mountSmallDisk(path: string): Promise<string | undefined> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'mounting a small disk takes Linux and root'
  try {
    await run('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', path])
    return undefined
  } catch (error) {
    return `mount is not permitted here: ${(error as Error).message.trim()}`
  }
}

const directory = await mkdtemp(join(tmpdir(), 'radiograph-small-disk-'))
const reason = await mountSmallDisk(directory)

afterAll(async () => {
  if (reason === undefined) await run('umount', [directory])
  await rm(directory, { recursive: true, force: true })
})

const document: IncomingDocument = {
  kind: 'segment',
  traceId: '1-6b000000-000000000000000000000001' as TraceId,
  id: '00000000000000ab' as EntityId,
  name: 'web',
  startTime: 1_795_176_000,
  complete: true,
  inferred: false,
  raw: 'x'.repeat(50_000),
  search: { names: [], terms: [], urls: [], isRoot: false, lastEnd: -Infinity },
}

describe('a disk that is really full', () => {
  it.skipIf(reason !== undefined)(
    `refuses calls, loses none that it acknowledged, and goes on when there is room${reason === undefined ? '' : `: ${reason}`}`,
    async () => {
      const stored: number[] = []
      const errors: Error[] = []
      const spool = await Spool.open({
        directory,
        limitBytes: 2 ** 30,
        sealBytes: 2 ** 30,
        sealAfterMs: 60_000,
        insert: async (path) => {
          stored.push(...[...readDocumentRows(await readFile(path))].map((row) => row.document.received))
        },
        onEvent: (event) => {
          if ('error' in event) errors.push(event.error)
        },
      })
      const ballast = join(directory, 'ballast')
      await writeFile(ballast, Buffer.alloc(1_000_000))
      const acknowledged: number[] = []
      const refused: number[] = []
      const append = async (stamp: number): Promise<void> => {
        const tenant = { account: '1', region: 'r' }
        await spool
          .append((to) => writeDocumentRow(to, document, { tenant, received: stamp, call: stamp }))
          .then(
            () => acknowledged.push(stamp),
            () => refused.push(stamp),
          )
      }
      for (let stamp = 1; refused.length < 3 && stamp < 200; stamp++) await append(stamp)
      expect(refused).toHaveLength(3)
      expect(errors[0]).toMatchObject({ code: 'ENOSPC' })
      const before = acknowledged.length
      expect(before).toBeGreaterThan(5)

      await rm(ballast)
      for (let stamp = 1001; stamp < 1004; stamp++) await append(stamp)
      expect(acknowledged).toHaveLength(before + 3)
      await spool.close(5000)
      expect(stored).toEqual(acknowledged)
    },
  )
})
