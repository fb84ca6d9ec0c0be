import type { Narrowing } from '../../src/filter/narrowing.ts'
import { searchTerm, searchTermStart } from '../../src/model/search-facts.ts'
import type { TraceRow } from '../../src/store/trace-row.ts'
import { NOW_SECONDS } from './spool-file.ts'
import { span } from './trace-row.ts'

export type Fields = Partial<Pick<TraceRow, 'spans' | 'names' | 'terms' | 'urls' | 'lastEndUs'>>

const us = (seconds: number): number => Math.round((NOW_SECONDS + seconds) * 1e6)
export const a = (value: string | number | boolean): string => searchTerm.annotation('k', value)
export const like = (text: string, key = 'k'): Narrowing => {
  return { kind: 'term-like', start: searchTermStart.annotation(key), text }
}
const status = (operator: '=' | '<' | '<=' | '>' | '>=', value: number): Narrowing => ({
  kind: 'status',
  operator,
  value,
})
export const name = (text: string): Narrowing => ({ kind: 'name', name: text })
export const term = (text: string): Narrowing => ({ kind: 'term', term: text })
export const url = (text: string): Narrowing => ({ kind: 'url', text })

/** A narrowing, and the rows that satisfy it, by their names; of these alone are there rows. */
export type Table = {
  readonly rows: Readonly<Record<string, Fields>>
  readonly questions: readonly (readonly [narrowing: Narrowing, found: readonly string[]])[]
}

