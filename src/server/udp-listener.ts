import { Worker } from 'node:worker_threads'
import type { Ingest } from '../ingest/ingest.ts'
import type { Tenant } from '../model/tenant.ts'
import { readDatagram } from '../wire/daemon/read-datagram.ts'
import type { ReceiverCommand, ReceiverEvent } from './udp-protocol.ts'

/** Counts since the start, with the names of the daemon's telemetry (spec/ingest §4.4). */
export type UdpCounts = {
  /** Datagrams that were read and were not empty. */
  readonly received: number
  /** Datagrams without a valid header or without a document. */
  readonly rejected: number
  /** Datagrams that were dropped because they could not be stored in time. */
  readonly spillover: number
}

export type UdpListener = {
  /** Binds, and answers the port. Rejects with the socket's error. */
  listen(host: string, port: number): Promise<number>
  readonly counts: UdpCounts
  /** The port it listens on; absent while it does not. */
  readonly port: number | undefined
  /** Stops receiving and stores what was received. */
  close(): Promise<void>
}

export type UdpListenerParts = {
  readonly ingest: Ingest
  /** UDP carries no credentials; all of it belongs to one tenant. */
  readonly tenant: Tenant
  /** How many of so many documents may come in now; the others are dropped. All, when absent. */
  readonly admit?: (documents: number) => number
  readonly onMalformed: (reason: string) => void
  readonly onDropped: (datagrams: number, error: Error) => void
  /** The compiled `udp-receiver`, which runs in a thread of its own. */
  readonly receiver: URL
}

/**
 * The daemon's UDP port. UDP has no backpressure and no answer: what cannot be taken is dropped, the oldest first, and
 * counted. Documents go the same way as those of a call, many at a time.
 */
export function createUdpListener(parts: UdpListenerParts): UdpListener {
  const counts = { received: 0, rejected: 0, spillover: 0 }
  let receiver: Worker | undefined
  let port: number | undefined

  const drop = (datagrams: number, error: Error): void => {
    counts.spillover += datagrams
    parts.onDropped(datagrams, error)
  }

  const store = async ({ bytes, lengths, dropped }: ReceiverEvent & { kind: 'batch' }): Promise<void> => {
    if (dropped > 0) drop(dropped, new Error('documents arrive faster than they can be stored'))
    const texts = documentsIn(Buffer.from(bytes.buffer), lengths, counts, parts.onMalformed)
    const admitted = parts.admit?.(texts.length) ?? texts.length
    if (admitted < texts.length) {
      drop(texts.length - admitted, new Error('documents arrive faster than they may'))
      texts.length = admitted
    }
    if (texts.length === 0) return
    try {
      await parts.ingest.accept(parts.tenant, texts, 'udp')
    } catch (error) {
      drop(texts.length, error as Error)
    }
  }

  return {
    counts,
    get port() {
      return port
    },
    listen(host, wanted) {
      const worker = new Worker(parts.receiver)
      const command = (what: ReceiverCommand): void => worker.postMessage(what)
      return new Promise((resolve, reject) => {
        worker.on('error', reject)
        worker.on('message', (event: ReceiverEvent) => {
          switch (event.kind) {
            case 'listening':
              receiver = worker
              port = event.port
              return resolve(event.port)
            case 'failed': {
              const error = Object.assign(new Error(event.message), { code: event.code })
              // Once it listens, errors concern single datagrams, and the socket goes on.
              if (receiver === worker) return parts.onDropped(0, error)
              void worker.terminate()
              return reject(error)
            }
            case 'batch':
              return void store(event).then(() => command({ kind: 'done' }))
            case 'closed':
              return
            default:
              return event satisfies never
          }
        })
        command({ kind: 'listen', host, port: wanted })
      })
    },
    async close() {
      const worker = receiver
      receiver = undefined
      port = undefined
      if (worker === undefined) return
      const ended = new Promise((resolve) => worker.once('exit', resolve))
      worker.postMessage({ kind: 'close' } satisfies ReceiverCommand)
      await ended
    },
  }
}

/** The documents of the datagrams that follow each other in `bytes`; adds the datagrams to the counts. */
function documentsIn(
  bytes: Buffer,
  lengths: readonly number[],
  counts: { received: number; rejected: number },
  onMalformed: UdpListenerParts['onMalformed'],
): string[] {
  const texts: string[] = []
  let at = 0
  for (const length of lengths) {
    const datagram = readDatagram(bytes.subarray(at, (at += length)))
    if (datagram.kind === 'empty') continue
    counts.received += 1
    if (datagram.kind === 'document') {
      texts.push(datagram.text)
      continue
    }
    counts.rejected += 1
    onMalformed(datagram.reason)
  }
  return texts
}
