import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Api } from '../../src/api/dispatch.ts'
import { apiInMemory } from '../fixtures/api-in-memory.ts'
import { prettyJson } from '../fixtures/pretty-json.ts'

/**
 * What a real client sent, exactly as it came but for ids and whole seconds, and the traces that must come back.
 * `npm run test:interop -- --record` makes these files; REWRITE=1 writes only `expected` anew.
 */
type ClientFile = {
  /** Name and version. */
  readonly client: string
  /** Epoch seconds at which the documents come. */
  readonly now: number
  /** The texts of the documents, in the order in which they were sent. */
  readonly documents: readonly string[]
  readonly expected?: Expected
}

type Expected = {
  readonly rejected: unknown
  /** Of each trace the documents of BatchGetTraces, parsed. */
  readonly traces: Readonly<Record<string, readonly unknown[]>>
}

const folder = new URL('./clients/', import.meta.url)
const isRewriting = process.env['REWRITE'] === '1'
const fileNames = readdirSync(folder).filter((name) => name.endsWith('.json'))

describe('what real clients sent', () => {
  test('is kept of every client', () => {
    expect(fileNames.toSorted()).toEqual([
      'go.json',
      'java.json',
      'node-instrumented.json',
      'node-lambda.json',
      'node.json',
      'python-instrumented.json',
      'python-lambda.json',
      'python.json',
    ])
  })

  test.each(fileNames)('%s is taken and comes back as expected', async (fileName) => {
    const file = read(fileName)
    const answer = await answerTo(file, file.documents)
    if (isRewriting) {
      const { client, now, documents } = file
      writeFileSync(new URL(fileName, folder), prettyJson({ client, now, documents, expected: answer }))
    }
    expect(answer).toEqual(read(fileName).expected)
    expect(answer.rejected, 'no document of a real client may be rejected').toEqual([])
  })

  test.each(fileNames)('%s comes back alike when it came in another order', async (fileName) => {
    const file = read(fileName)
    expect(await answerTo(file, file.documents.toReversed())).toEqual(file.expected)
  })
})

function read(fileName: string): ClientFile {
  return JSON.parse(readFileSync(new URL(fileName, folder), 'utf8')) as ClientFile
}

async function answerTo({ now }: ClientFile, documents: readonly string[]): Promise<Expected> {
  const api = apiInMemory(now * 1000)
  const rejected: unknown[] = []
  for (let from = 0; from < documents.length; from += 50) {
    const answer = await ask(api, '/TraceSegments', { TraceSegmentDocuments: documents.slice(from, from + 50) })
    rejected.push(...list(answer['UnprocessedTraceSegments']))
  }
  const ids = [...new Set(documents.flatMap((text) => /"trace_id": ?"([^"]+)"/.exec(text)?.[1] ?? []))].toSorted()
  const traces: Record<string, readonly unknown[]> = {}
  for (const id of ids) {
    const answer = await ask(api, '/Traces', { TraceIds: [id] })
    traces[id] = list(answer['Traces'])
      .flatMap((trace) => list(trace['Segments']))
      .map((segment) => JSON.parse(String(segment['Document'])) as unknown)
  }
  return { rejected, traces }
}

async function ask(api: Api, path: string, body: unknown): Promise<JsonObject> {
  const { signal } = new AbortController()
  const answer = await api.answer({ method: 'POST', path, headers: {}, body: Buffer.from(JSON.stringify(body)), signal })
  expect(answer.status, answer.body).toBe(200)
  return JSON.parse(answer.body) as JsonObject
}

type JsonObject = { readonly [key: string]: unknown }

const list = (value: unknown): readonly JsonObject[] => (Array.isArray(value) ? (value as readonly JsonObject[]) : [])
