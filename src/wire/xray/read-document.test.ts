import { describe, expect, test } from 'vitest'
import { createDocumentReader } from './read-document.ts'
import { defaultReaderOptions, utf8Length } from './reader-options.ts'
import type { ReaderOptions } from './reader-options.ts'

// Shapes of whole documents are golden files, test/golden/documents. Here are the corners.

const now = 1_780_000_000
const traceId = '1-6a18a500-a006649127e371903a2de979'
const day = 24 * 3600

const aSegment = (extra: object = {}) => ({
  name: 'api',
  id: '70de5b6f19ff9a0a',
  trace_id: traceId,
  start_time: now - 2,
  end_time: now - 1,
  ...extra,
})
const aSubsegment = (extra: object = {}) => ({
  name: 'table',
  id: '53995c3f42cd8ad8',
  start_time: now - 2,
  end_time: now - 1,
  ...extra,
})
const independent = (extra: object = {}) => aSegment({ type: 'subsegment', parent_id: '70de5b6f19ff9a0b', ...extra })

function read(document: unknown, options: Partial<ReaderOptions> = {}) {
  const text = typeof document === 'string' ? document : JSON.stringify(document)
  return createDocumentReader({ ...defaultReaderOptions, ...options })(text, now)
}

/** `accepted`, or the code and message of each rejection, and whether it names the document. */
function verdicts(document: unknown, options: Partial<ReaderOptions> = {}) {
  return read(document, options).map((entry) => {
    if (entry.ok) return 'accepted'
    const { code, message, id } = entry.rejection
    const form = message === `Invalid segment. ErrorCode: ${code}` ? 'segment' : 'subsegment'
    return `${code} of ${form}${id === undefined ? '' : ` ${id}`}`
  })
}

function accepted(document: unknown, options: Partial<ReaderOptions> = {}) {
  const [entry] = read(document, options)
  if (entry?.ok !== true) throw new Error(`Rejected: ${JSON.stringify(entry)}`)
  return entry.value
}

const id = '70de5b6f19ff9a0a'

describe('the first fault of a document is reported', () => {
  // Each document has the fault of its row and of all rows below it, down to the end of the list.
  const faults = [
    { code: 'MissingId of segment', repaired: { id: '' } },
    { code: 'InvalidId of segment xyz', repaired: { id: 'xyz' } },
    { code: `MissingTraceId of segment ${id}`, repaired: { id, trace_id: 7 } },
    { code: `InvalidTraceId of subsegment ${id}`, repaired: { trace_id: '1-0-0' } },
    { code: `MissingParentId of subsegment ${id}`, repaired: { trace_id: traceId, parent_id: null } },
    { code: `InvalidParentId of subsegment ${id}`, repaired: { parent_id: '00000000' } },
    { code: `MissingName of subsegment ${id}`, repaired: { parent_id: id, name: {} } },
    { code: `InvalidName of subsegment ${id}`, repaired: { name: 'a?' } },
    { code: `MissingStartTime of subsegment ${id}`, repaired: { name: 'a', start_time: 'soon' } },
    { code: `MissingEndTime of subsegment ${id}`, repaired: { start_time: now - 31 * day } },
    { code: `InvalidStartTime of subsegment ${id}`, repaired: { end_time: now } },
    { code: `MissingId of subsegment ${id}`, repaired: { start_time: now, subsegments: [{}] } },
    { code: `InvalidId of subsegment ${id}`, repaired: { subsegments: [{ id: '0000000000000000' }] } },
    { code: `MissingName of subsegment ${id}`, repaired: { subsegments: [{ id }] } },
    { code: `InvalidName of subsegment ${id}`, repaired: { subsegments: [{ id, name: '!' }] } },
    { code: `MissingStartTime of subsegment ${id}`, repaired: { subsegments: [{ id, name: 'x' }] } },
    { code: `MissingEndTime of subsegment ${id}`, repaired: { subsegments: [{ id, name: 'x', start_time: 1 }] } },
    { code: 'accepted', repaired: { subsegments: [] } },
  ]
  test.each(faults.map((fault, index) => ({ ...fault, index })))('$index: $code', ({ code, index }) => {
    const document = faults.slice(0, index + 1).reduce((sum, { repaired }) => ({ ...sum, ...repaired }), {
      type: 'SubSegment',
    })
    expect(verdicts(document)).toEqual([code])
  })

  test('where the culprit stands is told to the operator', () => {
    const document = aSegment({ subsegments: [null, 7, aSubsegment({ subsegments: [{ id }] })] })
    expect(read(document)).toEqual([
      {
        ok: false,
        rejection: {
          code: 'MissingName',
          message: 'Invalid subsegment. ErrorCode: MissingName, Cause: null',
          id,
          path: 'subsegments[2].subsegments[0].name',
        },
      },
    ])
  })

  test.each([
    ['"text"', 'ParseError of segment'],
    ['7', 'ParseError of segment'],
    ['null', 'ParseError of segment'],
    ['[[]]', 'MissingId of segment'],
    ['\u0000', 'ParseError of segment'],
    ['{"a":"\u0001"}', 'ParseError of segment'],
    ['"\\', 'ParseError of segment'],
    ['"NaN\\', 'ParseError of segment'],
  ])('%j is %s', (text, verdict) => {
    expect(verdicts(text)).toEqual([verdict])
  })
})

