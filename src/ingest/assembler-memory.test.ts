import { expect, test } from 'vitest'
import { memoryMark } from '../../test/fixtures/assembly.ts'
import { document, NOW_SECONDS } from '../../test/contract/spool-file.ts'
import { readTraceId } from '../model/ids.ts'
import type { TraceId } from '../model/ids.ts'
import { createMemoryStore } from '../store/memory/memory-store.ts'
import { Assembler } from './assembler.ts'
import { Stamps } from './stamps.ts'

const tenant = { account: '000000000000', region: 'us-east-1' }
/** So many names of traces that were let go are remembered. */
const REMEMBERED = 100_000
const BATCH = 20_000

/** The nth of many ids that look random: those that count up are soon taken for ones that were seen (`SeenTraces`). */
function scatteredId(number: number): TraceId {
  const digits = [0x9e37_79b1, 0x85eb_ca6b, 0].map((factor) => (Math.imul(number, factor) >>> 0).toString(16))
  const id = readTraceId(`1-${NOW_SECONDS.toString(16)}-${digits.map((one) => one.padStart(8, '0')).join('')}`)
  return id ?? expect.fail('not an id')
}

test('the names of traces that were let go do not pile up, though none of them comes back', async () => {
  await using store = createMemoryStore()
  await store.open()
  let freshened = 0
  const assembler = new Assembler({
    store,
    stamps: new Stamps(0),
    now: () => NOW_SECONDS * 1_000,
    freshen: async () => void (freshened += 1),
    storeHasTraces: false,
    searchFacts: () => expect.fail('nothing is read from the store'),
    // Of two batches, so that none is let go before it has its row.
    memoryLimitBytes: BATCH * 2_500,
    packedLimitBytes: 0,
    mark: memoryMark(),
    onError: (error) => expect.fail(error.message),
  })
  assembler.start()
  await assembler.flush()
  const atStart = freshened

  let sent = 0
  const send = async (): Promise<void> => {
    const documents = Array.from({ length: BATCH }, () => document({ traceId: scatteredId((sent += 1)) }))
    const call = NOW_SECONDS * 1e6 + sent
    assembler.begin(call)
    assembler.touch(tenant, call, documents)
    await assembler.flush()
  }
  const letGo = (): number => sent - assembler.load.traces
  // With the names of one call above what is remembered, the next write asks for the documents and forgets them.
  while (letGo() <= REMEMBERED) await send()
  expect(freshened).toBe(atStart)
  await send()
  expect(freshened).toBe(atStart + 1)
  while (letGo() <= 2 * REMEMBERED + BATCH) await send()
  await send()
  expect(freshened).toBe(atStart + 2)
  await assembler.close()
}, 30_000)
