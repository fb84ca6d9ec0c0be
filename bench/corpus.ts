import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { DocumentClass } from './document.ts'
import type { Workload, WorkloadDocument } from './workload.ts'

/** What a generated workload is like; written beside it as `manifest.json`. */
export type Manifest = {
  readonly version: number
  readonly seed: number
  readonly documents: number
  readonly traces: number
  readonly durationSeconds: number
  readonly documentsPerCall: number
  readonly medianBytes: number
  readonly meanBytes: number
  readonly p99Bytes: number
  readonly entitiesPerDocument: number
  readonly duplicates: number
  readonly classes: Readonly<Partial<Record<DocumentClass, number>>>
}

/** One thing to send, with what the server must make of it. */
export type Message = {
  readonly bytes: Buffer
  readonly documents: number
  readonly invalid: number
  /** Segments and subsegments of the valid documents. */
  readonly entities: number
  /** Bytes of the valid documents as texts. */
  readonly documentBytes: number
}

/** A generated workload in memory. */
export type Corpus = { readonly manifest: Manifest; readonly messages: readonly Message[] }

const FORMAT_VERSION = 1
const DOCUMENTS_PER_CALL = 50
const DATAGRAM_HEADER = '{"format":"json","version":1}\n'
/** The largest payload of one IPv4 datagram. */
const MAX_DATAGRAM_BYTES = 65_507
/** documents, invalid, entities, documentBytes, length: one little-endian u32 each, before the bytes. */
const RECORD_HEAD_BYTES = 20

const BODIES = 'bodies.bin'
const DATAGRAMS = 'datagrams.bin'

/** Writes a workload as request bodies and as datagrams, and returns its manifest. */
export function writeCorpus(directory: string, workload: Workload, seed: number): Manifest {
  mkdirSync(directory, { recursive: true })
  const documents = workload.documents
  const bodies = openSync(join(directory, BODIES), 'w')
  for (let at = 0; at < documents.length; at += DOCUMENTS_PER_CALL) {
    const call = documents.slice(at, at + DOCUMENTS_PER_CALL)
    const body = JSON.stringify({ TraceSegmentDocuments: call.map(({ text }) => text) })
    writeRecord(bodies, call, Buffer.from(body))
  }
  closeSync(bodies)
  const datagrams = openSync(join(directory, DATAGRAMS), 'w')
  for (const document of documents) {
    const bytes = Buffer.from(DATAGRAM_HEADER + document.text)
    if (bytes.length <= MAX_DATAGRAM_BYTES) writeRecord(datagrams, [document], bytes)
  }
  closeSync(datagrams)
  const manifest = manifestOf(workload, seed)
  // Last, so that a directory with a manifest is whole.
  writeFileSync(join(directory, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  return manifest
}

function writeRecord(file: number, documents: readonly WorkloadDocument[], bytes: Buffer): void {
  const valid = documents.filter(({ kind }) => kind !== 'invalid')
  const head = Buffer.alloc(RECORD_HEAD_BYTES)
  head.writeUInt32LE(documents.length, 0)
  head.writeUInt32LE(documents.length - valid.length, 4)
  head.writeUInt32LE(sum(valid.map(({ text }) => entitiesIn(text))), 8)
  head.writeUInt32LE(sum(valid.map(({ text }) => Buffer.byteLength(text))), 12)
  head.writeUInt32LE(bytes.length, 16)
  writeSync(file, head)
  writeSync(file, bytes)
}

/** Reads the manifest of a directory; nothing when there is none of this format. */
export function readManifest(directory: string): Manifest | undefined {
  let text: string
  try {
    text = readFileSync(join(directory, 'manifest.json'), 'utf8')
  } catch {
    return undefined
  }
  const manifest = JSON.parse(text) as Manifest // written by writeCorpus; the version tells
  return manifest.version === FORMAT_VERSION ? manifest : undefined
}

/** Loads a workload into memory, as request bodies or as datagrams. Throws when the directory holds none. */
export function readCorpus(directory: string, form: 'bodies' | 'datagrams'): Corpus {
  const manifest = readManifest(directory)
  if (manifest === undefined) throw new Error(`no workload in ${directory}: run "bench generate --out ${directory}"`)
  const data = readFileSync(join(directory, form === 'bodies' ? BODIES : DATAGRAMS))
  const messages: Message[] = []
  for (let at = 0; at < data.length;) {
    const length = data.readUInt32LE(at + 16)
    const start = at + RECORD_HEAD_BYTES
    messages.push({
      bytes: data.subarray(start, start + length),
      documents: data.readUInt32LE(at),
      invalid: data.readUInt32LE(at + 4),
      entities: data.readUInt32LE(at + 8),
      documentBytes: data.readUInt32LE(at + 12),
    })
    at = start + length
  }
  return { manifest, messages }
}

/** Segments and subsegments of a document that this generator wrote: each has exactly one start. */
function entitiesIn(text: string): number {
  let count = 0
  for (let at = text.indexOf('"start_time"'); at >= 0; at = text.indexOf('"start_time"', at + 12)) count++
  return count
}

/** Counts and sizes of a workload, the invalid documents included. */
export function manifestOf(workload: Workload, seed: number): Manifest {
  const { documents } = workload
  const sizes = documents.map(({ text }) => Buffer.byteLength(text)).sort((a, b) => a - b)
  const classes: Partial<Record<DocumentClass, number>> = {}
  for (const { kind, duplicate } of documents) if (!duplicate) classes[kind] = (classes[kind] ?? 0) + 1
  const entities = sum(documents.map(({ text }) => entitiesIn(text)))
  return {
    version: FORMAT_VERSION,
    seed,
    documents: documents.length,
    traces: workload.traceCount,
    durationSeconds: workload.durationSeconds,
    documentsPerCall: DOCUMENTS_PER_CALL,
    medianBytes: sizes[sizes.length >> 1] ?? 0,
    meanBytes: Math.round(sum(sizes) / Math.max(1, sizes.length)),
    p99Bytes: sizes[Math.floor(sizes.length * 0.99)] ?? 0,
    entitiesPerDocument: Math.round((entities / Math.max(1, documents.length)) * 100) / 100,
    duplicates: documents.filter(({ duplicate }) => duplicate).length,
    classes,
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