describe('times', () => {
  test.each([
    [
      'a number as text',
      { start_time: '1.779999999E9', end_time: '1780000000.5' },
      { startTime: now - 1, endTime: now + 0.5 },
    ],
    ['end 0 is open', { end_time: 0 }, { complete: false }],
    ['a negative end is open, whatever the flag', { end_time: -1, in_progress: false }, { complete: false }],
    ['a positive end outweighs the flag', { end_time: now, in_progress: true }, { complete: true, endTime: now }],
    ['the flag as text', { end_time: null, in_progress: 'TRUE' }, { complete: false }],
    ['in_progress false with an end', { in_progress: false }, { complete: true }],
  ])('%s', (_, extra, facts) => {
    expect(accepted(aSegment(extra))).toMatchObject(facts)
  })

  test('an open document has no end', () => {
    expect(accepted(aSegment({ end_time: 0 }))).not.toHaveProperty('endTime')
  })

  test.each([
    [now - 30 * day, 'accepted'],
    [now - 30 * day - 1, `InvalidStartTime of segment ${id}`],
    [now + day, 'accepted'],
    [now + day + 1, `InvalidStartTime of segment ${id}`],
  ])('a top-level start at %d is %s', (start, verdict) => {
    expect(verdicts(aSegment({ start_time: start }))).toEqual([verdict])
  })

  test('the window can be opened to the past', () => {
    expect(verdicts(aSegment({ start_time: 1 }), { maxPastSeconds: 0 })).toEqual(['accepted'])
  })

  test('a number beyond all doubles is no number', () => {
    const text = JSON.stringify(aSegment()).replace(String(now - 2), '1e400')
    expect(verdicts(text)).toEqual([`MissingStartTime of segment ${id}`])
  })
})

describe('identity', () => {
  test('a W3C trace id is rewritten', () => {
    expect(accepted(aSegment({ trace_id: '6A18A500A006649127E371903A2DE979' })).traceId).toBe(traceId)
  })
  test('a malformed parent of a segment is dropped', () => {
    expect(accepted(aSegment({ parent_id: 'none' }))).not.toHaveProperty('parentId')
  })
  test('a parent does not make a subsegment', () => {
    expect(accepted(aSegment({ parent_id: id, type: 'Segment' }))).toMatchObject({ kind: 'segment', parentId: id })
  })
  test.each([
    ['1-4efaaf4d-1e8720b39541901950019ee5', `InvalidTraceId of segment ${id}`],
    [`1-${(now + 301).toString(16)}-1e8720b39541901950019ee5`, `InvalidTraceId of segment ${id}`],
    [`1-${(now - day).toString(16)}-1e8720b39541901950019ee5`, 'accepted'],
  ])('with the epoch check, %s is %s', (trace_id, verdict) => {
    expect(verdicts(aSegment({ trace_id }), { traceIdEpochCheck: true })).toEqual([verdict])
  })
  test('sanitized names are accepted and returned', () => {
    const document = aSegment({ name: '$Proxy42.save()', subsegments: [aSubsegment({ name: '???' })] })
    expect(accepted(document, { names: 'sanitize' }).name).toBe('Proxy42.save')
  })
  test('inferred is told', () => {
    expect(accepted(aSegment({ inferred: 'true' })).inferred).toBe(true)
  })
})

