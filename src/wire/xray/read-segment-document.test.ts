import { describe, expect, test } from 'vitest'
import type { Entity } from '../../model/entity.ts'
import { MAX_FREE_FORM_LEVELS } from './free-form.ts'
import { readSegmentDocument } from './read-segment-document.ts'

// Shapes of whole documents are golden files, test/golden/documents. Here are the corners.

const core =
  '"name":"api","id":"70de5b6f19ff9a0a","trace_id":"1-6a18a500-a006649127e371903a2de979","start_time":1,"end_time":2'
const idOf = (n: number) => n.toString(16).padStart(16, '0')
const sub = (n: number, extra: object = {}) => ({ id: idOf(n), name: `s${n}`, start_time: 1, end_time: 2, ...extra })
const open = { end_time: undefined, in_progress: true }

function entity(extra: object | string): Entity {
  const members = typeof extra === 'string' ? extra : JSON.stringify(extra).slice(1, -1)
  return readSegmentDocument(`{${core}${members === '' ? '' : ','}${members}}`).entity
}

describe('normalisation', () => {
  test.each<[string, object | string, Partial<Entity>]>([
    ['scalars become text in text fields', { user: true, origin: 1.5 }, { user: 'true', origin: '1.5' }],
    ['containers do not', { user: ['a'], origin: {} }, {}],
    ['booleans as text', { error: 'True', fault: 'FALSE', throttle: 'yes' }, { error: true, fault: false }],
    [
      'numbers as text',
      { http: { response: { status: '2e2', content_length: '-1' } } },
      { http: { status: 200, contentLength: -1 } },
    ],
    [
      'text that only looks like a number',
      { http: { response: { status: ' 200', content_length: '0x10' } } },
      { http: {} },
    ],
    ['x_forwarded_for', { http: { request: { x_forwarded_for: '1.2.3.4' } } }, { http: { xForwardedFor: true } }],
    ['http that is no object', { http: [{ request: {} }], sql: 'select' }, {}],
    ['null is absent', { http: null, aws: null, cause: null, annotations: null, metadata: null, links: null }, {}],
    [
      'traced at both places',
      { traced: true, http: { request: { traced: false } } },
      { traced: true, http: { traced: false } },
    ],
    [
      'a single link',
      { links: { id: 'AA00000000000000', trace_id: '6A18A500A006649127E371903A2DE979' } },
      { links: [{ id: 'aa00000000000000', traceId: '1-6a18a500-a006649127e371903a2de979' }] },
    ],
    [
      'odd elements of lists',
      { links: [null, 7, { id: 'odd' }], precursor_ids: [null, 5, 'a', {}] },
      { links: [{ id: 'odd' }], precursorIds: ['a'] },
    ],
    [
      'a single exception',
      { cause: { exceptions: { message: 'm', stack: [null, 'x', { line: '7', label: null }] } } },
      { cause: { kind: 'exceptions', exceptions: [{ message: 'm', stack: [{ line: 7 }] }] } },
    ],
    [
      'odd exceptions',
      { cause: { exceptions: [null, 'e', { id: 7, type: 5 }] } },
      { cause: { kind: 'exceptions', exceptions: [{ type: '5' }] } },
    ],
    ['cause as a list', { cause: ['a'] }, {}],
    ['cause as nothing', { cause: {} }, { cause: { kind: 'exceptions' } }],
    [
      'a null in a cause',
      { cause: { id: null, message: 'm', paths: [null, 'p'] } },
      { cause: { kind: 'exceptions', message: 'm', paths: ['p'] } },
    ],
    [
      'aliases in aws',
      { aws: { ec2: { instance_type: 'm5' }, elastic_beanstalk: { environment: 'e', deployment_id: '7' } } },
      { aws: { ec2: { instance_size: 'm5' }, elastic_beanstalk: { environment_name: 'e', deployment_id: 7 } } },
    ],
    [
      'an alias beside the real name',
      { aws: { ec2: { instance_type: 'old', instance_size: 'new' } } },
      { aws: { ec2: { instance_size: 'new' } } },
    ],
    ['nulls in aws', { aws: { a: null, b: { c: null, d: [null, 1] }, ec2: 'x' } }, { aws: { b: { d: [1] } } }],
    ['operations', { aws: { operation: 'getItem' } }, { aws: { operation: 'GetItem' } }],
    [
      'log groups',
      { aws: { cloudwatch_logs: [null, {}, { log_group: 'g' }] } },
      { aws: { cloudwatch_logs: [{ log_group: 'g' }] } },
    ],
    [
      'service',
      { service: { name: 'n', version: 7, runtime: 'node', x: null } },
      { service: { version: '7', runtime: 'node' } },
    ],
    ['sql', { sql: { url: '', user: null, driver_version: 8, other: 'x' } }, { sql: { driverVersion: '8' } }],
    ['subsegments that are none', { subsegments: [null, 'x', [sub(1)]] }, { subsegments: [] }],
    [
      'a number too large',
      '"metadata":{"a":1e400,"b":[1e400]},"aws":{"a":1e400}',
      {
        metadata: new Map<string, null | null[]>([
          ['a', null],
          ['b', [null]],
        ]),
        aws: {},
      },
    ],
  ])('%s', (_, extra, expected) => {
    expect(entity(extra)).toEqual({ ...entity({}), ...expected })
  })

  test('at most 20 links', () => {
    expect(entity({ links: Array.from({ length: 21 }, (_, n) => ({ id: idOf(n + 1) })) }).links).toHaveLength(20)
  })

  test('annotations keep scalars under legal keys, hostile ones among them', () => {
    const annotations = entity(
      '"annotations":{"__proto__":"p","constructor":1,"aws:x":true,"a b":1,"é":1,"n":null,"big":1e400,"empty":"","":1}',
    ).annotations
    expect([...(annotations ?? [])]).toEqual([
      ['__proto__', 'p'],
      ['constructor', 1],
      ['aws:x', true],
      ['empty', ''],
    ])
  })

  test('hostile keys are ordinary keys in free-form values', () => {
    const { aws, metadata } = entity(
      '"aws":{"__proto__":{"polluted":1},"constructor":2},"metadata":{"__proto__":{"__proto__":[1]}}',
    )
    expect(Object.entries(aws ?? {})).toEqual([
      ['__proto__', Object.assign(Object.create(null), { polluted: 1 })],
      ['constructor', 2],
    ])
    expect(Object.getPrototypeOf(aws)).toBe(null)
    expect(Object.keys(Object(metadata?.get('__proto__')))).toEqual(['__proto__'])
    expect('polluted' in {}).toBe(false)
  })

  test('what nests too deep is kept as text', () => {
    const levels = 10_000
    const { metadata } = entity(`"metadata":${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`)
    let value = metadata?.get('a')
    let level = 1
    for (; typeof value === 'object' && value !== null; level++) value = (value as { readonly a: typeof value }).a
    expect(level).toBe(MAX_FREE_FORM_LEVELS)
    expect(value).toBe(`${'{"a":'.repeat(levels - level)}1${'}'.repeat(levels - level)}`)
  })

  test('an illegal name, stored while names were sanitized, is repaired', () => {
    expect(entity({ name: 'a?b' }).name).toBe('ab')
  })
})

