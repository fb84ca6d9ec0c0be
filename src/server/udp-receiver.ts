import { createSocket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import { parentPort } from 'node:worker_threads'
import { DatagramQueue } from './datagram-queue.ts'
import type { ReceiverCommand, ReceiverEvent } from './udp-protocol.ts'

// The thread that empties the UDP socket, and does nothing else: the kernel holds a few hundred datagrams only, and the
// main thread is busy with documents for longer than they take to arrive. Started by `udp-listener.ts`.

/** As much as the kernel grants of it; its own limit is often lower. */
const RECEIVE_BUFFER_BYTES = 8 * 2 ** 20
const QUEUE_DATAGRAMS = 10_000
const QUEUE_BYTES = 64 * 2 ** 20
/** Few enough that reading them does not keep the main thread from its other clients for long. */
const BATCH_DATAGRAMS = 128
const BATCH_BYTES = 512 * 2 ** 10
/** Batches that were sent and not yet dealt with. */
const BATCHES_IN_FLIGHT = 8

if (parentPort === null) throw new Error('udp-receiver is started by udp-listener, as a thread')
const port = parentPort
const queue = new DatagramQueue(QUEUE_DATAGRAMS, QUEUE_BYTES)
let socket: ReturnType<typeof createSocket> | undefined
let inFlight = 0
let dropped = 0
let scheduled = false
let closing = false

port.on('message', (command: ReceiverCommand) => {
  switch (command.kind) {
    case 'listen':
      return listen(command.host, command.port)
    case 'done':
      inFlight -= 1
      return sendBatches()
    case 'close':
      closing = true
      if (socket === undefined) return sendBatches()
      return void socket.close(sendBatches)
    default:
      return command satisfies never
  }
})

function tell(event: ReceiverEvent): void {
  if (event.kind === 'batch') port.postMessage(event, [event.bytes.buffer])
  else port.postMessage(event)
}

function listen(host: string, number: number): void {
  const bound = createSocket({ type: isIPv6(host) ? 'udp6' : 'udp4', recvBufferSize: RECEIVE_BUFFER_BYTES })
  socket = bound
  bound.on('error', (error: NodeJS.ErrnoException) => {
    tell({ kind: 'failed', message: error.message, ...(error.code === undefined ? {} : { code: error.code }) })
  })
  bound.on('message', (datagram) => {
    dropped += queue.push(datagram)
    if (scheduled) return
    // One turn later, so that what the socket has ready goes together.
    scheduled = true
    setImmediate(sendBatches)
  })
  bound.bind(number, host, () => tell({ kind: 'listening', port: bound.address().port }))
}

function sendBatches(): void {
  scheduled = false
  while (queue.length > 0 && inFlight < BATCHES_IN_FLIGHT) {
    const datagrams = queue.take(BATCH_DATAGRAMS, BATCH_BYTES)
    const lengths = datagrams.map(({ length }) => length)
    const bytes = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0))
    let at = 0
    for (const datagram of datagrams) {
      bytes.set(datagram, at)
      at += datagram.length
    }
    inFlight += 1
    tell({ kind: 'batch', bytes, lengths, dropped })
    dropped = 0
  }
  if (closing && queue.length === 0 && inFlight === 0) {
    tell({ kind: 'closed' })
    port.close()
  }
}