describe('the text', () => {
  const text = JSON.stringify(aSegment())

  test.each([
    ['one byte order mark', `\ufeff${text}`, text],
    ['trailing NULs', `${text}\u0000\u0000`, text],
    ['a newline, which stays', `${text}\r\n`, `${text}\r\n`],
  ])('may have %s', (_, sent, raw) => {
    expect(accepted(sent).raw).toBe(raw)
  })

  test('NaN stays as it was sent', () => {
    const odd = `${text.slice(0, -1)},"annotations":{"a":NaN,"b":"\\"NaN","c":-Infinity}}`
    expect(accepted(odd).raw).toBe(odd)
    expect(verdicts(odd, { nonFinite: false })).toEqual(['ParseError of segment'])
  })

  test.each(['NaNNaN', '1NaN', 'xNaN', 'Infinit'])('%s is no number', (token) => {
    expect(verdicts(`${text.slice(0, -1)},"x":${token}}`)).toEqual(['ParseError of segment'])
  })

  test('may be encoded twice, once that is allowed', () => {
    expect(accepted(JSON.stringify(text), { doubleEncoding: true }).raw).toBe(text)
    const thrice = JSON.stringify(JSON.stringify(text))
    expect(verdicts(thrice, { doubleEncoding: true })).toEqual(['ParseError of segment'])
  })

  test('is measured in bytes of UTF-8', () => {
    const filled = (bytes: number, filler: string) => {
      const empty = JSON.stringify(aSegment({ metadata: { default: '' } }))
      const units = Math.floor((bytes - empty.length) / utf8Length(filler))
      const rest = bytes - empty.length - units * utf8Length(filler)
      return empty.replace('""', `"${filler.repeat(units)}${'x'.repeat(rest)}"`)
    }
    for (const filler of ['x', 'é', '€', '🚀', '\ud800']) {
      expect(verdicts(filled(65_536, filler)), filler).toEqual(['accepted'])
      expect(verdicts(filled(65_537, filler)), filler).toEqual([`InvalidSegment of subsegment ${id}`])
    }
    expect(verdicts(filled(1_048_577, 'x'))).toEqual(['InvalidSegment of subsegment'])
  })
})

describe('an array document', () => {
  test('is read element by element, each with its exact text', () => {
    const first = JSON.stringify(independent({ metadata: { default: { odd: '],[ \\" {' } } }), null, 1)
    const second = `{"start_time": 1.78E9, "end_time":1780000001.50, "name":"b", "id":"${id}", "trace_id":"${traceId}"}`
    const entries = read(` [\n${first} , 5,null,[{}],{}, ${second}] `)
    expect(entries.map((entry) => (entry.ok ? entry.value.raw : entry.rejection.code))).toEqual([
      first,
      'ParseError',
      'ParseError',
      'MissingId',
      'MissingId',
      second,
    ])
  })
  test('of more elements than could be real is refused whole', () => {
    expect(verdicts(`[${'0,'.repeat(1000)}0]`)).toEqual(['InvalidSegment of segment'])
  })
})

describe('nesting', () => {
  const nested = (levels: number, innermost: object = {}): object => {
    let subsegment = aSubsegment(innermost)
    for (let level = 1; level < levels; level++) subsegment = aSubsegment({ subsegments: [subsegment] })
    return aSegment({ subsegments: [subsegment] })
  }
  test('256 levels are accepted, 257 are not', () => {
    expect(verdicts(nested(256))).toEqual(['accepted'])
    expect(verdicts(nested(257))).toEqual([`InvalidSegment of segment ${id}`])
  })
  test('a missing field comes first', () => {
    expect(verdicts(nested(300, { name: null }))).toEqual([`MissingName of subsegment ${id}`])
  })
  test('costs no stack', () => {
    const levels = 9_000
    const text = `{"id":"${id}","subsegments":[`.repeat(levels) + ']}'.repeat(levels)
    expect(verdicts(text, { maxDocumentBytes: text.length })).toEqual([`MissingTraceId of segment ${id}`])
  })
})

describe('passwords', () => {
  test('are masked in the text, and nothing else changes', () => {
    const text =
      `{"name":"api", "id":"${id}","trace_id":"${traceId}","start_time":1780000000.000000001E0,"end_time":1.780000001E9,` +
      `"metadata":{"big":12345678901234567890},"subsegments":[{"name":"db","id":"${id}","start_time":1,"end_time":2,` +
      `"sql":{"url":"postgres:\\/\\/u:p\\u0040ss@h\\/d","connection_string":"Server=h;Pwd=s3cret;","user":"u"}}]}`
    expect(accepted(text).raw).toBe(
      text.replace('"postgres:\\/\\/u:p\\u0040ss@h\\/d"', '"postgres://u:***@h/d"').replace('Pwd=s3cret', 'Pwd=***'),
    )
  })
  test('are masked in each element of an array', () => {
    const secret = independent({ sql: { url: 'mysql://u:p@h/d' } })
    const [first, second] = read([secret, independent()])
    expect(first).toMatchObject({ ok: true, value: { raw: JSON.stringify(secret).replace('u:p@', 'u:***@') } })
    expect(second).toMatchObject({ ok: true, value: { raw: JSON.stringify(independent()) } })
  })
})
