import { expect, test } from 'vitest'
import { parseObject } from '../../test/fixtures/xray-client.ts'
import type { Entity } from '../model/entity.ts'
import type { EntityId, TraceId } from '../model/ids.ts'
import { writeDocument } from '../wire/xray/write-document.ts'
import { segmentSpans } from './segment-spans.ts'

const TRACE = '1-6553f100-a006649127e371903a2de979' as TraceId
const entity = (id: number, subsegments: readonly Entity[] = [], text = ''): Entity => ({
  id: String(id).padStart(16, '0') as EntityId,
  name: `n${id}`,
  startTime: 1,
  endTime: 2,
  inProgress: false,
  metadata: new Map([['text', text]]),
  subsegments,
})

/** Id, parent, type and whether there is metadata, of each span. */
function spans(top: Entity, maxChars: number): readonly unknown[] {
  return [...segmentSpans(TRACE, { kind: 'segment', entity: top }, writeDocument, maxChars)].map(({ id, document }) => {
    expect(document.length).toBeLessThanOrEqual(maxChars)
    const { parent_id, type, metadata, subsegments, trace_id, id: own } = parseObject(document)
    expect([own, trace_id]).toEqual([id, TRACE])
    const kept = metadata === undefined ? '' : 'metadata'
    return [Number(id), Number(parent_id ?? 0), type ?? '', kept, Array.isArray(subsegments) ? subsegments.length : 0]
  })
}

const LONG = 'x'.repeat(500)

test.each<[string, Entity, readonly unknown[]]>([
  ['fits is one span', entity(1, [entity(2)]), [[1, 0, '', 'metadata', 1]]],
  [
    'is too long falls apart, parents first',
    entity(1, [entity(2, [entity(3)], LONG), entity(4, [], LONG)]),
    [
      [1, 0, '', 'metadata', 0],
      [2, 1, 'subsegment', 'metadata', 0],
      [3, 2, 'subsegment', 'metadata', 0],
      [4, 1, 'subsegment', 'metadata', 0],
    ],
  ],
  [
    'has an entity that is too long on its own loses the metadata of that',
    entity(1, [entity(2, [], LONG + LONG)]),
    [
      [1, 0, '', 'metadata', 0],
      [2, 1, 'subsegment', '', 0],
    ],
  ],
])('a segment that %s', (_, top, expected) => {
  expect(spans(top, 1_000)).toEqual(expected)
})

test('depth is no matter', () => {
  let top = entity(20_000)
  for (let id = 19_999; id > 0; id--) top = entity(id, [top])
  expect(spans(top, 1_000)).toHaveLength(20_000)
})
