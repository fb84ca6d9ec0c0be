import type { CountedText, CountTexts } from '../store.ts'
import type { TraceRow } from '../trace-row.ts'

/** `TraceStore.countTexts`, of the rows that hold. */
export function countTexts(
  rows: readonly TraceRow[],
  { of, startsWith, before, limit }: CountTexts,
): readonly CountedText[] {
  const counts = new Map<string, number>()
  for (const row of rows) {
    const texts = new Set<string>()
    // As the other engines keep URLs: in lines.
    for (const text of of === 'urls' ? row.urls.join('\n').split('\n') : row[of]) {
      if (text === '' || !startsWith.some((start) => text.startsWith(start))) continue
      const end = before === undefined ? text.length : text.indexOf(before)
      if (end !== -1) texts.add(text.slice(0, end))
    }
    for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1)
  }
  return [...counts]
    .map(([text, traces]) => ({ text, traces, bytes: Buffer.from(text) }))
    .toSorted((a, b) => b.traces - a.traces || Buffer.compare(a.bytes, b.bytes))
    .slice(0, limit)
    .map(({ text, traces }) => ({ text, traces }))
}
