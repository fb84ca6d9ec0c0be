import type { TraceId } from '../../model/ids.ts'
import type { RowReader } from '../../spool/row-reader.ts'
import type { Hex, SqlRow } from './engine.ts'

/** The 32 hex digits of a trace id, as the engine prints and reads them. */
export function traceHex(id: TraceId): Hex {
  return (id.slice(2, 10) + id.slice(11)) as Hex // the digits of an id
}

/** The bytes of a text. */
export function textHex(text: string): Hex {
  return Buffer.from(text, 'utf8').toString('hex') as Hex
}

/** The inverse of `traceHex`; the tables hold only what came from a `TraceId`. */
export function traceIdOf(hex: string): TraceId {
  return `1-${hex.slice(0, 8)}-${hex.slice(8)}` as TraceId
}

/** The next column of a row of bytes, which holds a trace id. */
export function traceIdFrom(row: RowReader): TraceId {
  return traceIdOf(row.hex(TRACE_ID_BYTES))
}

const TRACE_ID_BYTES = 16

/** A column that holds a number. Throws for anything else: the statement and the table do not fit. */
export function number(row: SqlRow | undefined, column: string): number {
  const value = row?.[column]
  if (typeof value !== 'number') throw new TypeError(`column ${column} is not a number`)
  return value
}

/** A column that holds a list of numbers. */
export function numbers(row: SqlRow, column: string): number[] {
  const value = row[column]
  if (!Array.isArray(value)) throw new TypeError(`column ${column} is not a list`)
  return value.map(Number)
}

/** A column that holds text. */
export function text(row: SqlRow, column: string): string {
  const value = row[column]
  if (typeof value !== 'string') throw new TypeError(`column ${column} is not a string`)
  return value
}
