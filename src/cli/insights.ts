import type { Environment } from '../server/config.ts'
import { StartError } from '../server/start-error.ts'
import { ask, isObject, linesOf, numberOf, parseLine, textOf, usualAddress, type Line } from './ask-server.ts'
import { printable } from './rejected.ts'

/** What `radiograph insights` was asked for. */
export type InsightsFlags = {
  readonly backtest?: string
  readonly group?: string
  readonly active?: true
  readonly limit: string
  readonly json?: true
  readonly url?: string
}

/** What the command has of the world. */
export type InsightsHost = {
  readonly environment: Environment
  readonly print: (line: string) => void
  /** How far it is. */
  readonly progress: (text: string) => void
}

/**
 * Shows insights of a running server, or those that a new detector would have found in what the server has stored.
 * Throws a `StartError` for what the operator can mend, and for an answer that breaks off.
 */
export async function insights(flags: InsightsFlags, host: InsightsHost): Promise<void> {
  const base = flags.url ?? usualAddress(host.environment)
  if (flags.backtest === undefined) return list(base, flags, host)
  if (flags.group === undefined) throw new StartError('--backtest needs --group, such as --group Default')
  try {
    await backtest(base, flags, host)
  } finally {
    host.progress('')
  }
}

async function list(base: string, flags: InsightsFlags, { print }: InsightsHost): Promise<void> {
  const { group, limit } = flags
  const state = flags.active === true ? { state: 'ACTIVE' } : {}
  const parameters = new URLSearchParams({ limit, ...state, ...(group === undefined ? {} : { group }) })
  const answer = await ask(base, '/api/insights', parameters)
  const body = parseLine(await answer.text())
  const found = body['insights']
  if (!answer.ok || !Array.isArray(found)) throw new StartError(refusal(answer, body, base))
  const shown = (found as readonly unknown[]).filter(isObject)
  if (flags.json === true) return shown.forEach((insight) => print(printable(JSON.stringify(insight))))
  if (shown.length === 0) print('There are no insights.')
  for (const insight of shown) for (const line of describe(insight)) print(line)
  if (body['complete'] === false) print(`(the first ${shown.length}; --limit shows more)`)
}

async function backtest(base: string, flags: InsightsFlags, { print, progress }: InsightsHost): Promise<void> {
  const { backtest: from = '', group = '' } = flags
  const answer = await ask(base, '/api/insights/backtest', new URLSearchParams({ group, from }))
  if (!answer.ok) throw new StartError(refusal(answer, parseLine(await answer.text()), base))
  let end: Line | undefined
  for await (const line of linesOf(answer, base)) {
    const type = line['type']
    if (type === 'error') throw new StartError(`${base} could not go on: ${textOf(line, 'message') ?? '?'}`)
    if (type === 'end') end = line
    if (type === 'progress') {
      progress(`${numberOf(line, 'minutes') ?? '?'} of ${numberOf(line, 'of') ?? '?'} minutes`)
    }
    if (type === 'insight') {
      progress('')
      if (flags.json === true) print(printable(JSON.stringify(line)))
      else for (const text of describe(line)) print(text)
    }
  }
  if (end === undefined) throw new StartError(`the answer of ${base} broke off`)
  progress('')
  if (flags.json !== true) {
    const span = `from ${timeOf(end, 'from')} to ${timeOf(end, 'to')}`
    print(printable(`${numberOf(end, 'insights') ?? '?'} insights of ${textOf(end, 'group') ?? group} ${span}.`))
  }
}

function refusal(answer: Response, body: Line, base: string): string {
  const message = textOf(body, 'message')
  if (message === undefined || answer.status === 404) return `${base} is no Radiograph that has insights`
  return printable(message)
}

/** When, what, and by what it was found. */
function describe(insight: Line): readonly string[] {
  const end = numberOf(insight, 'endTime') === undefined ? 'now' : timeOf(insight, 'endTime')
  const evidence = isObject(insight['evidence']) ? insight['evidence'] : {}
  const faults = `${numberOf(evidence, 'faults') ?? '?'} faults in ${numberOf(evidence, 'requests') ?? '?'} requests`
  const group = textOf(insight, 'group')
  return [
    [timeOf(insight, 'startTime'), '–', end, textOf(insight, 'id') ?? '?', ...(group === undefined ? [] : [group])],
    ['   ', textOf(insight, 'summary') ?? '?'],
    ['   ', 'root cause', rootOf(insight)],
    [
      '   ',
      `${faults} of five minutes, at most ${numberOf(evidence, 'expectedFaults') ?? '?'} expected;`,
      delayOf(insight),
    ],
  ].map((words) => printable(words.join(' ')))
}

function rootOf(insight: Line): string {
  const root = isObject(insight['rootCause']) ? insight['rootCause'] : {}
  const type = textOf(root, 'type')
  return `${textOf(root, 'name') ?? '?'}${type === undefined ? '' : ` (${type})`}`
}

function delayOf(insight: Line): string {
  return `opened ${numberOf(insight, 'delay') ?? '?'} s after it began`
}

function timeOf(line: Line, name: string): string {
  const seconds = numberOf(line, name)
  const isTime = seconds !== undefined && Math.abs(seconds) <= 8.64e12
  return isTime ? new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z') : '?'
}
