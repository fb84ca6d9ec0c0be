/** Where `addOnce` remembers what is in the lists that have grown long. */
export type LongLists = Map<readonly unknown[], Set<unknown>>

/** As many elements are compared one by one, which is faster than a set as long as there are few. */
const FEW = 8

/**
 * Adds an element to a list unless it is there. All elements of the list MUST have come this way, with the same
 * `longLists`, so that many take no longer each than few do.
 */
export function addOnce<T>(list: T[], element: T, longLists: LongLists): void {
  if (list.length < FEW) {
    if (!list.includes(element)) list.push(element)
    return
  }
  let known = longLists.get(list)
  if (known === undefined) longLists.set(list, (known = new Set(list)))
  if (known.has(element)) return
  known.add(element)
  list.push(element)
}
