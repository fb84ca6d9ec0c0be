import type { Environment } from '../server/config.ts'
import { StartError } from '../server/start-error.ts'
import { ask, isObject, linesOf, numberOf, parseLine, textOf, usualAddress, type Line } from './ask-server.ts'
import { printable } from './rejected.ts'

/** What `radiograph traces` was asked for. */
export type TracesFlags = {
  readonly url?: string
  readonly from?: string
  readonly to?: string
  readonly range?: string
  readonly sort?: string
  readonly extended?: true
  readonly limit: string
  readonly json?: true
}

/**
 * Shows the traces that match, as the server finds them. Throws a `StartError` for what the operator can mend, and for
 * an answer that breaks off.
 */
export async function traces(
  filter: string,
  flags: TracesFlags,
  environment: Environment,
  print: (line: string) => Promise<void>,
): Promise<void> {
  const base = flags.url ?? usualAddress(environment)
  const answer = await ask(base, '/api/traces', parametersOf(filter, flags))
  if (!answer.ok) throw new StartError(await refusal(answer, filter, base))
  if (answer.headers.get('content-type') !== 'application/x-ndjson') throw noSearch(base)
  let end: Line | undefined
  let shown = 0
  for await (const line of linesOf(answer, base)) {
    if (line['type'] === 'error') throw new StartError(`${base} could not go on: ${textOf(line, 'message') ?? '?'}`)
    if (line['type'] === 'end') end = line
    if (line['type'] !== 'trace') continue
    shown += 1
    await print(printable(flags.json === true ? JSON.stringify(line) : describe(line)))
  }
  if (end === undefined) throw new StartError(`the answer of ${base} broke off`)
  if (flags.json === true) return
  if (shown === 0) await print('No trace matches.')
  else if (end['complete'] === false) await print(`(the first ${shown}; --limit shows more)`)
}

function parametersOf(filter: string, flags: TracesFlags): URLSearchParams {
  const { from, to, range, sort, limit, extended } = flags
  const given = { filter, from, to, range, sort, limit, dialect: extended === true ? 'extended' : undefined }
  return new URLSearchParams(Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined))
}

const noSearch = (url: string): StartError => new StartError(`${url} is no Radiograph that searches`)

/** What a refusal says; of a filter that is none, with the place below it. */
async function refusal(answer: Response, filter: string, url: string): Promise<string> {
  const body = parseLine(await answer.text())
  const message = textOf(body, 'message')
  if (message === undefined || answer.status === 404) return noSearch(url).message
  const { line, position } = body
  if (typeof line !== 'number' || typeof position !== 'number') return printable(message)
  const shown = filter.split('\n')[line - 1] ?? ''
  const before = printable([...shown].slice(0, position - 1).join(''))
  return `${printable(message)}\n  ${printable(shown)}\n  ${' '.repeat([...before].length)}^`
}

/** Start, what came of it, how long it took, what was asked for, how large it is, its id. */
function describe(line: Line): string {
  const http = isObject(line['Http']) ? line['Http'] : {}
  const entry = isObject(line['EntryPoint']) ? line['EntryPoint'] : {}
  const asked = [textOf(http, 'HttpMethod'), textOf(http, 'HttpURL')].filter((text) => text !== undefined).join(' ')
  return [
    timeOf(line['StartTime']),
    outcomeOf(line, http).padEnd(12),
    durationOf(line).padStart(9),
    `${numberOf(line, 'SegmentCount') ?? '?'} segments`.padStart(12),
    textOf(line, 'Id') ?? '?',
    [textOf(entry, 'Name') ?? '-', asked].filter((text) => text !== '').join(' '),
  ].join('  ')
}

function timeOf(seconds: unknown): string {
  const isTime = typeof seconds === 'number' && Math.abs(seconds) <= 8.64e12
  return isTime ? new Date(seconds * 1000).toISOString() : '?'.padEnd(24)
}

/** The first of these that is set. */
const OUTCOMES = [
  ['HasThrottle', 'throttle'],
  ['HasFault', 'fault'],
  ['HasError', 'error'],
] as const

function outcomeOf(line: Line, http: Line): string {
  const status = numberOf(http, 'HttpStatus')
  const isBad = ([name]: readonly [string, string]): boolean => line[name] === true
  const [, flag] = OUTCOMES.find(isBad) ?? ['', 'ok']
  return status === undefined ? flag : `${flag} ${status}`
}

function durationOf(line: Line): string {
  const seconds = numberOf(line, 'Duration')
  if (seconds === undefined) return '?'
  const shown = seconds < 1 ? `${Math.round(seconds * 1000)} ms` : `${seconds.toFixed(3)} s`
  return line['IsPartial'] === true ? `${shown}…` : shown
}
