import { isIP } from 'node:net'
import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'

import { closestName } from './closest-name.ts'
import {
  CONFIG_FILE,
  OPTION_KEYS,
  optionNames,
  OPTIONS,
  type Option,
  type OptionKey,
  type OptionValues,
  type StoreChoice,
} from './options.ts'
import { StartError } from './start-error.ts'

/** Everything the operator chose, with every default filled in. */
export type Config = {
  readonly host: string
  /** 0: a free port, chosen when the socket opens. */
  readonly port: number
  /** Absent: the port that TCP got. 0: a free port. */
  readonly udpPort?: number
  /** With a slash at both ends. */
  readonly basePath: string
  /** Sources as a content security policy spells them. */
  readonly frameAncestors: string
  /** Beside those of loopback, in lower case; `*` stands for all. */
  readonly allowedHosts: readonly string[]
  /** Absolute. Not used when `ephemeral`: then a temporary directory takes its place. */
  readonly dataDir: string
  /** Data is removed at exit. */
  readonly ephemeral: boolean
  readonly store: StoreChoice
  readonly auth: 'off'
  readonly envelope: 'aws' | 'rest' | 'auto'
  readonly names: 'reject' | 'sanitize'
  /** Twelve digits. */
  readonly account: string
  readonly region: string
  readonly spoolLimitBytes: number
  readonly traceLimitBytes: number
  /** Of each account and region. Infinity when there is no limit. */
  readonly segmentsPerSecond: number
  /** Where notifications of insights go. Absent: nowhere. */
  readonly insightsWebhook?: string
  /** Infinity when there is no limit. */
  readonly maxPastSeconds: number
  /** Infinity when there is no limit. */
  readonly maxFutureSeconds: number
  /** NaN and Infinity tokens make a document unreadable. */
  readonly strictJson: boolean
  /** A document may be a JSON string that holds the document's JSON. */
  readonly doubleEncoding: boolean
  /** The time part of a trace id is held against the clock (spec/ingest §2.2). */
  readonly traceIdEpochCheck: boolean
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'
}

/** Flags as the command line's parser gives them: the key of the option, and its text, or true for a switch. */
export type Flags = Readonly<Record<string, string | boolean | undefined>>

/** Environment variables, such as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>

const GIB = 1024 ** 3
const MIB = 1024 ** 2

/** The quotas that `awsParity` sets (spec/ingest §1.7), beside ours. */
const QUOTAS = {
  aws: { traceLimitBytes: 500 * 1024, segmentsPerSecond: 2_600 },
  own: { traceLimitBytes: 5 * MIB, segmentsPerSecond: Infinity },
}

/**
 * Works out the configuration: a flag wins over a variable, that over the configuration file, that over the default.
 * Throws a `StartError` that names the flag, variable or key, its value and what is expected instead.
 * `readFile` reads the configuration file, and is the only contact with the outside.
 */
export function resolveConfig(flags: Flags, environment: Environment, readFile: (path: string) => string): Config {
  const fromFlags = readOptions(givenByFlags(flags))
  const fromVariables = readOptions(givenByVariables(environment))
  const path = flags['config'] ?? environment[CONFIG_FILE.variable]
  const fromFile = typeof path === 'string' && path !== '' ? readOptions(givenByFile(path, readFile)) : {}
  const given = { ...fromFile, ...fromVariables, ...fromFlags }
  const host = given.host ?? '127.0.0.1'
  if (given.auth === undefined && !isLoopback(host)) {
    throw new StartError(
      `refusing to listen on ${host} without authentication: say --auth off to allow it, or use --host 127.0.0.1`,
    )
  }
  const quotas = given.awsParity === true ? QUOTAS.aws : QUOTAS.own
  const ephemeral = choosesEphemeral(fromFlags) ?? choosesEphemeral(fromVariables) ?? choosesEphemeral(fromFile)
  return {
    host,
    port: given.port ?? 2000,
    ...(given.udpPort === undefined ? {} : { udpPort: given.udpPort }),
    basePath: given.basePath ?? '/',
    frameAncestors: given.frameAncestors ?? "'self'",
    // Elsewhere, names are as many as there are ways to the machine, and --auth off was said.
    allowedHosts: given.allowedHosts ?? (isLoopback(host) ? [] : ['*']),
    dataDir: resolve(given.data ?? defaultDataDir(environment, process.platform)),
    ephemeral: ephemeral ?? false,
    store: given.store ?? { kind: 'chdb' },
    auth: 'off',
    envelope: given.envelope ?? 'auto',
    names: given.names ?? 'reject',
    account: given.account ?? '000000000000',
    region: given.region ?? 'us-east-1',
    spoolLimitBytes: given.spoolLimit ?? 4 * GIB,
    traceLimitBytes: given.traceLimit ?? quotas.traceLimitBytes,
    segmentsPerSecond: given.segmentsPerSecond ?? quotas.segmentsPerSecond,
    ...(given.insightsWebhook === undefined ? {} : { insightsWebhook: given.insightsWebhook }),
    maxPastSeconds: given.maxPast ?? 30 * 86_400,
    maxFutureSeconds: given.maxFuture ?? 24 * 3600,
    strictJson: given.strictJson ?? false,
    doubleEncoding: given.doubleEncoding ?? false,
    traceIdEpochCheck: given.traceIdEpochCheck ?? false,
    logLevel: given.logLevel ?? 'info',
  }
}

