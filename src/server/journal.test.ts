import { appendFile, mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JournalOptions } from './journal.ts'
import { Journal, readJournal } from './journal.ts'

let directory: string
let path: string
let nowMs: number
let failures: Error[]

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'radiograph-journal-'))
  path = join(directory, 'j.jsonl')
  nowMs = 1_700_000_000_000
  failures = []
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const open = (options: Partial<JournalOptions> = {}) =>
  Journal.open({
    path,
    generationBytes: 1e6,
    perSecond: 1000,
    now: () => nowMs,
    onFailure: (error) => failures.push(error),
    ...options,
  })

async function all(): Promise<readonly object[]> {
  const entries: object[] = []
  for await (const entry of readJournal(path)) entries.push(entry)
  return entries
}

const numbers = async () => (await all()).map((entry) => Reflect.get(entry, 'n'))

describe('a journal', () => {
  it('is read newest first, while it is open', async () => {
    const journal = await open()
    for (const n of [1, 2, 3]) journal.append(() => ({ n }))
    expect(await all()).toEqual([
      { seq: 3, timeMs: nowMs, n: 3 },
      { seq: 2, timeMs: nowMs, n: 2 },
      { seq: 1, timeMs: nowMs, n: 1 },
    ])
    journal.close()
  })

  it('is empty when there is none', async () => {
    expect(await all()).toEqual([])
  })

  it('goes on after a restart, and after a process that never closed it', async () => {
    for (const n of [1, 2, 3]) (await open()).append(() => ({ n }))
    expect((await all()).map((entry) => Reflect.get(entry, 'seq'))).toEqual([3, 2, 1])
  })

  it('is for its owner alone', async () => {
    ;(await open()).append(() => ({}))
    expect((await stat(path)).mode & 0o777).toBe(0o600)
  })

  it('keeps two generations within their bytes, the newest entries', async () => {
    const journal = await open({ generationBytes: 2_000 })
    for (let n = 1; n <= 500; n++) journal.append(() => ({ n, text: 'ä'.repeat(n % 50) }))
    const sizes = await Promise.all([path, `${path}.1`].map(async (file) => (await stat(file)).size))
    expect(sizes.every((size) => size > 0 && size <= 2_000)).toBe(true)
    const kept = await numbers()
    expect(kept).toEqual(kept.map((_, index) => 500 - index))
    expect(kept.length).toBeGreaterThan(15)
    journal.close()
  })

  it('reads lines that are longer than what it reads at a time', async () => {
    const journal = await open({ generationBytes: 1e7 })
    const text = 'é\n'.repeat(50_000)
    for (const n of [1, 2, 3]) journal.append(() => ({ n, text }))
    expect((await all()).map((entry) => Reflect.get(entry, 'text') === text)).toEqual([true, true, true])
    journal.close()
  })

  it.each<[string, string]>([
    ['a line that was cut off', '{"seq":2,"timeMs":1,"n":9'],
    ['a line that is no entry', '[1]\n{"n":9}\nnull\n'],
    ['bytes that mean nothing', '\u0000\u0000\u0000'],
  ])('passes over %s', async (_, torn) => {
    const first = await open()
    first.append(() => ({ n: 1 }))
    first.close()
    await appendFile(path, torn)
    const second = await open()
    second.append(() => ({ n: 2 }))
    expect(await numbers()).toEqual([2, 1])
    expect((await readFile(path, 'utf8')).endsWith('\n')).toBe(true)
  })

  it('leaves out what is too much in a second, and says how much it was', async () => {
    const journal = await open({ perSecond: 2 })
    const made: number[] = []
    const append = (n: number) =>
      journal.append(() => {
        made.push(n)
        return { n }
      })
    expect([1, 2, 3, 4].map(append)).toEqual([true, true, false, false])
    nowMs += 1000
    expect(append(5)).toBe(true)
    expect(made).toEqual([1, 2, 5])
    expect(await all()).toMatchObject([{ seq: 3, n: 5, suppressed: 2 }, { n: 2 }, { n: 1 }])
    expect(journal.dropped).toBe(2)
  })

  it('tells of a disk that says no, and goes on when it says yes again', async () => {
    const elsewhere = join(directory, 'missing', 'j.jsonl')
    const journal = await open({ path: elsewhere })
    expect(journal.append(() => ({ n: 1 }))).toBe(false)
    expect(failures).toMatchObject([{ code: 'ENOENT' }])
    expect(journal.dropped).toBe(1)
    await mkdir(join(directory, 'missing'))
    expect(journal.append(() => ({ n: 2 }))).toBe(true)
    expect(JSON.parse(await readFile(elsewhere, 'utf8'))).toEqual({ seq: 1, timeMs: nowMs, suppressed: 1, n: 2 })
  })
})
