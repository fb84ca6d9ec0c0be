import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readCorpus, writeCorpus } from './corpus.ts'
import { TIME_ORIGIN_SECONDS } from './document.ts'
import { findSlots, makePass, patchMessage } from './patch.ts'
import { makeWorkload } from './workload.ts'

const directory = mkdtempSync(join(tmpdir(), 'bench-patch-'))
writeCorpus(directory, makeWorkload(2_000, 5), 5)
afterAll(() => rmSync(directory, { recursive: true }))

const PASS_ORIGIN = 1_800_000_000

test.each(['bodies', 'datagrams'] as const)('a patch changes ids and times of %s and nothing else', (form) => {
  for (const { bytes } of readCorpus(directory, form).messages) {
    const before = bytes.toString('utf8')
    patchMessage(bytes, findSlots(bytes), makePass(PASS_ORIGIN, 0xabcd0001))
    const wanted = before
      .replaceAll('1-00000000-00000000', `1-${PASS_ORIGIN.toString(16)}-abcd0001`)
      .replace(/(_time\\?":)(\d{10})/g, (_, key: string, digits: string) => {
        return key + String(Number(digits) - TIME_ORIGIN_SECONDS + PASS_ORIGIN)
      })
    expect(bytes.toString('utf8')).toBe(wanted)
  }
})

test('a message can be patched again and again: the slots stay where they are', () => {
  const [message] = readCorpus(directory, 'bodies').messages
  if (message === undefined) throw new Error('no message')
  const slots = findSlots(message.bytes)
  const first = Buffer.from(message.bytes)
  patchMessage(first, slots, makePass(PASS_ORIGIN, 2))
  patchMessage(message.bytes, slots, makePass(PASS_ORIGIN - 1_000, 1))
  expect(message.bytes.equals(first)).toBe(false)
  patchMessage(message.bytes, slots, makePass(PASS_ORIGIN, 2))
  expect(message.bytes.equals(first)).toBe(true)
})

test('no two passes share a trace id', () => {
  const prefixes = [makePass(5, 1), makePass(5, 2), makePass(6, 1)].map(({ idPrefix }) => idPrefix)
  expect(new Set(prefixes).size).toBe(3)
})

test('what is written is read back with its counts', () => {
  const { messages, manifest } = readCorpus(directory, 'bodies')
  const total = (key: 'documents' | 'invalid'): number => messages.reduce((sum, message) => sum + message[key], 0)
  expect([total('documents'), total('invalid'), manifest.documents]).toEqual([2_000, 8, 2_000])
})
