import { createSocket } from 'node:dgram'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Address } from './connection.ts'
import type { Corpus } from './corpus.ts'
import { type Ledger, type PassRecord, startLedger } from './ledger.ts'
import { findSlots, type PatchSlots, patchMessage } from './patch.ts'

/** What a run over UDP sent. Nothing is acknowledged, so the ledger holds all of it. */
export type DatagramResult = {
  readonly elapsedSeconds: number
  readonly datagrams: number
  readonly validDocuments: number
  readonly entities: number
  readonly sendErrors: number
  readonly generatorCpuSeconds: number
  readonly ledger: Ledger
}

/** Datagrams with the places to patch. Made once, used by every run. */
export type Datagrams = { readonly corpus: Corpus; readonly slots: readonly PatchSlots[] }

/** Finds what to patch in every datagram. */
export function prepareDatagrams(corpus: Corpus): Datagrams {
  return { corpus, slots: corpus.messages.map(({ bytes }) => findSlots(bytes)) }
}

/**
 * Sends datagrams from one socket at an even rate (documents a second), for a time or up to a number of documents.
 * A sender that falls behind its rate sends as fast as it can: see `datagrams / elapsedSeconds`.
 */
export async function loadUdp(
  prepared: Datagrams,
  address: Address,
  plan: { readonly rate: number; readonly seconds: number; readonly documents: number; readonly runSalt: number },
): Promise<DatagramResult> {
  const { corpus, slots } = prepared
  const { messages, manifest } = corpus
  const ledger = startLedger(messages.length, manifest.durationSeconds, plan.runSalt)
  const socket = createSocket(address.host.includes(':') ? 'udp6' : 'udp4')
  await new Promise<void>((resolve) => socket.connect(address.port, address.host, resolve))
  let sendErrors = 0
  let inFlight = 0
  const sent = (error: Error | null): void => {
    inFlight--
    if (error !== null) sendErrors++
  }
  let datagrams = 0
  let validDocuments = 0
  let entities = 0
  let index = 0
  let record: PassRecord | undefined
  const total = Math.min(plan.documents, Math.round(plan.rate * plan.seconds))
  const cpuBefore = process.cpuUsage()
  const startMs = performance.now()
  while (datagrams < total) {
    const due = Math.min(total, Math.ceil(((performance.now() - startMs) / 1000) * plan.rate))
    // Small bursts: what a busy sender does, and what leaves the receiver a chance on one machine.
    for (let burst = 0; datagrams < due && burst < 64; burst++) {
      const message = messages[index]
      const places = slots[index]
      if (message === undefined || places === undefined) throw new Error('the workload is empty')
      record ??= ledger.begin(Date.now())
      patchMessage(message.bytes, places, record.pass)
      inFlight++
      socket.send(message.bytes, sent)
      record.acknowledged[index] = 1
      datagrams++
      validDocuments += message.documents - message.invalid
      entities += message.entities
      index++
      if (index === messages.length) {
        index = 0
        record = undefined
        // The next pass overwrites the buffers.
        while (inFlight > 0) await sleep(0)
      }
    }
    await new Promise((resolve) => setImmediate(resolve))
    if (datagrams >= due) await sleep(1)
  }
  while (inFlight > 0) await sleep(1)
  const elapsedSeconds = (performance.now() - startMs) / 1000
  const cpu = process.cpuUsage(cpuBefore)
  socket.close()
  const generatorCpuSeconds = (cpu.user + cpu.system) / 1e6
  return { elapsedSeconds, datagrams, validDocuments, entities, sendErrors, generatorCpuSeconds, ledger }
}
