import { expect, it } from 'vitest'
import type { Rejection } from '../model/outcome.ts'
import { describeRejected } from './rejected-document.ts'

const tenant = { account: '123456789012', region: 'eu-west-1' }
const ID = '70de5b6f19ff9a0a'
const bad = (fields: Partial<Rejection> = {}): Rejection => ({ code: 'InvalidName', message: 'no', ...fields })
const describe = (rejection: Rejection, text: string, maxLengthToParse = 1e6) =>
  describeRejected(rejection, tenant, 'udp', text, maxLengthToParse)

it('says what an operator needs to find the sender', () => {
  const text = JSON.stringify({ id: ID, name: 'web?', trace_id: '1-2-3' })
  expect(describe(bad({ id: ID, path: 'name' }), text)).toEqual({
    code: 'InvalidName',
    id: ID,
    traceId: '1-2-3',
    path: 'name',
    service: 'web?',
    account: '123456789012',
    region: 'eu-west-1',
    source: 'udp',
    document: text,
    documentLength: text.length,
  })
})

it.each<[string, Rejection, string, object]>([
  ['what is no JSON', bad({ code: 'ParseError' }), 'None', { document: 'None' }],
  ['nothing', bad({ code: 'ParseError' }), '', { document: '' }],
  ['names of other types', bad(), '{"name":{"a":1},"trace_id":7}', {}],
  ['an empty name', bad(), '{"name":""}', {}],
  ['a scalar', bad(), 'null', {}],
  [
    'an element of a list, by its id',
    bad({ id: 'b' }),
    '[0,{"id":"a","name":"A"},{"id":"b","name":"B"}]',
    { service: 'B' },
  ],
  ['an element of a list without an id', bad(), '[{"name":"A"}]', {}],
  ['a long name, cut', bad(), `{"name":"${'n'.repeat(999)}"}`, { service: 'n'.repeat(256) }],
  ['a long id, cut', bad({ id: 'i'.repeat(999) }), '{}', { id: 'i'.repeat(256) }],
  ['a nest of lists', bad({ id: 'x' }), '['.repeat(20_000) + ']'.repeat(20_000), {}],
])('takes %s', (_, rejection, text, expected) => {
  const described = describe(rejection, text)
  expect(described).toMatchObject(expected)
  expect([described.service, described.traceId]).toEqual([Reflect.get(expected, 'service'), undefined])
})

it('keeps 2 KiB of UTF-8, and no half of a character', () => {
  expect(describe(bad(), 'x'.repeat(5000)).document).toBe('x'.repeat(2048))
  expect(describe(bad(), `x${'é'.repeat(5000)}`).document).toBe(`x${'é'.repeat(1023)}`)
  expect(describe(bad(), `xx${'😀'.repeat(5000)}`).document).toBe(`xx${'😀'.repeat(511)}`)
  expect(describe(bad(), 'x'.repeat(5000)).documentLength).toBe(5000)
})

it('does not parse what is too long', () => {
  expect(describe(bad(), '{"name":"web"}', 10)).not.toHaveProperty('service')
})
