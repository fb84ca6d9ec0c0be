import { textAt, textsAt } from '../aws-fields.ts'
import type { Entity, Http } from '../entity.ts'

const LONGEST = 200

/**
 * What an entity did, in a line: the beginning of its statement, the operation and what it was done to, or the method
 * and the path, without the query, which is where secrets are. Absent when it says none of these.
 */
export function entityDetail({ sql, aws, http }: Entity): string | undefined {
  if (sql?.sanitizedQuery !== undefined) return cut(sql.sanitizedQuery.slice(0, 4 * LONGEST).replace(/\s+/g, ' '))
  const operation = textAt(aws, 'operation')
  if (operation !== undefined) return cut(joined(operation, textsAt(aws, 'resource_names')[0]))
  return http === undefined ? undefined : cut(joined(http.method, pathOf(http)))
}

function joined(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(' ')
}

function pathOf({ url }: Http): string | undefined {
  if (url === undefined) return undefined
  const path = url.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '')
  return path === '' ? '/' : path
}

function cut(text: string): string | undefined {
  const line = text.trim()
  if (line.length <= LONGEST) return line === '' ? undefined : line
  // Not between the halves of a character.
  const end = /[\uD800-\uDBFF]/.test(line.charAt(LONGEST - 2)) ? LONGEST - 2 : LONGEST - 1
  return `${line.slice(0, end)}…`
}
