/**
 * Regular expressions of the extended dialect. They are run without going back, in time linear in the text, since whoever
 * searches must not be able to stop everybody else; so there are no references and no looking around.
 */
export type TextPattern = (text: string) => boolean

const MAX_DEPTH = 20
const MAX_COUNT = 1_000
const MAX_INSTRUCTIONS = 1_000
const MAX_WORK = 20_000

type CharacterTest = (codePoint: number) => boolean

type Node =
  | { readonly kind: 'character'; readonly is: CharacterTest }
  | { readonly kind: 'start' | 'end' }
  | { readonly kind: 'chain'; readonly parts: readonly Node[] }
  | { readonly kind: 'either'; readonly options: readonly Node[] }
  | { readonly kind: 'repeat'; readonly part: Node; readonly least: number; readonly most: number }

type Instruction =
  | { readonly kind: 'character'; readonly is: CharacterTest }
  | { readonly kind: 'start' | 'end' | 'found' }
  | { readonly kind: 'fork'; readonly to: readonly number[] }

/** Thrown inside this file only. */
class NoPattern extends Error {}

/**
 * Reads a pattern: `.`, `[a-z]`, `[^…]`, `\d \w \s` and their opposites, `* + ? {2,5}`, `|`, `(…)`, `^`, `$`; a backslash
 * takes the meaning of any other punctuation. It is found anywhere in a text. Nothing when it is no pattern, or too large.
 */
export function readTextPattern(source: string): TextPattern | undefined {
  try {
    const program: Instruction[] = []
    emitter(program)(parsePattern(source))
    program.push({ kind: 'found' })
    return (text) => isFound(program, text)
  } catch (thrown) {
    if (thrown instanceof NoPattern) return undefined
    throw thrown
  }
}

function parsePattern(source: string): Node {
  const characters = Array.from(source)
  let at = 0
  let depth = 0

  const take = (character: string): boolean => {
    if (characters[at] !== character) return false
    at += 1
    return true
  }
  const either = (): Node => {
    const options = [chain()]
    while (take('|')) options.push(chain())
    return { kind: 'either', options }
  }
  const chain = (): Node => {
    const parts: Node[] = []
    while (at < characters.length && characters[at] !== '|' && characters[at] !== ')') parts.push(repeated(atom()))
    return { kind: 'chain', parts }
  }
  const repeated = (part: Node): Node => {
    const counts = countsAt(characters, at)
    if (counts === undefined) return part
    at = counts.end
    // Whether as much or as little as possible is taken makes no difference to whether there is any.
    take('?')
    if (countsAt(characters, at) !== undefined) throw new NoPattern()
    return { kind: 'repeat', part, least: counts.least, most: counts.most }
  }
  const atom = (): Node => {
    const character = characters[at++] ?? ''
    switch (character) {
      case '(': {
        depth += 1
        if (depth > MAX_DEPTH || (take('?') && !take(':'))) throw new NoPattern()
        const inner = either()
        if (!take(')')) throw new NoPattern()
        depth -= 1
        return inner
      }
      case '^':
        return { kind: 'start' }
      case '$':
        return { kind: 'end' }
      case '.':
        return { kind: 'character', is: (codePoint) => codePoint !== 10 }
      case '[':
        return { kind: 'character', is: classTest() }
      case '\\':
        return { kind: 'character', is: escaped(characters[at++]) }
      case '*':
      case '+':
      case '?':
      case '{':
        throw new NoPattern()
      default:
        return { kind: 'character', is: equalTo(character) }
    }
  }
  const classTest = (): CharacterTest => {
    const isNegated = take('^')
    const tests: CharacterTest[] = []
    for (let isFirst = true; isFirst || characters[at] !== ']'; isFirst = false) {
      const from = characters[at++]
      if (from === undefined) throw new NoPattern()
      if (from === '\\') tests.push(escaped(characters[at++]))
      else if (characters[at] === '-' && (characters[at + 1] ?? ']') !== ']') {
        at += 1
        tests.push(between(from, characters[at++] ?? ''))
      } else tests.push(equalTo(from))
    }
    at += 1
    return (codePoint) => tests.some((is) => is(codePoint)) !== isNegated
  }
  const node = either()
  if (at < characters.length) throw new NoPattern()
  return node
}

/** How often what stands before this place is repeated, and where that is said to end. */
function countsAt(characters: readonly string[], at: number) {
  switch (characters[at]) {
    case '*':
      return { least: 0, most: Infinity, end: at + 1 }
    case '+':
      return { least: 1, most: Infinity, end: at + 1 }
    case '?':
      return { least: 0, most: 1, end: at + 1 }
    case '{': {
      const close = characters.indexOf('}', at)
      const written = /^(\d{1,4})(,(\d{0,4}))?$/.exec(characters.slice(at + 1, close).join(''))
      if (close === -1 || written === null) throw new NoPattern()
      const least = Number(written[1])
      const most = written[2] === undefined ? least : written[3] === '' ? Infinity : Number(written[3])
      if (least > MAX_COUNT || (most > MAX_COUNT && most !== Infinity) || most < least) throw new NoPattern()
      return { least, most, end: close + 1 }
    }
    default:
      return undefined
  }
}

