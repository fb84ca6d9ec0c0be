import { type OutlineService } from '../../../wire/own/outline.ts'

/** A service of a trace, with what tells it from the others beside its name (console §4.3). */
export type TraceService = {
  readonly name: string
  readonly type?: string
  readonly account?: string
  /** Two letters, of each name another pair where letters suffice. */
  readonly badge: string
  /** 1 to 8: `--service-1` and so on. One name has one colour. */
  readonly colour: number
}

const COLOURS = 8

/**
 * Services by name, each name with its colour and badge: the same whoever looks. `positions` says where those of the
 * outline went.
 */
export function sortServices(listed: readonly OutlineService[]): {
  readonly services: readonly TraceService[]
  readonly positions: Int32Array
} {
  const key = (at: number) => [listed[at]?.name ?? '', listed[at]?.type ?? '', listed[at]?.account ?? ''] as const
  const order = listed.map((_, at) => at).toSorted((a, b) => compareKeys(key(a), key(b)))
  const positions = new Int32Array(listed.length)
  const taken = new Set<string>()
  const services: TraceService[] = []
  let names = 0
  for (const at of order) {
    const service = listed[at]
    if (service === undefined) continue
    const last = services.at(-1)
    const isSame = last?.name === service.name
    const badge = isSame ? last.badge : pickBadge(service.name, taken)
    taken.add(badge)
    if (!isSame) names += 1
    positions[at] = services.length
    services.push({ ...service, badge, colour: ((names - 1) % COLOURS) + 1 })
  }
  return { services, positions }
}

function compareKeys(a: readonly string[], b: readonly string[]): number {
  for (const [at, text] of a.entries()) {
    const other = b[at] ?? ''
    if (text !== other) return text < other ? -1 : 1
  }
  return 0
}

/** The first that is free of: first letters of two words, the first letter with each later one, or with a digit. */
function pickBadge(name: string, taken: ReadonlySet<string>): string {
  const words = (name.match(/[\p{Lu}]?[\p{L}\p{M}\p{N}]+?(?=\p{Lu}\p{Ll}|[^\p{L}\p{M}\p{N}]|$)/gu) ?? []).slice(0, 4)
  const letters = [...words.join('').toLowerCase()].slice(0, 40)
  const [first = '·', ...others] = letters
  const initials = words.slice(1).map((word) => `${first}${[...word.toLowerCase()][0] ?? ''}`)
  const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9']
  const candidates = [...initials, ...[...others, ...digits].map((other) => `${first}${other}`)]
  return candidates.find((badge) => !taken.has(badge)) ?? `${first}${others[0] ?? '·'}`
}
