import type { Health } from '../store.ts'

/** Values for the `{name:Type}` places of a statement. They are bound by the engine, never put into the text; cf. `Keys`. */
export type SqlParams = { readonly [name: string]: string | number | readonly string[] | readonly number[] }

declare const brand: unique symbol
/** Bytes as hex digits, in lower case. */
export type Hex = string & { readonly [brand]: 'Hex' }

/** Values for places that are digits and nothing else: numbers from 0 on, and bytes in hex. */
export type Keys = { readonly [name: string]: Hex | number | readonly Hex[] | readonly number[] }

/** Something that speaks ClickHouse's SQL. The whole difference between the embedded engine and a server. */
export interface SqlEngine extends AsyncDisposable {
  /** Connects. Rejects with a `StoreOpenError` whose message tells the operator what to do. */
  open(): Promise<void>
  /** Runs a statement that answers nothing. */
  run(sql: string, params?: SqlParams): Promise<void>
  /** Rows as objects; numbers are JSON numbers. Does not wait for an insert that is under way. */
  query(sql: string, params?: SqlParams, signal?: AbortSignal): Promise<readonly SqlRow[]>
  /**
   * The same rows as `RowBinary`, for what is read often or holds long texts: no text has to be escaped and read again.
   */
  queryBytes(sql: string, params?: SqlParams, signal?: AbortSignal): Promise<Buffer>
  /**
   * As `queryBytes`, for statements that read by keys. Since those are digits alone, an engine MAY write them into the text,
   * where it can then answer several such statements at a time.
   */
  queryByKeys(sql: string, keys: Keys, signal?: AbortSignal): Promise<Buffer>
  /**
   * Inserts a file of `RowBinary` rows; resolves when the rows are durable.
   */
  insertFile(path: string, insert: InsertRows): Promise<void>
  /** The same for rows in memory. Inserts into different tables MAY overlap. */
  insertBytes(rows: Buffer, insert: InsertRows): Promise<void>
  check(signal?: AbortSignal): Promise<Health>
}

/** One row of an answer, by column name. */
export type SqlRow = { readonly [column: string]: unknown }

/** `INSERT INTO table (columns) SELECT columns FROM <rows with this structure>`. */
export type InsertRows = { readonly table: string; readonly columns: string; readonly structure: string }
