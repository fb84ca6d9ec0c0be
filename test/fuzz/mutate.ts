/** Chance that a seed repeats. */
export type Random = {
  /** A whole number from 0 to `limit` − 1; 0 when `limit` is 0. */
  below(limit: number): number
}

/** The generator mulberry32: small, and good enough to choose mutations. */
export function seededRandom(seed: number): Random {
  let state = seed | 0
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return { below: (limit) => Math.floor(next() * limit) }
}

/** JSON values that readers trip over (spec/ingest §2.0, §6). */
const ODD_VALUES: readonly string[] = [
  'null',
  'true',
  'false',
  '0',
  '-1',
  '1e400',
  '-1e400',
  '1e-400',
  '9007199254740993',
  '1.7976931348623157e308',
  'NaN',
  'Infinity',
  '-Infinity',
  '""',
  '"true"',
  '"0"',
  '"\\u0000"',
  '"\\ud800"',
  '"\u2028"',
  '"é🛒"',
  '[]',
  '{}',
  '[null]',
  '[[]]',
  '{"":""}',
  '{"__proto__":{"a":1}}',
  '{"constructor":{"prototype":1}}',
  '"0000000000000000"',
  '"1-00000000-000000000000000000000000"',
]

const ODD_KEYS: readonly string[] = [
  'id',
  'name',
  'type',
  'trace_id',
  'parent_id',
  'start_time',
  'end_time',
  'in_progress',
  'subsegments',
  'annotations',
  'metadata',
  'cause',
  'http',
  'aws',
  'sql',
  'links',
  '__proto__',
  'constructor',
  'toString',
  '',
]

type Mutation = (text: string, random: Random) => string

const choose = <T>(list: readonly T[], random: Random, otherwise: T): T => list[random.below(list.length)] ?? otherwise
const cut = (text: string, from: number, to: number, put = '') => text.slice(0, from) + put + text.slice(to)

/** Where JSON values begin and end after a colon: short texts, numbers and words only. */
const SCALAR = /:\s*("(?:[^"\\]|\\.){0,200}"|-?[\d.eE+-]+|true|false|null)/g
const KEY = /"((?:[^"\\]|\\.){0,60})"\s*:/g

function matchAt(pattern: RegExp, text: string, random: Random): RegExpExecArray | null {
  pattern.lastIndex = random.below(text.length)
  return pattern.exec(text)
}

/** Deep nesting is long, so most of it is shallow. */
const depth = (random: Random, deep: readonly number[]) => (random.below(16) === 0 ? choose(deep, random, 10) : 10)

/** Another value, another key, one more member, deep nesting: most results are JSON still, and many are accepted. */
const STRUCTURAL: readonly Mutation[] = [
  (text, random) => replaceMatch(text, matchAt(SCALAR, text, random), `:${choose(ODD_VALUES, random, 'null')}`),
  (text, random) => replaceMatch(text, matchAt(SCALAR, text, random), `:${choose(ODD_VALUES, random, 'null')}`),
  (text, random) => replaceMatch(text, matchAt(KEY, text, random), `"${choose(ODD_KEYS, random, 'id')}":`),
  (text, random) => {
    const added = `{"${choose(ODD_KEYS, random, 'id')}":${choose(ODD_VALUES, random, 'null')},`
    const at = text.indexOf('{', random.below(text.length))
    return at === -1 ? text : cut(text, at, at + 1, added)
  },
  (text, random) => {
    const levels = depth(random, [300, 3_000, 9_000])
    return text.replace(/}\s*$/, `,"metadata":${'['.repeat(levels)}${']'.repeat(levels)}}`)
  },
  (text, random) => {
    const levels = depth(random, [250, 260, 2_000])
    const head = '"subsegments":[{"name":"n","id":"00000000000000aa","start_time":1,"end_time":2'
    return text.replace(/}\s*$/, `,${Array(levels).fill(head).join(',')}${'}]'.repeat(levels)}}`)
  },
]

/** The text without regard to its meaning: most results are turned away. */
const TEXTUAL: readonly Mutation[] = [
  // A part missing, a part twice, a part elsewhere.
  (text, random) => {
    const from = random.below(text.length)
    return cut(text, from, from + 1 + random.below(40))
  },
  (text, random) => {
    const from = random.below(text.length)
    return cut(text, from, from, text.slice(from, from + random.below(60)))
  },
  (text, random) => {
    const from = random.below(text.length)
    const part = text.slice(from, from + random.below(80))
    const at = random.below(text.length)
    return cut(text, at, at, part)
  },
  // The characters: one changed, one added, the end missing.
  (text, random) => {
    const at = random.below(text.length)
    return cut(text, at, at + 1, String.fromCharCode(random.below(128)))
  },
  (text, random) => {
    const at = random.below(text.length)
    return cut(
      text,
      at,
      at,
      choose(['\u0000', '"', '\\', '{', '}', '[', ']', ',', ':', '\ud83d', '\ufeff', '\n'], random, '"'),
    )
  },
  (text, random) => text.slice(0, random.below(text.length)),
  // The whole: wrapped, written twice.
  (text) => `[${text},${text}]`,
  (text) => JSON.stringify(text),
  (text) => text + text,
  (text) => `\ufeff ${text}\n\u0000`,
]

function replaceMatch(text: string, match: RegExpExecArray | null, put: string): string {
  return match === null ? text : cut(text, match.index, match.index + match[0].length, put)
}

/** One to four mutations of a document's text. */
export function mutateText(text: string, random: Random): string {
  let mutated = text
  for (let rounds = random.below(3) === 0 ? 1 + random.below(4) : 1; rounds > 0; rounds--) {
    const mutate = choose(random.below(4) === 0 ? TEXTUAL : STRUCTURAL, random, (same) => same)
    // Doubling may not grow without bound.
    mutated = mutate(mutated, random).slice(0, 300_000)
  }
  return mutated
}

/** A copy of a body with bytes changed, cut out or put in: also ones that are no UTF-8. */
export function mutateBytes(bytes: Uint8Array, random: Random): Uint8Array {
  let mutated = Buffer.from(bytes)
  for (let rounds = 1 + random.below(4); rounds > 0; rounds--) {
    // The envelope is at the start, where half of the mutations go.
    const at = random.below(random.below(2) === 0 ? 40 : mutated.length)
    const rest = mutated.subarray(at + random.below(8))
    const added = Buffer.from(Array.from({ length: random.below(6) }, () => random.below(256)))
    mutated = Buffer.concat([mutated.subarray(0, at), added, rest])
  }
  return mutated
}
