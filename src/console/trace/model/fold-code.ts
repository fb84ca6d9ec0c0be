import { openToLevel, type Fold } from './fold.ts'
import { type TraceModel } from './trace-model.ts'

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const LIMIT = 1_500
/** Bits of `Fold.state`. */
const BITS = 5
/** Levels beyond are as good as all of them. */
const MOST_LEVELS = 1_000_000

/**
 * What was folded and opened by hand, for the URL (console §4.2): empty for nothing, undefined where it would be longer
 * than 1,500 characters. Base64 of: 16 bits of checksum, the level (0 for the trace's own), and the distances from one
 * toggled place to the next. A place is `5 × node + bit`. Numbers have 5 bits a digit, the lowest first; 32 in a digit
 * says that more follow.
 */
export function writeFoldCode(model: TraceModel, fold: Fold): string | undefined {
  const places: number[] = []
  for (let node = 0; node < model.count; node++) {
    const toggled = (fold.state[node] ?? 0) ^ (fold.initial[node] ?? 0)
    if (toggled === 0) continue
    for (let bit = 0; bit < BITS; bit++) if ((toggled & (1 << bit)) !== 0) places.push(node * BITS + bit)
    if (places.length > LIMIT) return undefined
  }
  if (places.length === 0 && fold.level === 'auto') return ''
  const level = fold.level === 'auto' ? 0 : Math.min(fold.level, MOST_LEVELS)
  const distances = places.map((place, at) => place - (places[at - 1] ?? -1))
  const code = checksum(model, fold) + [level, ...distances].map(writeNumber).join('')
  return code.length > LIMIT ? undefined : code
}

/** The opposite; undefined for a code of another revision of the trace, another setting, or none at all. */
export function readFoldCode(model: TraceModel, fold: Fold, code: string): Fold | undefined {
  const sum = checksum(model, fold)
  if (code.length > LIMIT || !code.startsWith(sum)) return undefined
  const numbers = readNumbers(code.slice(sum.length))
  const [level, ...distances] = numbers ?? []
  if (level === undefined) return undefined
  const begun = level === 0 ? fold : openToLevel(model, fold, level)
  const state = begun.initial.slice()
  let place = -1
  for (const distance of distances) {
    place += distance
    const node = Math.floor(place / BITS)
    if (distance === 0 || node >= model.count) return undefined
    state[node] = (state[node] ?? 0) ^ (1 << (place % BITS))
  }
  return { ...begun, state }
}

/** What positions depend on, as three digits: FNV-1a, folded to 16 bits. */
function checksum(model: TraceModel, { setting }: Fold): string {
  let hash = 0x81_1c_9d_c5
  for (const character of `${model.id} ${model.revision} ${model.count} ${setting}`) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01_00_01_93)
  }
  const folded = ((hash >>> 16) ^ hash) & 0xff_ff
  return [folded >>> 12, (folded >>> 6) & 63, folded & 63].map((digit) => DIGITS[digit] ?? '').join('')
}

function writeNumber(number: number): string {
  let text = ''
  let rest = number
  while (rest >= 32) {
    text += DIGITS[32 + (rest % 32)] ?? ''
    rest = Math.floor(rest / 32)
  }
  return text + (DIGITS[rest] ?? '')
}

function readNumbers(text: string): readonly number[] | undefined {
  const numbers: number[] = []
  let [number, scale] = [0, 1]
  for (const character of text) {
    const digit = DIGITS.indexOf(character)
    if (digit === -1 || scale > 2 ** 40) return undefined
    number += (digit % 32) * scale
    scale *= 32
    if (digit >= 32) continue
    numbers.push(number)
    ;[number, scale] = [0, 1]
  }
  return scale === 1 ? numbers : undefined
}