describe('the same id twice', () => {
  const tree = ({ name, subsegments }: Entity): unknown =>
    subsegments.length === 0 ? name : { [name]: subsegments.map(tree) }

  test.each([
    ['the complete one stays', [sub(1, { name: 'a' }), sub(1, { name: 'b', ...open })], ['a']],
    ['else the last', [sub(1, { name: 'a' }), sub(2), sub(1, { name: 'b' })], ['s2', 'b']],
    ['both open: the last', [sub(1, { name: 'a', ...open }), sub(1, { name: 'b', ...open })], ['b']],
    [
      'one inside the other: the outer',
      [sub(1, { ...open, subsegments: [sub(1, { name: 'b' }), sub(2)] })],
      [{ s1: ['s2'] }],
    ],
    [
      'the outermost, twice over',
      [sub(1, { subsegments: [sub(2, { subsegments: [sub(1)] })] }), sub(3)],
      [{ s1: ['s2'] }, 's3'],
    ],
    [
      'a subtree goes as a whole',
      [sub(1, { ...open, subsegments: [sub(2)] }), sub(2, { name: 'kept', ...open }), sub(1)],
      ['kept', 's1'],
    ],
    ['not the segment itself', [sub(0x70de5b6f19ff9a0an as unknown as number)], [`s${0x70de5b6f19ff9a0an}`]],
  ])('%s', (_, subsegments, expected) => {
    expect(entity({ subsegments }).subsegments.map(tree)).toEqual(expected)
  })

  test('an independent subsegment does not contain itself', () => {
    const type = {
      type: 'subsegment',
      parent_id: idOf(9),
      subsegments: [sub(1), { ...sub(2), id: '70de5b6f19ff9a0a' }],
    }
    expect(entity(type).subsegments.map(tree)).toEqual(['s1'])
  })
})

test.each(['', '[]', '{}', '{"id":"70de5b6f19ff9a0a"}', `{${core.replace('1-6a', '2-6a')}}`])(
  '%s was never accepted',
  (raw) => {
    expect(() => readSegmentDocument(raw)).toThrow('A stored document has no valid')
  },
)
