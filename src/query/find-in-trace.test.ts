import { expect, test } from 'vitest'
import { anEntity, segment, T0, TRACE_ID, type EntityFields } from '../../test/fixtures/model-documents.ts'
import { assemble } from '../model/assemble.ts'
import type { SegmentDocument } from '../model/entity.ts'
import type { Json } from '../model/json.ts'
import { outlineTrace } from '../model/outline/outlined-trace.ts'
import { findByFilter, findText } from './find-in-trace.ts'

const outlined = (...sent: readonly SegmentDocument[]) =>
  outlineTrace(
    assemble(
      TRACE_ID,
      1,
      sent.map((document, received) => ({ document, received })),
    ),
  )

test('a chain of 20,000, and metadata as deep', () => {
  let deep: Json = 'bottom'
  for (let level = 0; level < 20_000; level++) deep = level % 2 === 0 ? [deep] : { key: deep }
  let chain = anEntity('1', { fault: true, metadata: new Map([['default', deep]]) })
  for (let level = 2; level <= 20_000; level++) chain = anEntity(level.toString(16), { subsegments: [chain] })
  const found = outlined({ ...segment('1'), entity: chain })
  expect(findText(found, 'BOTTOM')).toEqual([19_999])
  expect(findByFilter(found, { kind: 'flag', keyword: 'fault' }, T0)).toEqual([19_999])
  expect(findByFilter(found, { kind: 'number', keyword: 'duration' }, T0).length).toBe(20_000)
  expect(findByFilter(found, { kind: 'service', body: { kind: 'flag', keyword: 'ok' } }, T0)).toEqual([0])
})

test('a segment and a subsegment of one id are told apart', () => {
  const call: EntityFields = { namespace: 'remote', name: 'api', fault: true }
  const found = outlined(
    segment('a', { name: 'web', subsegments: [anEntity('b', call)] }),
    segment('b', { name: 'api', parent: 'b' }),
  )
  expect(found.entities.map(({ kind, entity }) => `${kind} ${entity.name}`)).toEqual([
    'segment web',
    'subsegment api',
    'segment api',
  ])
  expect(findByFilter(found, { kind: 'flag', keyword: 'fault' }, T0)).toEqual([1])
  const api = { kind: 'name', name: 'api' } as const
  expect(findByFilter(found, { kind: 'service', selector: api }, T0)).toEqual([2])
  expect(findByFilter(found, { kind: 'edge', from: { kind: 'name', name: 'web' }, to: api }, T0)).toEqual([1])
})

test('clients have no entity', () => {
  const found = outlined(segment('a', { name: 'web' }))
  const client = { kind: 'id', name: 'web', type: 'client' } as const
  expect(findByFilter(found, { kind: 'service', selector: client }, T0)).toEqual([])
})