function equalTo(character: string): CharacterTest {
  const wanted = character.codePointAt(0)
  return (codePoint) => codePoint === wanted
}

function between(from: string, to: string): CharacterTest {
  const first = from.codePointAt(0) ?? 0
  const last = to.codePointAt(0) ?? 0
  if (to === '\\' || last < first) throw new NoPattern()
  return (codePoint) => codePoint >= first && codePoint <= last
}

const isDigit: CharacterTest = (codePoint) => codePoint >= 48 && codePoint <= 57
const isBlank: CharacterTest = (codePoint) => codePoint === 32 || (codePoint >= 9 && codePoint <= 13)
const isWord: CharacterTest = (codePoint) =>
  isDigit(codePoint) ||
  codePoint === 95 ||
  (codePoint >= 65 && codePoint <= 90) ||
  (codePoint >= 97 && codePoint <= 122)

const ESCAPES: ReadonlyMap<string, CharacterTest> = new Map([
  ['d', isDigit],
  ['D', (codePoint) => !isDigit(codePoint)],
  ['s', isBlank],
  ['S', (codePoint) => !isBlank(codePoint)],
  ['w', isWord],
  ['W', (codePoint) => !isWord(codePoint)],
  ['n', equalTo('\n')],
  ['r', equalTo('\r')],
  ['t', equalTo('\t')],
])

/** Other letters and digits may mean something elsewhere, so they mean nothing here. */
function escaped(character: string | undefined): CharacterTest {
  if (character === undefined) throw new NoPattern()
  const known = ESCAPES.get(character)
  if (known !== undefined) return known
  if (isWord(character.codePointAt(0) ?? 0)) throw new NoPattern()
  return equalTo(character)
}

/** Appends what a node does to a program. As deep as the pattern, which is limited, and not more than so much work. */
function emitter(program: Instruction[]): (node: Node) => void {
  let work = 0
  const fork = (): number => program.push({ kind: 'fork', to: [] }) - 1
  const aim = (from: number, ...to: readonly number[]): void => {
    program[from] = { kind: 'fork', to }
  }
  const emit = (node: Node): void => {
    work += 1
    if (work > MAX_WORK || program.length > MAX_INSTRUCTIONS) throw new NoPattern()
    switch (node.kind) {
      case 'character':
      case 'start':
      case 'end':
        program.push(node)
        return
      case 'chain':
        node.parts.forEach(emit)
        return
      case 'either': {
        const choice = fork()
        const begins: number[] = []
        const ends: number[] = []
        for (const option of node.options) {
          begins.push(program.length)
          emit(option)
          ends.push(fork())
        }
        aim(choice, ...begins)
        for (const end of ends) aim(end, program.length)
        return
      }
      case 'repeat': {
        for (let count = 0; count < node.least; count++) emit(node.part)
        if (node.most === Infinity) {
          const loop = fork()
          emit(node.part)
          aim(fork(), loop)
          aim(loop, loop + 1, program.length)
          return
        }
        for (let count = node.least; count < node.most; count++) {
          const option = fork()
          emit(node.part)
          aim(option, option + 1, program.length)
        }
        return
      }
      default:
        node satisfies never
    }
  }
  return emit
}

/** Follows all ways through the program at once, one character after the other. */
function isFound(program: readonly Instruction[], text: string): boolean {
  const reachedAt = new Int32Array(program.length).fill(-1)
  let ways: number[] = []
  for (let at = 0; at <= text.length;) {
    const codePoint = text.codePointAt(at) ?? -1
    // A match may begin at any place.
    const waiting = [...ways, 0]
    const next: number[] = []
    for (let way = waiting.pop(); way !== undefined; way = waiting.pop()) {
      if (reachedAt[way] === at) continue
      reachedAt[way] = at
      const instruction = program[way]
      switch (instruction?.kind) {
        case 'found':
          return true
        case 'character':
          if (codePoint !== -1 && instruction.is(codePoint)) next.push(way + 1)
          break
        case 'start':
          if (at === 0) waiting.push(way + 1)
          break
        case 'end':
          if (at === text.length) waiting.push(way + 1)
          break
        case 'fork':
          waiting.push(...instruction.to)
          break
        case undefined:
          break
      }
    }
    ways = next
    at += codePoint > 0xffff ? 2 : 1
  }
  return false
}
