import { describe, expect, it } from 'vitest'
import { RawNumber } from '../../../model/raw-number.ts'
import { readDetails } from './read-details.ts'
import { annotationClause, factClause, withClause } from './value-clause.ts'

describe('The details of a segment', () => {
  it('are taken apart, and numbers keep their digits', () => {
    const details = readDetails(
      `{"id":"53995c3f42cd8ad8","name":"api","start_time":1,"parent_id":"1111111111111111","user":"ann","aws":{"region":"eu"},
       "http":{"request":{"method":"GET","url":"http://a/?b"},"response":{"status":500}},
       "annotations":{"n":12345678901234567890,"flag":true,"__proto__":"x"},
       "metadata":{"default":{"big":12345678901234567890.5}},
       "cause":{"exceptions":[{"id":"e1","type":"T","message":"m","cause":"e2","remote":true,"stack":[{"path":"a.ts","line":3,"label":"f"}]}]},
       "links":[{"trace_id":"1-00000001-000000000000000000000002","attributes":{"a":"b"}}]}`,
    )
    expect(details.facts.map(({ label, text }) => `${label} ${text}`)).toEqual([
      'Method GET',
      'URL http://a/?b',
      'Status 500',
      'User ann',
      'Region eu',
    ])
    expect(details.annotations).toEqual([
      { key: 'n', value: new RawNumber('12345678901234567890') },
      { key: 'flag', value: true },
      { key: '__proto__', value: 'x' },
    ])
    expect(details.metadata).toMatchObject([
      { namespace: 'default', value: { big: { lexeme: '12345678901234567890.5' } } },
    ])
    expect(details.exceptions).toEqual([
      {
        id: 'e1',
        type: 'T',
        message: 'm',
        cause: 'e2',
        isRemote: true,
        left: 0,
        frames: [{ label: 'f', place: 'a.ts:3' }],
      },
    ])
    expect(details.links).toEqual([{ traceId: '1-00000001-000000000000000000000002', text: 'a: b' }])
    expect(details.parentId).toBe('1111111111111111')
  })

  it.each([
    ['{}', 'nothing'],
    ['{"cause":null,"http":[],"annotations":"x","links":{"a":1},"sql":7}', 'other types'],
  ])('of %s are empty: %s', (document) => {
    const { facts, annotations, exceptions, links, sql } = readDetails(document)
    expect({ facts, annotations, exceptions, links, sql }).toEqual({
      facts: [],
      annotations: [],
      exceptions: [],
      links: [],
      sql: [],
    })
  })

  it('may refer to an exception elsewhere', () => {
    expect(readDetails('{"cause":"53995c3f42cd8ad8"}').causeId).toBe('53995c3f42cd8ad8')
  })
})

describe('Filters of values', () => {
  it.each([
    [annotationClause({ key: 'tenant', value: 'a"b\\c' }), String.raw`annotation.tenant = "a\"b\\c"`],
    [annotationClause({ key: 'a.b', value: 5 }), 'annotation[a.b] = 5'],
    [annotationClause({ key: 'flag', value: false }), 'annotation.flag = false'],
    [annotationClause({ key: 'long', value: 'x'.repeat(1_000) }), undefined],
    [
      factClause('api', { label: 'Status', text: '500', keyword: 'http.status', isNumber: true }),
      'service("api") { http.status = 500 }',
    ],
    [factClause('api', { label: 'User', text: 'ann', keyword: 'user' }), 'user = "ann"'],
    [factClause('api', { label: 'Region', text: 'eu' }), undefined],
    [withClause('fault or error', 'ok', false), '(fault or error) AND !ok'],
    [withClause(undefined, 'ok', true), 'ok'],
  ])('%s', (clause, expected) => {
    expect(clause).toBe(expected)
  })
})
