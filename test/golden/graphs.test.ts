import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { assemble } from '../../src/model/assemble.ts'
import type { SegmentDocument } from '../../src/model/entity.ts'
import { addTrace, type GraphWindow } from '../../src/model/graph/add-trace.ts'
import { emptyGraph, mergeInto } from '../../src/model/graph/graph-accumulator.ts'
import { finishGraph, graphsByPeriod, serviceGraph } from '../../src/model/graph/service-graph.ts'
import { timeSeries } from '../../src/model/graph/time-series.ts'
import type { TraceId } from '../../src/model/ids.ts'
import { indexTrace, type TraceIndex } from '../../src/model/trace-index.ts'
import { createDocumentReader } from '../../src/wire/xray/read-document.ts'
import { readSegmentDocument } from '../../src/wire/xray/read-segment-document.ts'
import { defaultReaderOptions } from '../../src/wire/xray/reader-options.ts'
import { writeServices, writeTimeSeries } from '../../src/wire/xray/write-graph.ts'
import { prettyJson } from '../fixtures/pretty-json.ts'
import { createStory } from '../fixtures/story.ts'

type GraphFile = {
  readonly story: string
  readonly now: number
  readonly documents?: readonly unknown[]
  readonly traces?: readonly string[]
  readonly cast?: number
  readonly window?: readonly [start: number, end: number]
  readonly expected?: unknown
}

const isRewriting = process.env['REWRITE'] === '1'
const folder = new URL('graphs/', import.meta.url)
const fileNames = readdirSync(folder).filter((name) => name.endsWith('.json'))
const readDocuments = createDocumentReader(defaultReaderOptions)

describe('graphs', () => {
  test('are there', () => {
    expect(fileNames.length).toBeGreaterThanOrEqual(10)
  })

  test.each(fileNames)('%s', (fileName) => {
    const url = new URL(fileName, folder)
    const file = readGraphFile(url)
    const indexes = indexed(file)
    const window = file.window && { startSeconds: file.window[0], endSeconds: file.window[1] }
    const made = derived(indexes, window)
    if (isRewriting) writeFileSync(url, prettyJson({ ...file, expected: made }))
    expect(made).toEqual(readGraphFile(url).expected)

    expect(derived(indexes.toReversed(), window), 'in any order').toEqual(made)
    const minutes = [...graphsByPeriod(indexes, 60, window).values()].reduce(mergeInto, emptyGraph())
    expect(plain(writeServices(finishGraph(minutes))), 'from minutes').toEqual(made.services)
  })

  test('leave a link out as long as its producer is not known', () => {
    const graph = emptyGraph()
    for (const index of indexed(readGraphFile(new URL('links.json', folder)))) addTrace(graph, index)
    const kinds = finishGraph(graph).nodes.flatMap(({ edges }) => edges.map(({ kind }) => kind))
    expect(new Set(kinds)).toEqual(new Set(['call']))
  })
})

function readGraphFile(url: URL): GraphFile {
  return JSON.parse(readFileSync(url, 'utf8')) as GraphFile
}

function derived(indexes: readonly TraceIndex[], window: GraphWindow | undefined) {
  const always: GraphWindow = { startSeconds: 0, endSeconds: Infinity }
  return {
    services: plain(writeServices(serviceGraph(indexes, window))),
    requests: plain(writeTimeSeries(timeSeries(indexes, window ?? always, 60, { kind: 'requests' }))),
  }
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}

function indexed({ documents, traces = [], cast, now }: GraphFile): readonly TraceIndex[] {
  const sent = [
    ...(documents ?? []),
    ...traces.flatMap((name) => readGraphFile(new URL(`../traces/${name}`, folder)).documents ?? []),
    ...(cast === undefined ? [] : createStory(cast, now).all().flatMap((trace) => trace.documents)),
  ]
  const read = sent
    .flatMap((document) => readDocuments(JSON.stringify(document), now))
    .map((one) => {
      if (!one.ok) throw new Error(`not accepted: ${JSON.stringify(one.rejection)}`)
      return readSegmentDocument(one.value.raw)
    })
  const byTrace = new Map<TraceId, SegmentDocument[]>()
  for (const document of read) byTrace.set(document.traceId, [...(byTrace.get(document.traceId) ?? []), document])
  return [...byTrace.values()].map(indexOf)
}

function indexOf(documents: readonly SegmentDocument[]): TraceIndex {
  const [first] = documents
  if (first === undefined) throw new Error('no documents')
  return indexTrace(
    assemble(
      first.traceId,
      1,
      documents.map((document, received) => ({ document, received })),
    ),
  )
}
