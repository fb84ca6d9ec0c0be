import { searchTerm, searchTermStart } from '../model/search-facts.ts'
import type { CountedText, CountTexts } from '../store/store.ts'
import type { Completion, CompletionQuery } from './searches.ts'

/** Annotations: what stands between key and value. */
const END_OF_KEY = '\0'

/** What the rows are asked for a completion. */
export function countedTexts({ kind, prefix, key = '', ...rest }: CompletionQuery): CountTexts {
  switch (kind) {
    case 'service':
      return { ...rest, of: 'names', startsWith: [prefix] }
    case 'url':
      return { ...rest, of: 'urls', startsWith: [prefix] }
    case 'user':
      return { ...rest, of: 'terms', startsWith: [searchTerm.user(prefix)] }
    case 'annotation-key':
      return { ...rest, of: 'terms', startsWith: [keyStart(prefix)], before: END_OF_KEY }
    case 'annotation-value': {
      const start = searchTermStart.annotation(key)
      return { ...rest, of: 'terms', startsWith: ['s', 'n', 'b'].map((type) => start + type + prefix) }
    }
    default:
      return kind satisfies never
  }
}

/** What the rows answered, as values. */
export function completionOf({ kind, key = '' }: CompletionQuery, { text, traces }: CountedText): Completion {
  switch (kind) {
    case 'service':
    case 'url':
      return { value: text, traces }
    case 'user':
      return { value: text.slice(searchTerm.user('').length), traces }
    case 'annotation-key':
      return { value: text.slice(keyStart('').length), traces }
    case 'annotation-value':
      return { value: annotationValue(text.slice(searchTermStart.annotation(key).length)), traces }
    default:
      return kind satisfies never
  }
}

/** The beginning of the terms of annotations whose keys begin so. */
function keyStart(prefix: string): string {
  return searchTermStart.annotation(prefix).slice(0, -END_OF_KEY.length)
}

function annotationValue(typed: string): string | number | boolean {
  const value = typed.slice(1)
  if (typed.startsWith('s')) return value
  return typed.startsWith('n') ? Number(value) : value === 'true'
}
