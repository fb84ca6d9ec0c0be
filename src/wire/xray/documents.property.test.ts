import fc from 'fast-check'
import { expect, test } from 'vitest'
import { catalogue } from '../../../test/fixtures/catalogue.ts'
import type { IncomingDocument } from '../../model/document.ts'
import { createDocumentReader } from './read-document.ts'
import { readSegmentDocument } from './read-segment-document.ts'
import { defaultReaderOptions } from './reader-options.ts'
import { writeDocument } from './write-document.ts'

const now = 1_800_000_000
// The padded documents would only slow the search down.
const texts = catalogue(now)
  .flatMap((row) => row.texts)
  .filter((text) => text.length > 0 && text.length < 20_000)

/** Values that some tracer, or somebody with bad intentions, puts where another type is due. */
const ODD = [
  'null',
  '""',
  '"x"',
  '0',
  '-1',
  '-0',
  '1e400',
  'NaN',
  'true',
  '"TRUE"',
  '"12"',
  '[]',
  '{}',
  '[null]',
  '[{}]',
  '"\\ud800"',
]
const ODD_KEYS = [
  '"__proto__"',
  '"constructor"',
  '"id"',
  '"cause"',
  '"subsegments"',
  '"aws"',
  '"annotations"',
  '"end_time"',
]
const JSON_TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null/g

type Mutation = { readonly at: number; readonly pick: number; readonly kind: 'odd' | 'key' | 'copy' | 'cut' | 'wrap' }

const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.double({ min: 0, max: 0.999, noNaN: true }),
  pick: fc.nat(1000),
  kind: fc.constantFrom('odd', 'odd', 'odd', 'key', 'copy', 'cut', 'wrap'),
})

/** Replaces one token, so that most results are still JSON. */
function mutated(text: string, { at, pick, kind }: Mutation): string {
  if (kind === 'cut') return text.slice(0, Math.floor(at * text.length)) + text.slice(Math.floor(at * text.length) + 1)
  const tokens = [...text.matchAll(JSON_TOKEN)]
  const token = tokens[Math.floor(at * tokens.length)]
  if (token === undefined) return text
  const isKey = text[token.index + token[0].length] === ':'
  const from = kind === 'key' || isKey ? ODD_KEYS : ODD
  const source = kind === 'copy' ? tokens[pick % tokens.length]?.[0] : from[pick % from.length]
  const replacement = kind === 'wrap' && !isKey ? `[${token[0]},{"k":${token[0]}}]` : (source ?? '""')
  return text.slice(0, token.index) + replacement + text.slice(token.index + token[0].length)
}

const document = fc
  .tuple(fc.constantFrom(...texts), fc.array(mutation, { maxLength: 6 }))
  .map(([text, mutations]) => mutations.reduce(mutated, text))

const readers = (['reject', 'sanitize'] as const).map((names) =>
  createDocumentReader({ ...defaultReaderOptions, names }),
)

function rewritten({ raw }: IncomingDocument): string {
  const { traceId, parentId, entity, kind } = readSegmentDocument(raw)
  const root = { kind: kind === 'segment' ? 'segment' : 'orphan', entity } as const
  return writeDocument(traceId, parentId === undefined ? root : { ...root, parentId })
}

test('whatever a document is, it is accepted or rejected, and what is accepted can be read and written', () => {
  let accepted = 0
  let rejected = 0
  fc.assert(
    fc.property(document, fc.constantFrom(...readers), (text, reader) => {
      const entries = reader(text, now)
      expect(entries.length).toBeGreaterThan(0)
      for (const entry of entries) {
        if (!entry.ok) {
          rejected++
          expect(entry.rejection).toMatchObject({
            code: expect.any(String),
            message: expect.stringContaining('egment'),
          })
          continue
        }
        accepted++
        const { value } = entry
        const tree = readSegmentDocument(value.raw)
        const { kind, traceId, parentId, inferred } = tree
        expect({ kind, traceId, parentId, inferred, id: tree.entity.id, name: tree.entity.name }).toEqual({
          kind: value.kind,
          traceId: value.traceId,
          parentId: value.parentId,
          inferred: value.inferred,
          id: value.id,
          name: value.name,
        })
        expect([tree.entity.startTime, tree.entity.endTime]).toEqual([value.startTime, value.endTime])
        expect(tree.entity.inProgress).toBe(!value.complete)

        const text = rewritten(value)
        expect(readSegmentDocument(text)).toEqual({ ...tree, inferred: false })
        expect(rewritten({ ...value, raw: text })).toBe(text)
      }
    }),
    { numRuns: 3000 },
  )
  // Proves that the mutations are neither too gentle nor too rough to say anything.
  expect(Math.min(accepted, rejected)).toBeGreaterThan(300)
}, 60_000)
