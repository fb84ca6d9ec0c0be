import { ClickHouseError } from '@clickhouse/client'
import { StoreOpenError } from '../store.ts'
import type { ServerAddress } from './server-url.ts'

const SERVER_ERRORS: ReadonlyMap<string, (address: ServerAddress, message: string) => string> = new Map([
  [
    '516',
    ({ origin, user }) =>
      `ClickHouse at ${origin} refused the user ${user}: check the user and password in the --store URL`,
  ],
  [
    '497',
    ({ origin, user, database }, message) =>
      `the user ${user} may not do this at ${origin}: grant it CREATE DATABASE, CREATE TABLE, CREATE VIEW, SELECT and ` +
      `INSERT on ${database}.* (${message})`,
  ],
])

/** The codes of Node's network errors that mean that nobody answers there. */
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
])

/**
 * An error of the client or the server as one that may be shown: without the password, and for the failures that an
 * operator can mend, a `StoreOpenError` of one line that says how.
 */
export function explainFailure(error: Error, address: ServerAddress): Error {
  const message = redact(oneLine(error.message), address)
  if (error instanceof StoreOpenError) return error
  if (error instanceof ClickHouseError) {
    const explain = SERVER_ERRORS.get(error.code)
    if (explain !== undefined) return new StoreOpenError(explain(address, message))
    return new Error(`ClickHouse answered ${error.code} ${error.type ?? ''}: ${message}`)
  }
  if (isUnreachable(error)) {
    return new StoreOpenError(
      `cannot reach ClickHouse at ${address.origin}: check the host and port in the --store URL, and that the server ` +
        `listens for HTTP there (${message})`,
    )
  }
  return new Error(`the request to ClickHouse at ${address.origin} failed: ${message}`)
}

function isUnreachable(error: Error): boolean {
  // Node reports several attempts, one per address of the host, as one error of many.
  const errors: readonly Error[] = error instanceof AggregateError ? [error, ...(error.errors as Error[])] : [error]
  return errors.some((one) => UNREACHABLE.has((one as NodeJS.ErrnoException).code ?? ''))
}

/** Takes the password out of a text, as it is and as it stands in a URL or a header. */
function redact(text: string, { user, password }: ServerAddress): string {
  if (password === '') return text
  const forms = [Buffer.from(`${user}:${password}`).toString('base64'), encodeURIComponent(password), password]
  return forms.reduce((redacted, secret) => redacted.replaceAll(secret, '***'), text)
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').trim()
}