/** What each kind of narrowing finds. */
export const TABLES: Readonly<Record<string, Table>> = {
  'names and terms are equal as they stand': {
    rows: {
      a: { names: ['web', 'api'], terms: ['F', 'ualice'] },
      b: { names: ['Web'], terms: ['uweb', 'f'] },
      c: { names: [], terms: ['ualice b', a('F')] },
    },
    questions: [
      [{ kind: 'everything' }, ['a', 'b', 'c']],
      [name('web'), ['a']],
      [name('we'), []],
      [name('WEB'), []],
      [name(''), []],
      [term('F'), ['a']],
      [term('ualice'), ['a']],
      [term(''), []],
      [{ kind: 'no-term', term: 'F' }, ['b', 'c']],
      [{ kind: 'no-term', term: 'nobody' }, ['a', 'b', 'c']],
    ],
  },
  'terms of which a part is known': {
    rows: {
      text: { terms: [a('one two'), searchTerm.annotation('kk', 'three')] },
      number: { terms: [a(15)] },
      boolean: { terms: [a(false)] },
      empty: { terms: [a('')] },
      user: { terms: ['uone two', 'u'] },
    },
    questions: [
      [like(''), ['text', 'number', 'boolean', 'empty']],
      [like('one'), ['text']],
      [like('two'), ['text']],
      [like('e t'), ['text']],
      [like('one two '), []],
      [like('15'), ['number']],
      [like('three'), []],
      [like('three', 'kk'), ['text']],
      // A part of the beginning is none of what follows.
      [like('k'), []],
      [{ kind: 'term-like', start: 'u', text: '' }, ['user']],
      [{ kind: 'term-like', start: 'u', text: 'one' }, ['user']],
      [{ kind: 'term-like', start: 'u', text: 'u' }, []],
      [{ kind: 'term-like', start: '', text: 'two' }, ['text', 'user']],
    ],
  },
  'parts of URLs': {
    rows: {
      a: { urls: ['https://a.example/x?y=1', 'https://b.example/'] },
      b: { urls: ['https://b.example/'] },
      none: { urls: [] },
      empty: { urls: [''] },
    },
    questions: [
      [url('b.example'), ['a', 'b']],
      [url('?y='), ['a']],
      [url('https://b.example/'), ['a', 'b']],
      [url('B.example'), []],
    ],
  },
  statuses: {
    rows: {
      404: { terms: ['s404', 'E'] },
      429: { terms: ['s429', 's503', 'Rs503'] },
      301: { terms: ['s301', 'Rs301'] },
      odd: { terms: ['s-1', 's0.5', 's1e+300', 's1e-7'] },
      other: { terms: ['u404', 'uRs404', 'Z404', 'Rs', 's'] },
    },
    questions: [
      [status('=', 404), ['404']],
      [status('=', 503), ['429']],
      [status('=', 40), []],
      [status('>', 429), ['429', 'odd']],
      [status('>=', 429), ['429', 'odd']],
      [status('<=', 301), ['301', 'odd', 'other']],
      [status('<', 301), ['odd', 'other']],
      [status('<', -0.5), ['odd']],
      [status('=', 0.5), ['odd']],
      [status('>', 1e299), ['odd']],
      [status('=', Infinity), []],
      [status('>', -Infinity), ['404', '429', '301', 'odd', 'other']],
      [{ kind: 'root-status', operator: '=', value: 503 }, ['429']],
      [{ kind: 'root-status', operator: '=', value: 429 }, []],
      [{ kind: 'root-status', operator: '=', value: 404 }, []],
      [{ kind: 'root-status', operator: '>', value: 300 }, ['301', '429']],
    ],
  },
  'how long it took': {
    rows: {
      short: { spans: [span(0, 0.5)], lastEndUs: us(0.5) },
      long: { spans: [span(0, 1), span(-2, 3)], lastEndUs: us(3) },
      // A subsegment that came later outlasts its segment.
      late: { spans: [span(0, 1)], lastEndUs: us(9) },
      open: { spans: [span(0)] },
      half: { spans: [span(0), span(0.5, 2)], lastEndUs: us(2) },
      backwards: { spans: [span(5, 1)], lastEndUs: us(1) },
      none: { spans: [] },
    },
    questions: [
      [{ kind: 'at-least', seconds: 0.5 }, ['short', 'long', 'late', 'open', 'half', 'none']],
      [{ kind: 'at-least', seconds: 0.500001 }, ['long', 'late', 'open', 'half', 'none']],
      [{ kind: 'at-least', seconds: 5 }, ['long', 'late', 'open', 'none']],
      [{ kind: 'at-least', seconds: 1e9 }, ['open', 'none']],
      [{ kind: 'at-most', seconds: 0.5 }, ['short', 'open', 'backwards', 'none']],
      [{ kind: 'at-most', seconds: 1 }, ['short', 'late', 'open', 'backwards', 'none']],
      [{ kind: 'at-most', seconds: 4.999999 }, ['short', 'late', 'open', 'half', 'backwards', 'none']],
      [{ kind: 'at-most', seconds: 5 }, ['short', 'long', 'late', 'open', 'half', 'backwards', 'none']],
      [{ kind: 'at-most', seconds: -1 }, ['open', 'backwards', 'none']],
      [{ kind: 'segment-at-least', seconds: 0.5 }, ['short', 'long', 'late', 'half']],
      [{ kind: 'segment-at-least', seconds: 1.5 }, ['long', 'half']],
      [{ kind: 'segment-at-least', seconds: 5 }, ['long']],
      [{ kind: 'segment-at-least', seconds: 5.000001 }, []],
      [{ kind: 'segment-at-least', seconds: 1e300 }, []],
    ],
  },
  combinations: {
    rows: {
      ab: { terms: ['a', 'b'] },
      bc: { terms: ['b', 'c'] },
      c: { terms: ['c'], names: ['n'] },
      d: {},
    },
    questions: [
      [{ kind: 'all', terms: [term('a'), term('b')] }, ['ab']],
      [{ kind: 'all', terms: [term('a'), term('c')] }, []],
      [{ kind: 'any', terms: [term('a'), term('c')] }, ['ab', 'bc', 'c']],
      [{ kind: 'any', terms: [term('x'), { kind: 'everything' }] }, ['ab', 'bc', 'c', 'd']],
      [{ kind: 'all', terms: [term('c'), { kind: 'everything' }] }, ['bc', 'c']],
      [{ kind: 'all', terms: [{ kind: 'no-term', term: 'a' }, term('b')] }, ['bc']],
      [{ kind: 'any', terms: [{ kind: 'all', terms: [term('a'), term('b')] }, name('n')] }, ['ab', 'c']],
      [{ kind: 'all', terms: [{ kind: 'any', terms: [term('a'), name('n')] }, term('c')] }, ['c']],
      // `a OR (b AND x)`: the one binds tighter than the other, as it stands.
      [{ kind: 'any', terms: [term('a'), { kind: 'all', terms: [term('b'), term('x')] }] }, ['ab']],
      [
        {
          kind: 'all',
          terms: [
            { kind: 'no-term', term: 'b' },
            { kind: 'no-term', term: 'c' },
          ],
        },
        ['d'],
      ],
    ],
  },
}
