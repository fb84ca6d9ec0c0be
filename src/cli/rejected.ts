import { resolveConfig, type Environment } from '../server/config.ts'
import { readRejected } from '../server/rejected-log.ts'
import { StartError } from '../server/start-error.ts'

/** What `radiograph rejected` was asked for. */
export type RejectedFlags = {
  readonly data?: string
  readonly url?: string
  readonly limit: string
  readonly json?: true
}

/** One rejection, whoever says it: a server of any version, or the file. */
type Shown = { readonly [name: string]: unknown }

const MAX_LIMIT = 1000
const TIMEOUT_MS = 5_000
/** In lines for people; `--json` shows all that was kept. */
const SHOWN_LENGTH = 400

/**
 * Shows documents that were turned away, the newest first: those of a running server, or those in a data directory.
 * With neither named, the server at the configured address is asked, and when there is none, the configured directory
 * is read. Throws a `StartError` for what the operator can mend.
 */
export async function rejected(
  flags: RejectedFlags,
  environment: Environment,
  print: (line: string) => void,
): Promise<void> {
  const limit = /^\d+$/.test(flags.limit) ? Number(flags.limit) : 0
  if (limit < 1 || limit > MAX_LIMIT) throw new StartError(`--limit must be an integer from 1 to ${MAX_LIMIT}`)
  const entries = await readEntries(flags, environment, limit)
  if (flags.json === true) return entries.forEach((entry) => print(printable(JSON.stringify(entry))))
  if (entries.length === 0) print('No document was rejected.')
  for (const entry of entries) for (const line of describe(entry)) print(line)
}

async function readEntries(flags: RejectedFlags, environment: Environment, limit: number): Promise<readonly Shown[]> {
  if (flags.url !== undefined) {
    const asked = await askServer(flags.url, limit)
    if (typeof asked === 'string') throw new StartError(`cannot read from ${flags.url}: ${asked}`)
    return asked
  }
  if (flags.data !== undefined) return readDirectory(flags.data, limit)
  // The variables of `serve`, of which only address and directory matter here.
  const { host, port, dataDir } = resolveConfig({ auth: 'off' }, environment, () => '{}')
  const asked = await askServer(`http://${host.includes(':') ? `[${host}]` : host}:${port}`, limit)
  return typeof asked === 'string' ? readDirectory(dataDir, limit) : asked
}

async function readDirectory(directory: string, limit: number): Promise<readonly Shown[]> {
  try {
    return (await readRejected(directory, { limit })).rejected
  } catch (error) {
    const { code = 'error' } = error as NodeJS.ErrnoException
    throw new StartError(`cannot read the rejections in ${directory} (${code}): choose another with --data`, {
      cause: error,
    })
  }
}

/** What the server says, or why it says nothing. */
async function askServer(url: string, limit: number): Promise<readonly Shown[] | string> {
  const base = URL.canParse(url) ? new URL(url) : undefined
  if (base === undefined || !/^https?:$/.test(base.protocol)) return 'expected a URL such as http://127.0.0.1:2000'
  try {
    const answer = await fetch(new URL(`/api/rejected?limit=${limit}`, base), {
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    const body: unknown = answer.ok ? await answer.json() : undefined
    const list: unknown = isObject(body) ? body['rejected'] : undefined
    return Array.isArray(list) ? list.filter(isObject) : 'that is no Radiograph that lists rejections'
  } catch (error) {
    const { cause, message } = error as Error
    return cause instanceof Error ? cause.message : message
  }
}

const isObject = (value: unknown): value is Shown => typeof value === 'object' && value !== null

function describe(entry: Shown): readonly string[] {
  const { timeMs, suppressed } = entry
  const time = typeof timeMs === 'number' && Math.abs(timeMs) <= 8.64e15 ? new Date(timeMs).toISOString() : '?'
  const facts = [
    time,
    text(entry, 'source'),
    text(entry, 'code'),
    labelled('at', text(entry, 'path')),
    labelled('service', text(entry, 'service')),
    labelled('id', text(entry, 'id')),
    labelled('trace', text(entry, 'traceId')),
    labelled('account', text(entry, 'account')),
  ]
  const document = text(entry, 'document') ?? ''
  const shown = document.length > SHOWN_LENGTH ? `${document.slice(0, SHOWN_LENGTH)}…` : document
  return [
    printable(facts.filter((fact) => fact !== undefined).join('  ')),
    `    ${printable(shown)}`,
    ...(typeof suppressed === 'number' ? [`    (${suppressed} before this one were too many to be kept)`] : []),
  ]
}

function text(entry: Shown, name: string): string | undefined {
  const value = entry[name]
  return typeof value === 'string' ? value : undefined
}

const labelled = (label: string, value: string | undefined): string | undefined =>
  value === undefined ? undefined : `${label} ${value}`

/**
 * Text that cannot move the cursor, change colours or turn the line around: control and format characters, line
 * separators and halves of pairs are written as JSON escapes, so that JSON stays the same JSON.
 */
export function printable(hostile: string): string {
  return hostile.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) =>
    Array.from({ length: character.length }, (_, index) => escaped(character.charCodeAt(index))).join(''),
  )
}

const escaped = (unit: number): string => `\\u${unit.toString(16).padStart(4, '0')}`
