import { writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { IncomingDocument } from '../../src/model/document.ts'
import type { Read } from '../../src/model/outcome.ts'
import { createDocumentReader } from '../../src/wire/xray/read-document.ts'
import { readSegmentDocument } from '../../src/wire/xray/read-segment-document.ts'
import { defaultReaderOptions } from '../../src/wire/xray/reader-options.ts'
import { writeDocument } from '../../src/wire/xray/write-document.ts'
import { catalogue, catalogueFileNames, catalogueFolder, documentTexts, readCatalogueFile } from '../fixtures/catalogue.ts'
import type { CatalogueFile } from '../fixtures/catalogue.ts'
import { prettyJson } from '../fixtures/pretty-json.ts'

const isRewriting = process.env['REWRITE'] === '1'

describe('the catalogue of document shapes', () => {
  test('has its 63 rows', () => {
    const rows = catalogueFileNames().map((name) => readCatalogueFile(name).row)
    expect(rows).toEqual(Array.from({ length: 63 }, (_, index) => index + 1))
  })

  test.each(catalogueFileNames())('%s', (fileName) => {
    const file = readCatalogueFile(fileName)
    const answers = answersTo(file)
    if (isRewriting) writeFileSync(new URL(fileName, catalogueFolder), prettyJson({ ...file, expected: answers }))
    expect(answers).toEqual(readCatalogueFile(fileName).expected)
  })

  test('is answered alike at another time', () => {
    const later = 1_900_000_000.5
    const reader = createDocumentReader(defaultReaderOptions)
    const files = catalogueFileNames().map(readCatalogueFile).filter(({ options }) => options === undefined)
    for (const file of files) {
      const texts = catalogue(later).find(({ row }) => row === file.row)?.texts ?? []
      const verdicts = texts.flatMap((text) => reader(text, later)).map(verdict)
      expect(verdicts, file.story).toEqual(documentTexts(file, file.now).flatMap((text) => reader(text, file.now)).map(verdict))
    }
  })
})

function verdict(read: Read<IncomingDocument>): string {
  return read.ok ? 'accepted' : read.rejection.code
}

function answersTo(file: CatalogueFile): unknown {
  const reader = createDocumentReader({ ...defaultReaderOptions, ...file.options })
  const results = documentTexts(file, file.now).map((text) => ({ text, read: reader(text, file.now) }))
  const accepted = results.flatMap(({ read }) => read.flatMap((entry) => (entry.ok ? entry.value : [])))
  return abridged({
    read: results.flatMap(({ text, read }) => read.map((entry) => (entry.ok ? facts(entry.value, text) : entry.rejection))),
    returned: accepted.map(({ raw }) => JSON.parse(returned(raw)) as unknown),
  })
}

function facts({ raw, ...incoming }: IncomingDocument, text: string): unknown {
  return raw === text ? incoming : { ...incoming, raw }
}

function returned(raw: string): string {
  const { kind, traceId, parentId, entity } = readSegmentDocument(raw)
  const root = { kind: kind === 'segment' ? kind : 'orphan', entity } as const
  return writeDocument(traceId, parentId === undefined ? root : { ...root, parentId })
}

/** The padding of large documents would fill the golden files. */
function abridged(value: unknown): unknown {
  const text = JSON.stringify(value).replace(/x{1000,}/g, (padding) => `<${padding.length} x>`)
  return JSON.parse(text) as unknown
}
