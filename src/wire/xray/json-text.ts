import type { Json } from '../../model/json.ts'
import { RawNumber } from '../../model/raw-number.ts'

/**
 * What `jsonText` prints: JSON, a Map as an object, a `RawNumber` as it was sent, and a function as what it returns, called when its turn comes, so
 * that a tree of any depth can be turned into JSON without recursion. Members that are undefined are left out.
 */
export type Printable =
  | Json
  | undefined
  | RawNumber
  | (() => Printable)
  | readonly Printable[]
  | ReadonlyMap<string, Printable>
  | { readonly [key: string]: Printable }

/** A container on the way down. `entries` are its members; an array has no keys. */
type Frame = {
  readonly entries: Iterator<readonly [string | undefined, Printable]>
  readonly end: string
  first: boolean
}

/**
 * The compact JSON text of a value, as `JSON.stringify` has it, but for these: depth costs no stack, a negative zero
 * keeps its sign, Maps are objects, and a `RawNumber` keeps its digits. Numbers that are not finite become null.
 */
export function jsonText(value: Printable): string {
  let text = ''
  const frames: Frame[] = []
  const print = (printable: Printable): void => {
    const made = resolved(printable)
    if (typeof made !== 'object' || made === null) text += scalarText(made)
    else if (made instanceof RawNumber) text += made.lexeme
    else {
      const isArray = Array.isArray(made)
      text += isArray ? '[' : '{'
      frames.push({ entries: entriesOf(made), end: isArray ? ']' : '}', first: true })
    }
  }
  print(value)
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    const entry = frame.entries.next()
    if (entry.done === true) {
      text += frame.end
      frames.pop()
      continue
    }
    const [key, member] = entry.value
    if (member === undefined && key !== undefined) continue
    if (!frame.first) text += ','
    frame.first = false
    if (key !== undefined) text += `${JSON.stringify(key)}:`
    print(member)
  }
  return text
}

type Made = Exclude<Printable, () => Printable>

function resolved(printable: Printable): Made {
  let made = printable
  while (typeof made === 'function') made = made()
  return made
}

function scalarText(value: null | undefined | boolean | number | string): string {
  if (typeof value === 'string') return JSON.stringify(value)
  return typeof value === 'number' ? numberText(value) : String(value ?? null)
}

function numberText(value: number): string {
  if (!Number.isFinite(value)) return 'null'
  return Object.is(value, -0) ? '-0' : String(value)
}

function* entriesOf(
  container: Exclude<Made, null | undefined | boolean | number | string | RawNumber>,
): Iterator<readonly [string | undefined, Printable]> {
  if (container instanceof Map) yield* container as ReadonlyMap<string, Printable>
  else if (Array.isArray(container)) for (const element of container) yield [undefined, element]
  else for (const key of Object.keys(container)) yield [key, (container as { [key: string]: Printable })[key]]
}
