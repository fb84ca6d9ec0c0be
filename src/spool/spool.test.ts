import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { IncomingDocument } from '../model/document.ts'
import type { EntityId, TraceId } from '../model/ids.ts'
import { nodeDisk, type OpenFile, type SpoolDisk } from './disk.ts'
import { readDocumentRows, writeDocumentRow } from './document-row.ts'
import type { RowWriter } from './row-writer.ts'
import { Spool, SpoolFullError, type SpoolOptions } from './spool.ts'

type SpoolEvent = Parameters<SpoolOptions['onEvent']>[0]

const document: IncomingDocument = {
  kind: 'segment',
  traceId: '1-6b000000-000000000000000000000001' as TraceId,
  id: '00000000000000ab' as EntityId,
  name: 'web',
  startTime: 1_795_176_000,
  complete: true,
  inferred: false,
  raw: '{"name":"web"}',
  search: { names: [], terms: [], urls: [], isRoot: false, lastEnd: -Infinity },
}
const tenant = { account: '123456789012', region: 'us-east-1' }

/** Writes the one row of a call, which is known by its stamp. */
const row =
  (stamp: number, raw = document.raw) =>
  (to: RowWriter): void =>
    writeDocumentRow(to, { ...document, raw }, { tenant, received: stamp, call: stamp })

let directory: string
/** The stamps that the engine has, in the order in which it got them. */
let stored: number[]
/** How many rows came in each file. */
let files: number[]
let events: SpoolEvent[]
let spools: Spool[]
let insert: (path: string) => Promise<void>

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'radiograph-spool-'))
  stored = []
  files = []
  events = []
  spools = []
  insert = insertInto(stored, files)
})
afterEach(async () => {
  for (const spool of spools) await spool.close(0)
  await rm(directory, { recursive: true, force: true })
})

/** An engine that keeps to the lists of its own test: a spool that was closed at once may still insert in the next. */
function insertInto(stamps: number[], counts: number[]): (path: string) => Promise<void> {
  return async (path) => {
    const read = [...readDocumentRows(await readFile(path))].map((one) => one.document.received)
    counts.push(read.length)
    stamps.push(...read)
  }
}

async function openSpool(options: Partial<SpoolOptions> = {}): Promise<Spool> {
  const spool = await Spool.open({
    directory,
    limitBytes: 2 ** 20,
    sealBytes: 2 ** 20,
    sealAfterMs: 60_000,
    insert,
    onEvent: (event) => events.push(event),
    ...options,
  })
  spools.push(spool)
  return spool
}

/** The real disk, of which each kind of operation can be made to fail. */
function failingDisk(): { readonly disk: SpoolDisk; readonly fail: Set<string>; readonly calls: string[] } {
  const fail = new Set<string>()
  const calls: string[] = []
  const attempt = async <T>(operation: string, act: () => Promise<T>): Promise<T> => {
    calls.push(operation)
    if (fail.has(operation)) throw new Error(`${operation} failed`)
    return act()
  }
  const openFile = (file: OpenFile): OpenFile => ({
    append: (bytes) =>
      attempt('append', async () => {
        if (!fail.has('append half')) return file.append(bytes)
        await file.append(bytes.subarray(0, bytes.length / 2))
        throw new Error('append half failed')
      }),
    sync: () => attempt('sync', () => file.sync()),
    truncate: (length) => attempt('truncate', () => file.truncate(length)),
    close: async () => {
      await file.close()
      await attempt('close', async () => {})
    },
  })
  const disk: SpoolDisk = {
    create: (path) => attempt('create', async () => openFile(await nodeDisk.create(path))),
    list: (path) => nodeDisk.list(path),
    read: (path) => nodeDisk.read(path),
    truncate: (path, length) => attempt('truncate later', () => nodeDisk.truncate(path, length)),
    remove: (path) => attempt('remove', () => nodeDisk.remove(path)),
  }
  return { disk, fail, calls }
}

