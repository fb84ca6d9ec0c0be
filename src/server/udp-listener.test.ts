import { createSocket } from 'node:dgram'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Ingest } from '../ingest/ingest.ts'
import { OverloadError } from '../ingest/ingest.ts'
import { createUdpListener } from './udp-listener.ts'
import type { UdpListener } from './udp-listener.ts'

/** Threads load JavaScript: the compiled one, which `npm test` builds first. */
const receiver = new URL('../../dist/server/udp-receiver.js', import.meta.url)
const tenant = { account: '123456789012', region: 'eu-west-1' }
const HEADER = '{"format":"json","version":1}\n'

/** Keeps what it accepts; says that there is no room while `full`. */
function keepingIngest(): { readonly ingest: Ingest; readonly kept: string[]; full: boolean } {
  const kept: string[] = []
  const state = {
    kept,
    full: false,
    ingest: {
      async accept(whose, texts, source) {
        if (state.full) throw new OverloadError('no room')
        kept.push(...texts.map((text) => `${whose.account} ${source} ${text}`))
        return { rejections: [] }
      },
    } satisfies Ingest,
  }
  return state
}

const sender = createSocket('udp4')
let state: ReturnType<typeof keepingIngest>
let listener: UdpListener
let port: number
let malformed: string[]
let dropped: number

beforeEach(async () => {
  state = keepingIngest()
  malformed = []
  dropped = 0
  listener = createUdpListener({
    ingest: state.ingest,
    tenant,
    receiver,
    onMalformed: (reason) => malformed.push(reason),
    onDropped: (documents) => (dropped += documents),
  })
  port = await listener.listen('127.0.0.1', 0)
})
afterEach(() => listener.close())

async function send(...datagrams: readonly string[]): Promise<void> {
  for (const datagram of datagrams) {
    await new Promise<void>((resolve, reject) => {
      sender.send(datagram, port, '127.0.0.1', (error) => (error === null ? resolve() : reject(error)))
    })
  }
}

/** Loopback delivers in order and, this slowly, without loss; the event loop still needs its turns. */
async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition() && waited < 5000; waited += 5) await sleep(5)
}

it('stores one document a datagram, in order, under its tenant', async () => {
  const documents = Array.from({ length: 300 }, (_, n) => `{"n":${n}}`)
  await send(...documents.map((document) => HEADER + document))
  await until(() => state.kept.length === 300)
  expect(state.kept).toEqual(documents.map((document) => `123456789012 udp ${document}`))
  expect(listener.counts).toEqual({ received: 300, rejected: 0, spillover: 0 })
})

it('counts what it does not understand, and ignores what is empty', async () => {
  await send('', 'nonsense', HEADER, `${HEADER}{}`)
  await until(() => state.kept.length === 1)
  expect(malformed).toEqual(['no newline after the header', 'nothing after the header'])
  expect(listener.counts).toEqual({ received: 3, rejected: 2, spillover: 0 })
})

it('counts what cannot be stored, and goes on when there is room again', async () => {
  state.full = true
  await send(`${HEADER}1`, `${HEADER}2`)
  await until(() => dropped === 2)
  state.full = false
  await send(`${HEADER}3`)
  await until(() => state.kept.length === 1)
  expect(state.kept).toEqual(['123456789012 udp 3'])
  expect(listener.counts).toEqual({ received: 3, rejected: 0, spillover: 2 })
})

it('stores what it received before it closes', async () => {
  await send(`${HEADER}last`)
  await until(() => listener.counts.received === 1)
  await listener.close()
  expect(state.kept).toEqual(['123456789012 udp last'])
})

it('cannot listen on a port that is taken', async () => {
  const second = createUdpListener({
    ingest: state.ingest,
    tenant,
    receiver,
    onMalformed: () => {},
    onDropped: () => {},
  })
  await expect(second.listen('127.0.0.1', port)).rejects.toMatchObject({ code: 'EADDRINUSE' })
})

it('drops and counts what is not admitted', async () => {
  await listener.close()
  listener = createUdpListener({
    ingest: state.ingest,
    tenant,
    receiver,
    admit: (documents) => Math.min(documents, 1 - state.kept.length),
    onMalformed: () => {},
    onDropped: (documents) => (dropped += documents),
  })
  port = await listener.listen('127.0.0.1', 0)
  expect(listener.port).toBe(port)
  await send(`${HEADER}1`, `${HEADER}2`, `${HEADER}3`)
  await until(() => dropped === 2)
  expect(state.kept).toEqual(['123456789012 udp 1'])
  expect(listener.counts).toEqual({ received: 3, rejected: 0, spillover: 2 })
})
