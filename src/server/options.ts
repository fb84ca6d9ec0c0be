import * as z from 'zod'

import { readBasePath } from './base-path.ts'

/**
 * One setting. Its key in the table is its key in the configuration file; `optionNames` derives the flag and the
 * variable from it, so that the three spellings cannot drift apart.
 */
export type Option<T> = {
  /** The word for the value in `--help`, such as `PORT`; absent when the flag is a switch. */
  readonly takes?: string
  /** Reads the value from text (a flag, a variable) or from JSON (the configuration file). */
  readonly schema: z.ZodType<T>
  /** Completes the sentence "expected …" of the error. */
  readonly expects: string
  /** The default as the documentation words it. */
  readonly fallback: string
  /** What the option does, for `--help` and `docs/configuration.md`. */
  readonly doc: string
  /** The value may hold a password: errors do not repeat it. */
  readonly secret?: true
}

/** Which engine keeps the traces, as `--store` chose it. */
export type StoreChoice =
  | { readonly kind: 'chdb' }
  | { readonly kind: 'clickhouse'; readonly url: string }
  | { readonly kind: 'memory' }

const KIB = 1024
const UNIT_BYTES = new Map([
  ['', 1],
  ['B', 1],
  ['KiB', KIB],
  ['MiB', KIB ** 2],
  ['GiB', KIB ** 3],
  ['TiB', KIB ** 4],
])
// `*`, a name, all names below one, or an address.
const HOST_NAME = /^(?:\*|(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[?[0-9a-f]*:[0-9a-f:.]+\]?)$/
const SECONDS_PER_HOUR = 3600
const SECONDS_PER_DAY = 86_400

const text = z.string().min(1)
const decimal = z
  .string()
  .regex(/^\d+(\.\d+)?$/)
  .transform(Number)
const port = z.union([z.number(), decimal]).pipe(z.int().min(0).max(65_535))
const duration = (secondsPerUnit: number) =>
  z
    .union([z.number(), decimal])
    .pipe(z.number().min(0))
    .transform((count) => (count === 0 ? Infinity : count * secondsPerUnit))
const bytes = z.union([z.number(), z.string().transform(readBytes)]).pipe(z.int().min(1))
const onOff = z.union([
  z.boolean(),
  z.enum(['true', '1', 'on', 'yes']).transform(() => true),
  z.enum(['false', '0', 'off', 'no']).transform(() => false),
])
const store = z.string().transform((value, context): StoreChoice => {
  const choice = readStore(value)
  if (choice !== undefined) return choice
  context.addIssue('not a store')
  return z.NEVER
})

const basePath = z.string().transform((value, context): string => {
  const path = readBasePath(value)
  if (path !== undefined) return path
  context.addIssue('not a path')
  return z.NEVER
})
// A source must not end its directive, or the whole header.
const frameAncestors = z
  .string()
  .regex(/^(?:none|self|(?:self|[a-z]+:\/\/[^\s;,'"]+)(?: (?:self|[a-z]+:\/\/[^\s;,'"]+))*)$/)
  .transform((sources) => sources.replace(/(?<=^| )(none|self)(?=$| )/g, "'$1'"))

const webUrl = z.string().refine((value) => URL.canParse(value) && isWebUrl(new URL(value)))

// Names without a port: a browser may reach the same proxy at several.
const allowedHosts = z.string().transform((value, context): readonly string[] => {
  const hosts = value
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((host) => host !== '')
  if (hosts.length > 0 && hosts.every((host) => HOST_NAME.test(host)))
    return hosts.map((host) => host.replace(/[[\]]/g, ''))
  context.addIssue('not host names')
  return z.NEVER
})

const SWITCH_EXPECTS = 'true or false'

/** Every setting there is. The order is the order of `--help` and of the documentation. */
export const OPTIONS = {
  host: {
    takes: 'ADDRESS',
    schema: text.regex(/^[^\s/]+$/),
    expects: 'a host name or an IP address to listen on, such as 127.0.0.1',
    fallback: '127.0.0.1',
    doc: 'Address to listen on, TCP and UDP. Any address but loopback needs --auth off to be said.',
  },
  port: {
    takes: 'PORT',
    schema: port,
    expects: 'a port number from 0 to 65535',
    fallback: '2000',
    doc: 'TCP port of the X-Ray API. 0 picks a free port, and the ready line says which.',
  },
  udpPort: {
    takes: 'PORT',
    schema: port,
    expects: 'a port number from 0 to 65535',
    fallback: 'the TCP port',
    doc: "UDP port of the daemon's segment protocol. 0 picks a free port.",
  },
  basePath: {
    takes: 'PATH',
    schema: basePath,
    expects: 'a path such as /tracing/, of letters, digits and .-_~',
    fallback: '/',
    doc: 'Path that browsers see the console at, behind a proxy. A proxy can also say it: X-Forwarded-Prefix.',
  },
  frameAncestors: {
    takes: 'ORIGINS',
    schema: frameAncestors,
    expects: 'none, self, or origins such as https://wiki.example.com, separated by spaces',
    fallback: 'self',
    doc: 'Whose pages may show the console in a frame.',
  },
  allowedHosts: {
    takes: 'HOSTS',
    schema: allowedHosts,
    expects: 'host names without a port, such as tracing.example.com or *.example.com, separated by spaces, or *',
    fallback: 'those of loopback; all, when listening elsewhere',
    doc: 'Names beside those of loopback that browsers may reach this server under, such as that of a proxy.',
  },
  data: {
    takes: 'DIR',
    schema: text,
    expects: 'a directory',
    fallback: "radiograph in the user's data directory",
    doc: 'Directory that holds everything Radiograph keeps. It is made when missing; one process uses it at a time.',
  },
  ephemeral: {
    schema: onOff,
    expects: SWITCH_EXPECTS,
    fallback: 'false',
    doc: 'Keep the data in a temporary directory that is removed at exit.',
  },
  store: {
    takes: 'URL',
    schema: store,
    expects: 'http(s)://user:password@host:8123/database, or memory',
    fallback: 'the embedded engine',
    doc: 'ClickHouse server that keeps the traces, instead of the engine inside this process. `memory` forgets them.',
    secret: true,
  },
  auth: {
    takes: 'MODE',
    schema: z.literal('off'),
    expects: 'off (nothing else is supported yet)',
    fallback: 'off on loopback, and nothing elsewhere',
    doc: 'How callers are authenticated. `off` must be said to listen on any address but loopback.',
  },
  envelope: {
    takes: 'FORM',
    schema: z.enum(['aws', 'rest', 'auto']),
    expects: 'aws, rest or auto',
    fallback: 'auto',
    doc: "Form of PutTraceSegments' answer: AWS's own, the REST reference's, or whichever the call asks for.",
  },
  names: {
    takes: 'POLICY',
    schema: z.enum(['reject', 'sanitize']),
    expects: 'reject or sanitize',
    fallback: 'reject',
    doc: 'What happens to a segment whose name has characters that X-Ray does not allow.',
  },
  account: {
    takes: 'ID',
    schema: z.string().regex(/^\d{12}$/),
    expects: 'an account id of twelve digits, as text',
    fallback: '000000000000',
    doc: 'Account of callers whose access key is not an account id itself.',
  },
  region: {
    takes: 'NAME',
    schema: z
      .string()
      .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
      .max(64),
    expects: 'a region name, such as us-east-1',
    fallback: 'us-east-1',
    doc: 'Region of calls that are not signed for one.',
  },
  spoolLimit: {
    takes: 'SIZE',
    schema: bytes,
    expects: 'a size such as 512MiB or 4GiB',
    fallback: '4GiB',
    doc: 'Disk space for documents that the engine has not taken yet. Beyond it, callers are throttled.',
  },
  traceLimit: {
    takes: 'SIZE',
    schema: bytes,
    expects: 'a size such as 500KiB or 5MiB',
    fallback: '5MiB',
    doc: 'Most bytes of documents that one trace may hold.',
  },
  maxPast: {
    takes: 'DAYS',
    schema: duration(SECONDS_PER_DAY),
    expects: 'a number of days, 0 for no limit',
    fallback: '30',
    doc: 'How long ago a segment may have started, in days. 0 removes the limit.',
  },
  maxFuture: {
    takes: 'HOURS',
    schema: duration(SECONDS_PER_HOUR),
    expects: 'a number of hours, 0 for no limit',
    fallback: '24',
    doc: 'How far in the future a segment may start, in hours. 0 removes the limit.',
  },
  strictJson: {
    schema: onOff,
    expects: SWITCH_EXPECTS,
    fallback: 'false',
    doc: 'Reject documents with NaN or Infinity tokens, instead of reading them as null.',
  },
  doubleEncoding: {
    schema: onOff,
    expects: SWITCH_EXPECTS,
    fallback: 'false',
    doc: 'Accept a document that is a JSON string holding the JSON of the document.',
  },
  traceIdEpochCheck: {
    schema: onOff,
    expects: SWITCH_EXPECTS,
    fallback: 'false',
    doc: 'Reject trace ids whose time part is over 30 days old or over 5 minutes ahead, as X-Ray did until 2023.',
  },
  segmentsPerSecond: {
    takes: 'COUNT',
    schema: z
      .union([z.number(), decimal])
      .pipe(z.number().min(0))
      .transform((count) => (count === 0 ? Infinity : count)),
    expects: 'a number of documents, 0 for no limit',
    fallback: '0',
    doc: 'Most documents a second of each account and region. Beyond it, calls are throttled and datagrams dropped.',
  },
  insightsWebhook: {
    takes: 'URL',
    schema: webUrl,
    expects: 'an http or https URL without a user',
    fallback: 'nothing is sent',
    doc: 'Where changes of insights are posted, for groups that have notifications enabled.',
    secret: true,
  },
  awsParity: {
    schema: onOff,
    expects: SWITCH_EXPECTS,
    fallback: 'false',
    doc: "X-Ray's own quotas, where nothing else is said: --trace-limit 500KiB, --segments-per-second 2600.",
  },
  logLevel: {
    takes: 'LEVEL',
    schema: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    expects: 'trace, debug, info, warn, error, fatal or silent',
    fallback: 'info',
    doc: 'Least severe log lines to write. They go to standard error, one JSON object each.',
  },
} as const satisfies Record<string, Option<unknown>>

/** The key of a setting, as the configuration file spells it. */
export type OptionKey = keyof typeof OPTIONS

/** The values that were given for some settings, read. */
export type OptionValues = { readonly [Key in OptionKey]?: z.output<(typeof OPTIONS)[Key]['schema']> }

/** The keys of the table, in its order. */
// Object.keys knows only that keys are text; the table is a literal, so they are these.
export const OPTION_KEYS = Object.keys(OPTIONS) as readonly OptionKey[]

/** The flag that names the configuration file; it has a variable, too, and no key of its own. */
export const CONFIG_FILE = {
  takes: 'FILE',
  flag: '--config',
  variable: 'RADIOGRAPH_CONFIG',
  doc: 'JSON file with settings. Flags and variables win over it.',
} as const

/** The spellings of a setting: `udpPort` is `--udp-port` and `RADIOGRAPH_UDP_PORT`. */
export function optionNames(key: OptionKey): { readonly flag: string; readonly variable: string } {
  const words = key.replace(/[A-Z]/g, (letter) => `-${letter}`)
  return { flag: `--${words.toLowerCase()}`, variable: `RADIOGRAPH_${words.replaceAll('-', '_').toUpperCase()}` }
}

function readBytes(size: string): number {
  const match = /^(\d+(?:\.\d+)?) ?([A-Za-z]*)$/.exec(size)
  const unit = UNIT_BYTES.get(match?.[2] ?? '')
  return match === null || unit === undefined ? Number.NaN : Math.round(Number(match[1]) * unit)
}

// No request can be made of a URL with a user in it.
function isWebUrl({ protocol, username, password }: URL): boolean {
  return /^https?:$/.test(protocol) && username === '' && password === ''
}

function readStore(value: string): StoreChoice | undefined {
  if (value === 'memory') return { kind: 'memory' }
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.hostname === '') return undefined
  // At most one path part: the database.
  return /^\/[^/]*$/.test(url.pathname) ? { kind: 'clickhouse', url: value } : undefined
}
