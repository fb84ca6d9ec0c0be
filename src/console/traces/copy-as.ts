import { windowEnds, type TimeWindow } from '../data/time-window.ts'

/** A list, as it is asked for elsewhere. */
export type ListQuestion = {
  /** The group's clause included. */
  readonly filter: string
  readonly dialect: 'aws' | 'extended'
  readonly window: TimeWindow
  /** Where the server is, with its path: `http://127.0.0.1:2000/`. */
  readonly base: string
  readonly nowMs: number
}

/** A word of a POSIX shell that stands for this text and nothing else. */
export function quoteShell(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

/** The command of AWS's CLI that lists the same traces; it asks for them a page at a time, until all have come. */
export function awsCommand({ filter, window, base, nowMs }: ListQuestion): string {
  const { fromMs, toMs } = windowEnds(window, nowMs)
  return [
    'aws xray get-trace-summaries',
    `--endpoint-url ${quoteShell(base.replace(/\/$/, ''))}`,
    `--start-time ${Math.floor(fromMs / 1_000)}`,
    `--end-time ${Math.ceil(toMs / 1_000)}`,
    ...(filter === '' ? [] : [`--filter-expression ${quoteShell(filter)}`]),
  ].join(' \\\n  ')
}

/** A command of curl that lists the same traces, one JSON object a line. */
export function curlCommand({ filter, dialect, window, base, nowMs }: ListQuestion): string {
  const { fromMs, toMs } = windowEnds(window, nowMs)
  return [
    `curl -sN --get ${quoteShell(new URL('api/traces', base).href)}`,
    `--data from=${fromMs / 1_000} --data to=${toMs / 1_000}`,
    ...(filter === '' ? [] : [`--data-urlencode ${quoteShell(`filter=${filter}`)}`]),
    ...(dialect === 'extended' ? ['--data dialect=extended'] : []),
  ].join(' \\\n  ')
}
