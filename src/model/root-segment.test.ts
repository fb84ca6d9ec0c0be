import { expect, test } from 'vitest'
import { anEntity, entityId, segment, subsegment, TRACE_ID } from '../../test/fixtures/model-documents.ts'
import { assemble } from './assemble.ts'
import type { SegmentDocument } from './entity.ts'
import { rootSegment } from './root-segment.ts'
import { indexTrace } from './trace-index.ts'

test.each<{ reason: string; documents: SegmentDocument[]; root: string | undefined }>([
  { reason: 'no segment yet', documents: [subsegment('b', 'a')], root: undefined },
  {
    reason: 'without a parent, even when another began before it',
    documents: [segment('a', { parent: 'f' }), segment('b', { start: 1 })],
    root: 'b',
  },
  { reason: 'the earliest', documents: [segment('a', { start: 2 }), segment('b', { start: 1 })], root: 'b' },
  { reason: 'the smallest id', documents: [segment('b'), segment('a')], root: 'a' },
  {
    reason: 'whose parent is not there',
    documents: [segment('a', { parent: 'b' }), segment('b', { start: 1, parent: 'f' })],
    root: 'b',
  },
  {
    reason: 'the earliest of a cycle, not what hangs on it',
    documents: [
      segment('a', { parent: 'b' }),
      segment('b', { start: 2, parent: 'c' }),
      segment('c', { start: 1, parent: 'b' }),
    ],
    root: 'c',
  },
  {
    reason: 'below its own subsegment',
    documents: [segment('a', { parent: 'b', subsegments: [anEntity('b')] })],
    root: 'a',
  },
  {
    reason: 'below an orphan',
    documents: [segment('a', { parent: 'b' }), subsegment('b', 'f')],
    root: 'a',
  },
])('$reason', ({ documents, root }) => {
  const trace = assemble(
    TRACE_ID,
    1,
    documents.map((document, received) => ({ document, received })),
  )
  expect(rootSegment(indexTrace(trace))?.entity.id).toBe(root && entityId(root))
})
