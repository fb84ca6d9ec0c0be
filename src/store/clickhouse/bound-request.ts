import { formatQueryParams } from '@clickhouse/client-common'
import type { SqlParams } from '../sql/engine.ts'

/** A request of the client's `exec`, which sends `query` as its body. */
export type BoundRequest = { readonly query: string; readonly http_headers: Record<string, string> }

/**
 * A statement and the values of its places as a form, since either outgrows what a URL may hold. For statements whose
 * answers the client reads itself it makes such a form; for `exec`, whose answer comes as bytes, it does not.
 */
export async function boundRequest(sql: string, params: SqlParams): Promise<BoundRequest> {
  const form = new FormData()
  form.set('query', sql)
  for (const [name, value] of Object.entries(params)) form.set(`param_${name}`, formatQueryParams({ value }))
  const body = new Response(form)
  const type = body.headers.get('content-type') ?? ''
  return { query: await body.text(), http_headers: { 'Content-Type': type } }
}
