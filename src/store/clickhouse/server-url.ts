import { StoreOpenError } from '../store.ts'

/** A server, and who we are there. */
export type ServerAddress = {
  /** Scheme, host and port, without user and password: it may be shown. */
  readonly origin: string
  readonly user: string
  readonly password: string
  readonly database: string
}

const DEFAULT_DATABASE = 'radiograph'

/** What a database may be called, so that its name needs no escape anywhere. */
const DATABASE_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/

/**
 * Reads `http(s)://user:password@host:8123/database`. The user is `default` and the database `radiograph` unless they
 * are named; special characters in user and password are percent-encoded. Throws a `StoreOpenError` that repeats no part of the URL.
 */
export function readServerUrl(text: string): ServerAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw new StoreOpenError('the store is not a URL of the form http(s)://user:password@host:8123/database')
  }
  const database = decode(url.pathname.slice(1)) || DEFAULT_DATABASE
  if (!DATABASE_NAME.test(database)) {
    throw new StoreOpenError(
      'the path of the store URL is not a database name: use letters, digits and underscores, as in /radiograph',
    )
  }
  return { origin: url.origin, user: decode(url.username) || 'default', password: decode(url.password), database }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
