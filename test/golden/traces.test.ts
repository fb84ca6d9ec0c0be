import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { assemble } from '../../src/model/assemble.ts'
import { traceGraph } from '../../src/model/edges.ts'
import type { SegmentDocument } from '../../src/model/entity.ts'
import { processedDocuments } from '../../src/model/processed-documents.ts'
import { summarize } from '../../src/model/summarize.ts'
import type { ServiceId } from '../../src/model/summary.ts'
import { indexTrace } from '../../src/model/trace-index.ts'
import type { Trace } from '../../src/model/trace.ts'
import { createDocumentReader } from '../../src/wire/xray/read-document.ts'
import { readSegmentDocument } from '../../src/wire/xray/read-segment-document.ts'
import { defaultReaderOptions } from '../../src/wire/xray/reader-options.ts'
import { writeDocument } from '../../src/wire/xray/write-document.ts'
import { writeSummary } from '../../src/wire/xray/write-summary.ts'
import { prettyJson } from '../fixtures/pretty-json.ts'

type TraceFile = {
  readonly story: string
  readonly now: number
  readonly documents: readonly unknown[]
  readonly expected?: unknown
}

const isRewriting = process.env['REWRITE'] === '1'
const folder = new URL('traces/', import.meta.url)
const fileNames = readdirSync(folder).filter((name) => name.endsWith('.json'))
const readDocuments = createDocumentReader(defaultReaderOptions)

describe('whole traces', () => {
  test('are there', () => {
    expect(fileNames.length).toBeGreaterThanOrEqual(13)
  })

  test.each(fileNames)('%s', (fileName) => {
    const url = new URL(fileName, folder)
    const file = JSON.parse(readFileSync(url, 'utf8')) as TraceFile
    const accepted = file.documents
      .flatMap((document) => readDocuments(JSON.stringify(document), file.now))
      .map((read) => {
        if (!read.ok) throw new Error(`not accepted: ${JSON.stringify(read.rejection)}`)
        return read.value
      })
    const whole = accepted.map(({ raw }) => readSegmentDocument(raw))
    const made = derived(assembled(whole), file.now)
    if (isRewriting) writeFileSync(url, prettyJson({ ...file, expected: made }))
    expect(made).toEqual((JSON.parse(readFileSync(url, 'utf8')) as TraceFile).expected)

    expect(derived(assembled(whole.toReversed()), file.now), 'in any order').toEqual(made)
  })
})

function assembled(documents: readonly SegmentDocument[]): Trace {
  const [first] = documents
  if (first === undefined) throw new Error('no documents')
  return assemble(
    first.traceId,
    documents.length,
    documents.map((document, received) => ({ document, received })),
  )
}

function derived(trace: Trace, now: number) {
  const { nodes, edges, links } = traceGraph(indexTrace(trace))
  const labels = new Map(nodes.map(({ key, service }) => [key, label(service)]))
  const graph = {
    nodes: nodes.map(({ key, isRoot, segments, inferred }) => ({
      node: labels.get(key),
      root: isRoot || undefined,
      segments: segments.map(({ id }) => id),
      inferred: inferred.map(({ id }) => id),
    })),
    edges: edges.map(({ from, to, statistics, alias }) => ({
      from: labels.get(from),
      to: labels.get(to),
      statistics: statistics.id,
      alias: alias && label(alias),
    })),
    links: links.map(({ to, link, segment }) => ({ to: labels.get(to), segment: segment.id, link })),
  }
  const documents = processedDocuments(trace).map((root) => JSON.parse(writeDocument(trace.id, root)) as unknown)
  const summary = writeSummary(summarize(trace, now))
  return JSON.parse(JSON.stringify({ documents, summary, graph })) as { readonly summary: unknown }
}

function label({ name, type, accountId }: ServiceId): string {
  return [name, type ?? '(no type)', ...(accountId === undefined ? [] : [accountId])].join(' · ')
}
