const KEY = 'radiograph.scroll'
const MOST_LISTS = 50

/** CSS pixels by list. What was scrolled last is the last. */
let kept: Map<string, number> | undefined

/** Where a list was scrolled to, in CSS pixels from its top, if that is known. */
export const keptScroll = (list: string): number | undefined => memory().get(list)

/** Remembers where a list is scrolled to for as long as the tab lives; of fifty lists the one scrolled longest ago is forgotten. */
export function keepScroll(list: string, top: number): void {
  const lists = memory()
  lists.delete(list)
  lists.set(list, Math.round(top))
  const [oldest] = lists.keys()
  if (lists.size > MOST_LISTS && oldest !== undefined) lists.delete(oldest)
  try {
    sessionStorage.setItem(KEY, JSON.stringify([...lists]))
  } catch {
    // A browser may forbid storage, or it is used up; then places last as long as the page.
  }
}

function memory(): Map<string, number> {
  kept ??= new Map(readPlaces(storedText()))
  return kept
}

function storedText(): string {
  try {
    return sessionStorage.getItem(KEY) ?? '[]'
  } catch {
    return '[]'
  }
}

/** What of a stored text is places. Anything may stand there: other programs on this origin can write it. */
export function readPlaces(text: string): readonly (readonly [string, number])[] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return []
  }
  if (!Array.isArray(value)) return []
  return value.filter(
    (one: unknown): one is readonly [string, number] =>
      Array.isArray(one) && one.length === 2 && typeof one[0] === 'string' && Number.isFinite(one[1]),
  )
}
