// Keeps what real clients send as golden traces: a relay between client and server notes the documents, and ids, times
// and the names of this machine are replaced, so that the same program gives much the same file anywhere.
import { createSocket } from 'node:dgram'
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { homedir, hostname } from 'node:os'
import { join } from 'node:path'

import { ROOT } from '../prepare.mjs'

/** Whole seconds since the epoch: when every recorded trace begins. */
const BEGIN = 1_780_000_000
const FOLDER = join(ROOT, 'test', 'golden', 'clients')

/** A relay of UDP and TCP to the server, on one port. It notes the documents of the datagrams. */
export async function startRelay(server) {
  const documents = []
  const tcp = createServer((client) => {
    const upstream = connect(server.port, server.host)
    client.pipe(upstream).pipe(client)
    client.on('error', () => upstream.destroy())
    upstream.on('error', () => client.destroy())
  })
  await new Promise((resolve) => tcp.listen(0, '127.0.0.1', resolve))
  const { port } = tcp.address()
  const udp = createSocket('udp4')
  udp.on('message', (datagram) => {
    documents.push(datagram.subarray(datagram.indexOf(0x0a) + 1).toString('utf8'))
    udp.send(datagram, server.port, server.host)
  })
  await new Promise((resolve, reject) => udp.once('error', reject).bind(port, '127.0.0.1', resolve))
  return {
    daemonAddress: `127.0.0.1:${port}`,
    /** What came since the last call. */
    take: () => documents.splice(0),
    close: () => {
      udp.close()
      tcp.close()
    },
  }
}

/** Writes the golden file of a client, without what must come back: a run of its test with REWRITE=1 adds that. */
export function writeGolden(name, client, documents, home) {
  const path = join(FOLDER, `${name}.json`)
  const { expected } = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}
  const normal = normalised(documents, home)
  const end = Math.ceil(Math.max(...normal.flatMap((text) => times(text).map(Number))))
  const file = { client, now: end + 1, documents: normal, ...(expected === undefined ? {} : { expected }) }
  mkdirSync(FOLDER, { recursive: true })
  writeFileSync(path, `${JSON.stringify(file, null, 2)}\n`)
}

function normalised(documents, home) {
  const shift = BigInt(Math.floor(Math.min(...documents.flatMap((text) => times(text).map(Number)))) - BEGIN)
  const ids = new Map()
  const counted = (id, make) => {
    if (!ids.has(id)) ids.set(id, make((ids.size + 1).toString(16)))
    return ids.get(id)
  }
  return documents.map((text) =>
    withoutThisMachine(text, home)
      .replace(/1-[0-9a-f]{8}-[0-9a-f]{24}/g, (id) =>
        counted(id, (count) => `1-${BEGIN.toString(16)}-${count.padStart(24, '0')}`),
      )
      .replace(/(?<=")[0-9a-f]{16}(?=")/g, (id) => counted(id, (count) => `5${count.padStart(15, '0')}`))
      .replace(/(?<=")[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?=")/g, (id) =>
        counted(id, (count) => `00000000-0000-4000-8000-${count.padStart(12, '0')}`),
      )
      .replace(TIME, (_, key, time) => `${key}${shifted(time, shift)}`),
  )
}

const TIME = /("(?:start_time|end_time)"\s*:\s*)(\d+(?:\.\d+)?(?:[eE]\+?\d+)?)/g

const times = (text) => [...text.matchAll(TIME)].map(([, , time]) => time).filter((time) => Number(time) > 0)

/** A time that many whole seconds earlier, in the notation in which it is, digit by digit. */
function shifted(text, seconds) {
  const [, whole, , fraction = '', exponent] = /^(\d+)(\.(\d+))?(?:[eE]\+?(\d+))?$/.exec(text) ?? []
  if (Number(text) === 0) return text
  if (exponent === undefined) return `${BigInt(whole) - seconds}${fraction === '' ? '' : `.${fraction}`}`
  // Java's 1.78E9: the same count of digits after the point.
  const scale = Math.max(fraction.length, Number(exponent))
  const digits = BigInt(`${whole}${fraction.padEnd(scale, '0')}`) - seconds * 10n ** BigInt(scale - Number(exponent))
  const moved = digits.toString()
  return `${moved.slice(0, -scale)}.${moved.slice(-scale).replace(/0+$/, '') || '0'}E${exponent}`
}

/** Its paths, its name and the ports of this run. */
function withoutThisMachine(text, home) {
  const path = (from) => from.replace(/\/$/, '')
  return text
    .replaceAll(path(home), '/home/run')
    .replaceAll(realpathSync(join(ROOT, 'node_modules')), '/app/node_modules')
    .replaceAll(path(ROOT), '/app')
    .replaceAll(path(homedir()), '/home/user')
    .replaceAll(`"${hostname()}"`, '"host"')
    .replace(/(127\.0\.0\.1|localhost|\[::1\]):\d{4,5}/g, '$1:8080')
}
