/** A text as a literal of the filter language (docs/filter-expressions.md). */
export function quoteFilter(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

/** Both must hold. An empty expression is true of everything. */
export function both(filter: string, clause: string): string {
  if (filter.trim() === '') return clause
  return `${/\bor\b/i.test(filter) ? `(${filter})` : filter} AND ${clause}`
}
