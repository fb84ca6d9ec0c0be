import type { Tenant } from '../../model/tenant.ts'
import type { CountedText, CountTexts } from '../store.ts'
import type { SqlEngine, SqlParams } from './engine.ts'
import { number, text } from './rows.ts'

/** The lists of a row. URLs are kept in lines. */
const LISTS = {
  names: "CAST(names, 'Array(String)')",
  terms: 'terms',
  urls: "splitByChar('\\n', urls)",
} as const satisfies Record<CountTexts['of'], string>

/**
 * `TraceStore.countTexts`. What the user wrote is bound. Of rows of which several versions are not merged yet, `FINAL`
 * takes the greatest, as rows lie in the order of the key, and so without holding all of them.
 */
export async function countTexts(
  engine: SqlEngine,
  tenant: Tenant,
  { fromSeconds, toSeconds, of, startsWith, before, limit }: CountTexts,
  signal?: AbortSignal,
): Promise<readonly CountedText[]> {
  const starts = startsWith.map((_, at) => `startsWith(t, {start${at}:String})`).join(' OR ')
  const hasEnd = before === undefined ? '' : 'AND position(t, {before:String}) > 0'
  const wanted = `arrayFilter(t -> t != '' AND (${starts}) ${hasEnd}, ${LISTS[of]})`
  const texts =
    before === undefined ? wanted : `arrayMap(t -> substring(t, 1, position(t, {before:String}) - 1), ${wanted})`
  const params: SqlParams = {
    ...tenant,
    ...Object.fromEntries(startsWith.map((start, at) => [`start${at}`, start])),
    ...(before === undefined ? {} : { before }),
    from: seconds(fromSeconds),
    to: seconds(toSeconds),
    limit,
  }
  const rows = await engine.query(
    `SELECT counted, count() AS traces FROM (
      SELECT arrayJoin(arrayDistinct(${texts})) AS counted
      FROM traces FINAL
      WHERE account = {account:String} AND region = {region:String}
        AND time >= {from:Int64} AND time < {to:Int64} AND obsolete = 0
    )
    GROUP BY counted
    ORDER BY traces DESC, counted
    LIMIT {limit:UInt32}`,
    params,
    signal,
  )
  return rows.map((row) => ({ text: text(row, 'counted'), traces: number(row, 'traces') }))
}

/** Whole, and inside what a trace's time can be, one beyond included. */
function seconds(time: number): string {
  return String(Math.ceil(Math.max(0, Math.min(2 ** 32, time))))
}
