import { PutTraceSegmentsCommand } from '@aws-sdk/client-xray'
import { expect, test } from 'vitest'
import { newId, newTraceId, segment, subsegment, type SegmentFields } from '../fixtures/segments.ts'
import { sharedServer } from '../fixtures/shared-server.ts'
import { documents, readTraces } from '../fixtures/xray-client.ts'

const { client } = await sharedServer()

const ID = '70de5b6f19ff9a0a'
const good = (fields: SegmentFields = {}) => segment({ id: ID, ...fields })
const text = (fields: SegmentFields = {}) => JSON.stringify(good(fields))
const without = (...names: string[]) =>
  JSON.stringify(Object.fromEntries(Object.entries(good()).filter(([name]) => !names.includes(name))))
/** A segment whose only subsegment is fine but for `fields`; undefined removes. */
const nested = (fields: SegmentFields) =>
  text({ subsegments: [{ name: 'child', id: newId(), start_time: 1, end_time: 2, ...fields }] })
/** A document of exactly this many bytes of UTF-8, some of them in characters of two bytes. */
function sized(bytes: number): string {
  const document = text({ metadata: { default: { filler: 'éé*' } } })
  return document.replace('*', 'x'.repeat(bytes - Buffer.byteLength(document) + 1))
}
function deep(levels: number): string {
  let inner = ''
  for (let level = levels; level > 0; level--) {
    const id = level.toString(16).padStart(16, '0')
    inner = `"subsegments":[{"name":"n","id":"${id}","start_time":1,"end_time":2${inner === '' ? '' : `,${inner}`}}]`
  }
  return text().replace(/}$/, `,${inner}}`)
}

const ofSegment = (code: string) => `Invalid segment. ErrorCode: ${code}`
const ofSubsegment = (code: string) => `Invalid subsegment. ErrorCode: ${code}, Cause: null`

/** Row of spec/ingest §5.3, what it is, the text, the code, the message, the Id (absent where undefined). */
const cases: readonly [row: number, what: string, text: string, code: string, message: string, id?: string][] = [
  [49, 'x', 'x', 'ParseError', ofSegment('ParseError')],
  [49, 'None', 'None', 'ParseError', ofSegment('ParseError')],
  [49, 'the empty text', '', 'ParseError', ofSegment('ParseError')],
  [49, 'truncated JSON', text().slice(0, -5), 'ParseError', ofSegment('ParseError')],
  [49, 'two objects', text() + text(), 'ParseError', ofSegment('ParseError')],
  [49, 'a number', '17', 'ParseError', ofSegment('ParseError')],
  [49, 'null', 'null', 'ParseError', ofSegment('ParseError')],
  [50, 'an empty list', '[]', 'MissingId', ofSegment('MissingId')],
  [50, 'an empty object', '{}', 'MissingId', ofSegment('MissingId')],
  [51, 'no start_time', without('start_time'), 'MissingStartTime', ofSegment('MissingStartTime'), ID],
  [52, 'no trace_id', without('trace_id'), 'MissingTraceId', ofSegment('MissingTraceId'), ID],
  [
    53,
    'the trace id of the developer guide, with its typo',
    text({ trace_id: '1-5880168b-fd515828bs07678a3bb5a78c' }),
    'InvalidTraceId',
    ofSegment('InvalidTraceId'),
    ID,
  ],
  [
    54,
    'a subsegment without parent',
    text({ type: 'subsegment' }),
    'MissingParentId',
    ofSubsegment('MissingParentId'),
    ID,
  ],
  [
    55,
    'a nested bad name',
    nested({ name: 'mysql at RouteBinding:?' }),
    'InvalidName',
    ofSubsegment('InvalidName'),
    ID,
  ],
  [56, 'a nested name that is an object', nested({ name: {} }), 'MissingName', ofSubsegment('MissingName'), ID],
  [56, 'a nested name that is missing', nested({ name: undefined }), 'MissingName', ofSubsegment('MissingName'), ID],
  [
    57,
    'a nested end that is missing',
    nested({ end_time: undefined }),
    'MissingEndTime',
    ofSubsegment('MissingEndTime'),
    ID,
  ],
  [
    58,
    'in_progress "false" and no end_time',
    text({ in_progress: 'false', end_time: undefined }),
    'MissingEndTime',
    ofSegment('MissingEndTime'),
    ID,
  ],
  [59, 'a name of 201 characters', text({ name: 'ä'.repeat(201) }), 'InvalidName', ofSegment('InvalidName'), ID],
  [59, 'a name with $ and ()', text({ name: '$Proxy42.save()' }), 'InvalidName', ofSegment('InvalidName'), ID],
  [59, 'a name with a tab', text({ name: 'a\tb' }), 'InvalidName', ofSegment('InvalidName'), ID],
  [59, 'a name with an emoji', text({ name: 'shop 🛒' }), 'InvalidName', ofSegment('InvalidName'), ID],
  [60, 'a numeric id', text({ id: 1234567890123456 }), 'MissingId', ofSegment('MissingId')],
  [61, 'an id of 15 digits', text({ id: '70de5b6f19ff9a0' }), 'InvalidId', ofSegment('InvalidId'), '70de5b6f19ff9a0'],
  [61, 'an id of 17 digits', text({ id: `${ID}1` }), 'InvalidId', ofSegment('InvalidId'), `${ID}1`],
  [
    61,
    'an id that is not hex',
    text({ id: '70de5b6f19ff9a0g' }),
    'InvalidId',
    ofSegment('InvalidId'),
    '70de5b6f19ff9a0g',
  ],
  [62, '65,537 bytes', sized(65_537), 'InvalidSegment', 'Segment document size exceeded. Maximum size: 64 KB.', ID],
  [63, 'JSON in a JSON string', JSON.stringify(text()), 'ParseError', ofSegment('ParseError')],
  // Beyond the rows: the checks of §1.3 that none of them reaches.
  [
    0,
    '§1.3 #9: a parent id that is malformed',
    text({ type: 'subsegment', parent_id: 'x' }),
    'InvalidParentId',
    ofSubsegment('InvalidParentId'),
    ID,
  ],
  [0, '§1.3 #10: no name', without('name'), 'MissingName', ofSegment('MissingName'), ID],
  [
    0,
    '§1.3 #13: neither end_time nor in_progress',
    without('end_time'),
    'MissingEndTime',
    ofSegment('MissingEndTime'),
    ID,
  ],
  [0, '§1.3 #14: a start of 1970', text({ start_time: 1 }), 'InvalidStartTime', ofSegment('InvalidStartTime'), ID],
  [0, '§1.3 #15: a nested id that is missing', nested({ id: undefined }), 'MissingId', ofSubsegment('MissingId'), ID],
  [0, '§1.3 #16: 300 levels', deep(300), 'InvalidSegment', ofSegment('InvalidSegment'), ID],
]

