/** A column that can be shown or not. */
export type ListColumn =
  | 'segments'
  | 'services'
  | 'user'
  | 'ip'
  | 'agent'
  | 'response'
  | 'cause'
  | 'id'
  | `annotation.${string}`

/** What the columns are called, in the order in which they stand, before those of annotations. */
export const COLUMN_NAMES: Readonly<Record<Exclude<ListColumn, `annotation.${string}`>, string>> = {
  segments: 'Segments',
  services: 'Services',
  user: 'User',
  ip: 'Client IP',
  agent: 'User agent',
  response: 'Response time',
  cause: 'Root cause',
  id: 'Trace id',
}

/** Those that are shown where nobody has chosen. */
export const DEFAULT_COLUMNS: readonly ListColumn[] = ['segments', 'services']

/** Reads `cols`: names joined by commas, which in keys are escaped. What is unknown or said twice is dropped. */
export function readColumns(text: string): readonly ListColumn[] {
  if (text === '') return DEFAULT_COLUMNS
  const columns = text.split(',').map((name) => decoded(name))
  return [...new Set(columns)].filter((name) => isColumn(name)).slice(0, 24)
}

/** The opposite; empty for the usual columns, `none` for no column at all. */
export function writeColumns(columns: readonly ListColumn[]): string {
  if (columns.join() === DEFAULT_COLUMNS.join()) return ''
  return columns.length === 0
    ? 'none'
    : columns.map((name) => name.replaceAll('%', '%25').replaceAll(',', '%2C')).join(',')
}

/** With a column, in its place, or without it if it was there. */
export function toggledColumn(columns: readonly ListColumn[], column: ListColumn): readonly ListColumn[] {
  if (columns.includes(column)) return columns.filter((other) => other !== column)
  const known: readonly string[] = Object.keys(COLUMN_NAMES)
  const place = (name: string): number => (known.includes(name) ? known.indexOf(name) : known.length)
  return [...columns, column].toSorted((one, other) => place(one) - place(other))
}

/** What stands above a column. */
export function columnName(column: ListColumn): string {
  return isNamed(column) ? COLUMN_NAMES[column] : column.slice('annotation.'.length)
}

function isNamed(name: string): name is keyof typeof COLUMN_NAMES {
  return Object.hasOwn(COLUMN_NAMES, name)
}

function isColumn(name: string): name is ListColumn {
  return isNamed(name) || (name.startsWith('annotation.') && name.length > 'annotation.'.length)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
