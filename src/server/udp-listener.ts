import { createSocket } from 'node:dgram'
import type { Socket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Ingest } from '../ingest/ingest.ts'
import type { Tenant } from '../model/tenant.ts'
import { readDatagram } from '../wire/daemon/read-datagram.ts'
import { DocumentQueue } from './document-queue.ts'

/** Counts since the start, with the names of the daemon's telemetry (spec/ingest §4.4). */
export type UdpCounts = {
  /** Datagrams that were not empty. */
  readonly received: number
  /** Datagrams without a valid header or without a document. */
  readonly rejected: number
  /** Documents that were dropped because they could not be stored in time. */
  readonly spillover: number
}

export type UdpListener = {
  /** Binds, and answers the port. */
  listen(host: string, port: number): Promise<number>
  readonly counts: UdpCounts
  /** Stops receiving and stores what was received. */
  close(): Promise<void>
}

export type UdpListenerParts = {
  readonly ingest: Ingest
  /** UDP carries no credentials; all of it belongs to one tenant. */
  readonly tenant: Tenant
  readonly onMalformed: (reason: string) => void
  readonly onDropped: (documents: number, error: Error) => void
}

/** As much as the kernel grants of it lets a burst wait while the event loop is busy. */
const RECEIVE_BUFFER_BYTES = 8 * 2 ** 20
const QUEUE_DOCUMENTS = 10_000
const QUEUE_BYTES = 64 * 2 ** 20
/** Few enough that reading them does not keep the socket waiting for long. */
const BATCH_DOCUMENTS = 128
const BATCHES_IN_FLIGHT = 8

/**
 * The daemon's UDP port. UDP has no backpressure and no answer: what cannot be taken is dropped, the oldest first, and
 * counted. Documents go the same way as those of a call, many at a time.
 */
export function createUdpListener(parts: UdpListenerParts): UdpListener {
  const queue = new DocumentQueue(QUEUE_DOCUMENTS, QUEUE_BYTES)
  const counts = { received: 0, rejected: 0, spillover: 0 }
  const inFlight = new Set<Promise<void>>()
  let socket: Socket | undefined
  let pumping: Promise<void> | undefined

  const store = async (texts: readonly string[]): Promise<void> => {
    try {
      await parts.ingest.accept(parts.tenant, texts, 'udp')
    } catch (error) {
      counts.spillover += texts.length
      parts.onDropped(texts.length, error as Error)
    }
  }

  const pump = async (): Promise<void> => {
    while (queue.length > 0) {
      const batch = store(queue.take(BATCH_DOCUMENTS))
      inFlight.add(batch)
      void batch.finally(() => inFlight.delete(batch))
      if (inFlight.size >= BATCHES_IN_FLIGHT) await Promise.race(inFlight)
      else await nextTurn()
    }
    pumping = undefined
  }

  const receive = (bytes: Buffer): void => {
    const datagram = readDatagram(bytes)
    if (datagram.kind === 'empty') return
    counts.received += 1
    if (datagram.kind === 'malformed') {
      counts.rejected += 1
      parts.onMalformed(datagram.reason)
      return
    }
    counts.spillover += queue.push(datagram.text, bytes.length)
    // One turn later, so that what the socket has ready is stored together.
    pumping ??= nextTurn().then(pump)
  }

  return {
    counts,
    async listen(host, port) {
      const bound = createSocket({ type: isIPv6(host) ? 'udp6' : 'udp4', recvBufferSize: RECEIVE_BUFFER_BYTES })
      bound.on('message', receive)
      await new Promise<void>((resolve, reject) => {
        bound.once('error', reject)
        bound.bind(port, host, () => {
          bound.off('error', reject)
          resolve()
        })
      })
      // Errors after binding concern single datagrams; the socket goes on.
      bound.on('error', (error) => parts.onDropped(0, error))
      socket = bound
      return bound.address().port
    },
    async close() {
      const closing = socket
      socket = undefined
      if (closing !== undefined) await new Promise<void>((resolve) => closing.close(resolve))
      await pumping
      await Promise.all(inFlight)
    },
  }
}