test.each(cases)('row %i, %s: rejected, and its neighbours are stored', async (_, __, document, code, message, id) => {
  const [before, after] = [newTraceId(), newTraceId()]
  const answer = await client.send(
    new PutTraceSegmentsCommand({
      TraceSegmentDocuments: [text({ trace_id: before }), document, text({ trace_id: after })],
    }),
  )
  const expected = { ErrorCode: code, Message: message, ...(id === undefined ? {} : { Id: id }) }
  expect(answer.UnprocessedTraceSegments).toStrictEqual([expected])
  expect((await readTraces(client, [before, after])).map(({ Id }) => Id)).toEqual([before, after])
})

test('one call with every row answers one entry per row, in order', async () => {
  const rows = cases.slice(0, 49)
  const trace_id = newTraceId()
  const TraceSegmentDocuments = [...rows.map(([, , document]) => document), text({ trace_id })]
  const answer = await client.send(new PutTraceSegmentsCommand({ TraceSegmentDocuments }))
  expect(answer.UnprocessedTraceSegments?.map((entry) => entry.ErrorCode)).toEqual(rows.map(([, , , code]) => code))
  expect(await readTraces(client, [trace_id])).toHaveLength(1)
})

test('one bad name among ten siblings takes the whole document with it (spec/ingest §8.3)', async () => {
  const trace_id = newTraceId()
  const siblings = Array.from({ length: 10 }, (_, index) => ({
    name: index === 6 ? 'select * from users' : 'child',
    id: newId(),
    start_time: 1,
    end_time: 2,
  }))
  const answer = await client.send(
    new PutTraceSegmentsCommand({ TraceSegmentDocuments: [text({ trace_id, subsegments: siblings })] }),
  )
  expect(answer.UnprocessedTraceSegments).toMatchObject([{ ErrorCode: 'InvalidName', Id: ID }])
  expect(await readTraces(client, [trace_id])).toEqual([])
})

test('a list rejects its bad elements one by one and stores the others', async () => {
  const [trace_id, parent_id] = [newTraceId(), newId()]
  const list = [
    subsegment({ trace_id, parent_id, name: 'first' }),
    subsegment({ trace_id, parent_id, name: 'bad?', id: ID }),
    { name: 'no id' },
    subsegment({ trace_id, parent_id, name: 'last' }),
  ]
  const answer = await client.send(new PutTraceSegmentsCommand({ TraceSegmentDocuments: [JSON.stringify(list)] }))
  expect(answer.UnprocessedTraceSegments).toStrictEqual([
    { ErrorCode: 'InvalidName', Id: ID, Message: ofSubsegment('InvalidName') },
    { ErrorCode: 'MissingId', Message: ofSegment('MissingId') },
  ])
  const [trace] = await readTraces(client, [trace_id])
  expect(new Set(documents(trace).map(({ name }) => name))).toEqual(new Set(['first', 'last']))
})

test.each([
  ['65,536 bytes', sized(65_536)],
  ['200 levels', deep(200)],
  ['a name of 200 characters', text({ name: 'ä'.repeat(200) })],
])('%s are taken and read back', async (_, document) => {
  const trace_id = newTraceId()
  const own = document.replace(/"trace_id":"[^"]+"/, `"trace_id":"${trace_id}"`)
  expect(Buffer.byteLength(own)).toBe(Buffer.byteLength(document))
  const answer = await client.send(new PutTraceSegmentsCommand({ TraceSegmentDocuments: [own] }))
  expect(answer.UnprocessedTraceSegments).toEqual([])
  const [trace] = await readTraces(client, [trace_id])
  expect(documents(trace)).toMatchObject([{ id: ID }])
})