describe('append', () => {
  it('shares one sync among the calls of a turn, and one among those that came meanwhile; the order stays', async () => {
    const { disk, calls } = failingDisk()
    const spool = await openSpool({ disk })
    const answered: number[] = []
    const append = (stamp: number) => spool.append(row(stamp)).then(() => answered.push(stamp))
    const first = [append(1), append(2), append(3)]
    await vi.waitFor(() => expect(calls).toContain('sync'), { interval: 0 })
    await Promise.all([...first, append(4), append(5)])
    expect(answered).toEqual([1, 2, 3, 4, 5])
    expect(calls.filter((call) => call === 'sync').length).toBeLessThanOrEqual(2)
    await spool.freshen()
    expect(stored).toEqual([1, 2, 3, 4, 5])
  })

  it('resolves only when the rows are in the file', async () => {
    const spool = await openSpool()
    await spool.append(row(7))
    const [name = ''] = await readdir(directory)
    const rows = [...readDocumentRows(await readFile(join(directory, name)))]
    expect(rows.map((one) => one.document.received)).toEqual([7])
    expect(spool.pendingBytes).toBeGreaterThan(0)
  })

  it('takes nothing of a call whose rows cannot be written', async () => {
    const spool = await openSpool()
    const throwing = spool.append((to) => {
      row(1)(to)
      throw new Error('bad row')
    })
    await expect(throwing).rejects.toThrow('bad row')
    await spool.append(row(2))
    await spool.append(() => {})
    await spool.freshen()
    expect(stored).toEqual([2])
  })

  it('is refused at the limit, and taken again when the engine has caught up', async () => {
    let release = (): void => {}
    const gate = new Promise<void>((resolve) => (release = resolve))
    const spool = await openSpool({
      limitBytes: 3000,
      sealBytes: 1000,
      insert: async (path) => {
        await gate
        await insert(path)
      },
    })
    let stamp = 0
    const fill = async (): Promise<void> => {
      for (;;) await spool.append(row((stamp += 1), 'x'.repeat(500)))
    }
    await expect(fill()).rejects.toThrow(SpoolFullError)
    const taken = stamp - 1
    expect(taken).toBeGreaterThan(3)
    release()
    await spool.freshen()
    await vi.waitFor(() => expect(spool.pendingBytes).toBe(0))
    await spool.append(row(1000))
    await spool.freshen()
    expect(stored).toEqual([...Array.from({ length: taken }, (_, position) => position + 1), 1000])
  })
})

describe('sealing', () => {
  it('happens by size', async () => {
    const spool = await openSpool({ sealBytes: 1 })
    for (const stamp of [1, 2, 3]) await spool.append(row(stamp))
    await vi.waitFor(() => expect(files).toEqual([1, 1, 1]))
    await vi.waitFor(async () => expect(await readdir(directory)).toEqual([]))
  })

  it('happens by time, counted from the first row', async () => {
    const spool = await openSpool({ sealAfterMs: 50 })
    await spool.append(row(1))
    await spool.append(row(2))
    expect(stored).toEqual([])
    await vi.waitFor(() => expect(files).toEqual([2]))
  })
})

describe('freshen', () => {
  it('resolves when the engine has what was acknowledged before; many callers share a file', async () => {
    const spool = await openSpool()
    await spool.freshen()
    await spool.append(row(1))
    await spool.append(row(2))
    await Promise.all(Array.from({ length: 20 }, () => spool.freshen()))
    expect(files).toEqual([2])
    await spool.freshen()
    expect(files).toEqual([2])
  })

  it('rejects when its signal aborts', async () => {
    const spool = await openSpool({ insert: () => new Promise((resolve) => setTimeout(resolve, 200)) })
    await spool.append(row(1))
    await expect(spool.freshen(AbortSignal.timeout(20))).rejects.toMatchObject({ name: 'TimeoutError' })
    await spool.freshen()
  })

  it('asked during an attempt that fails, waits for the next one', async () => {
    let failing = (): void => {}
    let attempts = 0
    const spool = await openSpool({
      insert: async (path) => {
        attempts += 1
        if (attempts > 1) return insert(path)
        await new Promise<void>((resolve) => (failing = resolve))
        throw new Error('no space')
      },
    })
    await spool.append(row(1))
    const early = spool.freshen()
    await vi.waitFor(() => expect(attempts).toBe(1), { interval: 0 })
    const late = spool.freshen()
    failing()
    await expect(early).rejects.toThrow('did not take')
    await late
    expect(stored).toEqual([1])
  })

  it('rejects while the engine refuses, and the file is tried again until it is taken', async () => {
    let refuse = true
    const spool = await openSpool({
      insert: async (path) => {
        if (refuse) throw new Error('no room')
        await insert(path)
      },
    })
    await spool.append(row(1))
    await expect(spool.freshen()).rejects.toThrow('the store did not take the newest documents')
    await expect(spool.freshen()).rejects.toMatchObject({ cause: { message: 'no room' } })
    expect(events).toMatchObject([{ kind: 'insert-failed' }, { kind: 'insert-failed' }])
    refuse = false
    await spool.append(row(2))
    await spool.freshen()
    expect(stored).toEqual([1, 2])
  })
})

