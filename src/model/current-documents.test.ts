import { expect, test } from 'vitest'
import { entityId } from '../../test/fixtures/model-documents.ts'
import { currentDocuments } from './current-documents.ts'
import type { StoredDocument } from './document.ts'

function stored(received: number, complete: boolean, kind: StoredDocument['kind'] = 'segment'): StoredDocument {
  return { kind, id: entityId('a'), complete, received, startUs: 0, raw: `${kind} ${received}` }
}

test.each([
  { reason: 'one stays', documents: [stored(1, false)], current: [1] },
  { reason: 'none stays none', documents: [], current: [] },
  { reason: 'complete replaces in progress', documents: [stored(1, false), stored(2, true)], current: [2] },
  { reason: 'a late in-progress is ignored', documents: [stored(1, true), stored(2, false)], current: [1] },
  { reason: 'of two in progress the later', documents: [stored(1, false), stored(2, false)], current: [2] },
  { reason: 'of two complete the later', documents: [stored(1, true), stored(2, true)], current: [2] },
  { reason: 'a replayed duplicate counts once', documents: [stored(1, true), stored(1, true)], current: [1] },
  {
    reason: 'a segment and a subsegment of one id are two entities',
    documents: [stored(2, true), stored(1, true, 'subsegment')],
    current: [1, 2],
  },
  {
    reason: 'complete beats everything in progress around it',
    documents: [stored(1, false), stored(2, true), stored(3, false), stored(4, false)],
    current: [2],
  },
])('$reason, in either order', ({ documents, current }) => {
  const received = (answer: readonly StoredDocument[]) => answer.map((document) => document.received)
  expect(received(currentDocuments(documents))).toEqual(current)
  expect(received(currentDocuments(documents.toReversed()))).toEqual(current)
})
