import type { JsonObject } from '../../model/json.ts'
import { endOfString } from './array-elements.ts'
import { objectOf } from './fields.ts'

/** Strings of one document that hold a password, each with what to keep in its place. */
export type Secrets = Map<string, string>

const MASK = '***'
const PASSWORD_KEY = /(?:password|pwd)\s*=/i
const ORACLE_LOGIN = /^(jdbc:oracle:\w+:[^/@]*\/)[^@]*@/i

/** Adds what the entity's `sql` would give away. Makes the map only when there is something to put in it. */
export function collectSecrets(entity: JsonObject, secrets: Secrets | undefined): Secrets | undefined {
  const sql = objectOf(entity['sql'])
  if (sql === undefined) return secrets
  let found = secrets
  for (const value of [sql['url'], sql['connection_string']]) {
    if (typeof value !== 'string') continue
    const redacted = withoutPassword(value)
    if (redacted !== value) (found ??= new Map()).set(value, redacted)
  }
  return found
}

/**
 * A connection string or URL with `***` for the password: `user:pass@`, Oracle's `user/pass@`, and `password=…` or
 * `pwd=…` as ADO, ODBC, libpq and query strings write it (spec/ingest §2.12).
 */
export function withoutPassword(text: string): string {
  const login = text.includes('@') ? withoutLoginPassword(text) : text
  if (!PASSWORD_KEY.test(login)) return login
  // Where semicolons separate, a value may hold spaces and ampersands.
  const value = login.includes(';') ? /((?:password|pwd)\s*=)[^;]*/gi : /((?:password|pwd)\s*=)[^&\s]*/gi
  return login.replace(value, `$1${MASK}`)
}

function withoutLoginPassword(text: string): string {
  if (ORACLE_LOGIN.test(text)) return text.replace(ORACLE_LOGIN, `$1${MASK}@`)
  const slashes = text.indexOf('//')
  const start = slashes >= 0 && slashes < text.indexOf('@') ? slashes + 2 : 0
  const colon = text.indexOf(':', start)
  const end = text.slice(start).search(/[/?#;]/)
  const authorityEnd = end < 0 ? text.length : start + end
  let at = text.lastIndexOf('@', authorityEnd)
  if (at < start) {
    // A password may hold an unescaped `/`, `?` or `#`. A port in its place means that the sign stands elsewhere.
    const first = text.slice(colon + 1, authorityEnd)
    if (text[authorityEnd] === ';' || text[start] === '[' || /^\d*$/.test(first)) return text
    at = text.lastIndexOf('@')
  }
  if (colon < 0 || colon > authorityEnd || colon + 1 >= at) return text
  return text.slice(0, colon + 1) + MASK + text.slice(at)
}

/**
 * The document's text with each string that equals a secret replaced, wherever it stands. All other characters stay as
 * they are, numbers above all.
 */
export function redacted(raw: string, secrets: Secrets): string {
  // A token is never shorter than what it stands for.
  const minLength = Math.min(...Array.from(secrets.keys(), (secret) => secret.length))
  let kept = 0
  let result = ''
  for (let at = raw.indexOf('"'); at >= 0; at = raw.indexOf('"', at + 1)) {
    const start = at
    at = endOfString(raw, start)
    if (at - start <= minLength) continue
    const replacement = secrets.get(stringAt(raw, start, at))
    if (replacement === undefined) continue
    result += raw.slice(kept, start) + JSON.stringify(replacement)
    kept = at + 1
  }
  return result + raw.slice(kept)
}

function stringAt(raw: string, start: number, end: number): string {
  const inner = raw.slice(start + 1, end)
  return inner.includes('\\') ? (JSON.parse(raw.slice(start, end + 1)) as string) : inner
}