describe('a failing disk', () => {
  const failures: readonly (readonly string[])[] = [
    ['create'],
    ['append'],
    ['append half'],
    ['sync'],
    ['sync', 'truncate'],
    ['append half', 'truncate'],
    ['append half', 'truncate', 'close'],
  ]
  it.each(failures.map((operations) => [operations.join(', '), operations] as const))(
    '%s: the call is refused, nothing acknowledged is lost, and it recovers by itself',
    async (_, operations) => {
      const { disk, fail } = failingDisk()
      const spool = await openSpool({ disk })
      // With nothing in the file yet, and with something.
      for (const round of [10, 20]) {
        if (round === 20) await spool.append(row(round))
        if (round === 20 && operations[0] === 'create') await spool.freshen()
        for (const operation of operations) fail.add(operation)
        const refused = await Promise.allSettled([spool.append(row(round + 1)), spool.append(row(round + 2))])
        expect(refused.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
        fail.clear()
        await spool.append(row(round + 3))
      }
      await spool.freshen()
      const acknowledged = [13, 20, 23]
      expect(stored.filter((stamp) => acknowledged.includes(stamp))).toEqual(acknowledged)
      // A refused call may be found when it was written whole, and could not be cut off.
      const allowed = operations.includes('truncate') ? [21, 22] : []
      expect(stored.filter((stamp) => !acknowledged.includes(stamp) && !allowed.includes(stamp))).toEqual([])
      expect(events.filter(({ kind }) => kind === 'write-failed').length).toBeGreaterThanOrEqual(2)
      await vi.waitFor(() => expect(spool.pendingBytes).toBe(0))
    },
  )

  it('remove: the file is inserted again, which changes nothing, until it can be removed', async () => {
    const { disk, fail } = failingDisk()
    const spool = await openSpool({ disk })
    fail.add('remove')
    await spool.append(row(1))
    await expect(spool.freshen()).rejects.toThrow()
    fail.clear()
    await spool.freshen()
    expect(stored).toEqual([1, 1])
    expect(await readdir(directory)).toEqual([])
  })
})

describe('opening', () => {
  it('hands over what an earlier run left, in order, without a torn tail', async () => {
    const broken = async (): Promise<void> => {
      throw new Error('away')
    }
    const before = await openSpool({ insert: broken, sealBytes: 1 })
    for (const stamp of [1, 2, 300]) await before.append(row(stamp))
    await before.close(0)
    const names = (await readdir(directory)).toSorted()
    expect(names).toHaveLength(3)
    const last = join(directory, names[2] ?? '')
    const whole = await readFile(last)
    await writeFile(last, Buffer.concat([whole, whole.subarray(0, whole.length - 1)]))
    await writeFile(join(directory, 'notes.txt'), 'not a spool file')
    events = []

    const spool = await openSpool()
    expect(events).toEqual([{ kind: 'tail-cut', path: last, bytes: whole.length - 1 }])
    expect(spool.lastStamp).toBeGreaterThanOrEqual(300)
    await spool.append(row(301))
    await spool.freshen()
    expect(stored).toEqual([1, 2, 300, 301])
    expect(await readdir(directory)).toEqual(['notes.txt'])
  })

  it('removes a file in which nothing is whole', async () => {
    await writeFile(join(directory, '0000000007.rows'), Buffer.alloc(4096))
    const spool = await openSpool()
    await spool.append(row(1))
    await spool.freshen()
    expect(stored).toEqual([1])
    expect(spool.lastStamp).toBe(0)
    expect(await readdir(directory)).toEqual([])
  })
})

describe('close', () => {
  it('hands over what was taken, and takes no more', async () => {
    const spool = await openSpool()
    const appended = spool.append(row(1))
    await spool.close(5000)
    await appended
    expect(stored).toEqual([1])
    await expect(spool.append(row(2))).rejects.toThrow('closed')
  })

  it('does not wait longer than the grace for an engine that does not answer', async () => {
    let answer = (): void => {}
    const spool = await openSpool({ insert: () => new Promise((resolve) => (answer = resolve)) })
    await spool.append(row(1))
    const began = performance.now()
    await spool.close(100)
    expect(performance.now() - began).toBeLessThan(2000)
    expect(await readdir(directory)).toHaveLength(1)
    answer()
  })

  it('gives up after the grace, and keeps the file for the next start', async () => {
    const spool = await openSpool({
      insert: async () => {
        await sleep(5)
        throw new Error('away')
      },
    })
    await spool.append(row(1))
    const began = performance.now()
    await spool.close(100)
    expect(performance.now() - began).toBeLessThan(2000)
    expect(stored).toEqual([])
    const next = await openSpool()
    await next.freshen()
    expect(stored).toEqual([1])
  })
})