/** Whether only this machine can reach an address: `localhost`, 127.0.0.0/8, `::1`. */
export function isLoopback(host: string): boolean {
  if (isIP(host) === 4) return host.startsWith('127.')
  return host === 'localhost' || host === '::1'
}

/** Where data is kept when nobody says: the place that the system's conventions name (XDG, or Apple's). */
export function defaultDataDir(environment: Environment, platform: NodeJS.Platform): string {
  const home = environment['HOME'] ?? homedir()
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'radiograph')
  const xdg = environment['XDG_DATA_HOME'] ?? ''
  // The XDG rules say that a relative path there is to be ignored.
  return join(isAbsolute(xdg) ? xdg : join(home, '.local', 'share'), 'radiograph')
}

/** A value somebody gave, not yet read, and the name to blame when it is wrong. */
type Given = { readonly key: OptionKey; readonly raw: unknown; readonly name: string }

function givenByFlags(flags: Flags): readonly Given[] {
  return OPTION_KEYS.flatMap((key) => {
    const raw = flags[key]
    return raw === undefined ? [] : [{ key, raw, name: optionNames(key).flag }]
  })
}

function givenByVariables(environment: Environment): readonly Given[] {
  const keys = new Map(OPTION_KEYS.map((key) => [optionNames(key).variable, key]))
  return Object.entries(environment).flatMap(([name, raw]) => {
    if (!name.startsWith('RADIOGRAPH_') || name === CONFIG_FILE.variable) return []
    const key = keys.get(name)
    if (key === undefined)
      throw unknownName(`environment variable ${name}`, name, [...keys.keys(), CONFIG_FILE.variable])
    // An empty variable is how compose files and CI say "not set".
    return raw === undefined || raw === '' ? [] : [{ key, raw, name }]
  })
}

function givenByFile(path: string, readFile: (path: string) => string): readonly Given[] {
  const keys = new Map<string, OptionKey>(OPTION_KEYS.map((key) => [key, key]))
  const entries: readonly (readonly [string, unknown])[] = Object.entries(readJsonObject(path, readFile))
  return entries.map(([name, raw]) => {
    const key = keys.get(name)
    if (key === undefined) throw unknownName(`key "${name}" in ${path}`, name, OPTION_KEYS)
    return { key, raw, name: `"${name}" in ${path}` }
  })
}

function readJsonObject(path: string, readFile: (path: string) => string): object {
  let value: unknown
  try {
    value = JSON.parse(readFile(path))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new StartError(`cannot read the configuration file ${path}: ${reason}`, { cause: error })
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw new StartError(`the configuration file ${path} must hold one JSON object, such as {"port": 2000}`)
}

function readOptions(given: readonly Given[]): OptionValues {
  const values = given.map(({ key, raw, name }) => {
    const option: Option<unknown> = OPTIONS[key]
    const read = option.schema.safeParse(raw)
    if (read.success) return [key, read.data] as const
    const is = option.secret === true ? 'cannot be used' : `is ${JSON.stringify(raw)}`
    throw new StartError(`${name} ${is}, expected ${option.expects}`)
  })
  // Every value was read by the schema of its own key.
  return Object.fromEntries(values) as OptionValues
}

function unknownName(what: string, name: string, known: readonly string[]): StartError {
  const closest = closestName(name, known)
  return new StartError(`unknown ${what}${closest === undefined ? '' : `, did you mean ${closest}?`}`)
}

/** What one source says of keeping the data; nothing when it says nothing. */
function choosesEphemeral(given: OptionValues): boolean | undefined {
  if (given.data === undefined) return given.ephemeral
  if (given.ephemeral === true) {
    throw new StartError(`data cannot be kept in ${given.data} and be ephemeral: leave out --data or --ephemeral`)
  }
  return false
}
