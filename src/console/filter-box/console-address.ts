import { ageText, readWindow } from '../data/time-window.ts'

/** What an address of AWS's console asks for: a filter, and a time as the console's URLs have it (`t`). */
export type ConsoleAddress = { readonly filter: string; readonly t?: string }

const ADDRESS = /^https?:\/\/\S+\/(?:xray|cloudwatch)\/home\b[^#]*#(.*)$/s
const UNIT_SECONDS = { D: 86_400, H: 3_600, M: 60, S: 1 } as const
const DURATION = /^PT?(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$/

/**
 * Reads the address of a list of traces in X-Ray's console (`/xray/home#/traces?filter=…&timeRange=PT15M`) or CloudWatch's
 * (`/cloudwatch/home#xray:traces/query?~(query~(expression~'…)~context~(timeRange~(delta~900000)))`). Undefined for any
 * other text.
 */
export function readConsoleAddress(text: string): ConsoleAddress | undefined {
  const fragment = ADDRESS.exec(text.trim())?.[1]
  if (fragment === undefined) return undefined
  const read = fragment.startsWith('xray:') ? fromCloudWatch(decoded(fragment)) : fromXRay(fragment)
  return read.filter === '' && read.t === undefined ? undefined : read
}

function fromXRay(fragment: string): ConsoleAddress {
  // Documented addresses have filters with blanks and braces as they are, so this is not the form of a query string.
  const filter = /[?&]filter=(.*?)(?=&timeRange=|$)/s.exec(fragment)?.[1] ?? ''
  const range = /[?&]timeRange=([^&]*)/.exec(fragment)?.[1] ?? ''
  return withTime(decoded(filter).trim(), windowOfRange(decoded(range)))
}

/** The form is known from addresses that AWS's console makes; `*` and two hex digits stand for a character. */
function fromCloudWatch(fragment: string): ConsoleAddress {
  const written = /\b(?:expression|filter)~'([^~]*?)(?=\)*(?:~|$))/s.exec(fragment)?.[1] ?? ''
  const filter = written
    .replace(/\*\*([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\*([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  const deltaMs = /\bdelta~(\d+)/.exec(fragment)?.[1]
  const [start, end] = ['start', 'end'].map((name) => new RegExp(`\\b${name}~'([^~)]*)`).exec(fragment)?.[1])
  const range =
    deltaMs === undefined
      ? windowOfRange(`${unstarred(start)}~${unstarred(end)}`)
      : ageText(Math.round(Number(deltaMs) / 1_000))
  return withTime(filter.trim(), range)
}

function withTime(filter: string, t: string | undefined): ConsoleAddress {
  return { filter, ...(t === undefined ? {} : { t }) }
}

/** `PT15M`, or two times joined by `~`, which have no zone where they are UTC. */
function windowOfRange(range: string): string | undefined {
  const duration = DURATION.exec(range)
  if (duration !== null) {
    const seconds = Object.values(UNIT_SECONDS).reduce((sum, unit, at) => sum + unit * Number(duration[at + 1] ?? 0), 0)
    return seconds > 0 ? ageText(seconds) : undefined
  }
  const [from, to] = range.split('~').map((time) => isoTime(time))
  const text = `${from}~${to}`
  return from !== undefined && to !== undefined && readWindow(text) !== undefined ? text : undefined
}

function isoTime(text: string): string | undefined {
  const match = /^(\d{4})-(\d{1,2})-(\d{1,2})T(\d{1,2}):(\d{2})(:\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/.exec(text)
  if (match === null) return undefined
  const [, year, month = '', day = '', hour = '', minute, second = ':00', zone = 'Z'] = match
  const padded = [month, day, hour].map((part) => part.padStart(2, '0'))
  const ms = Date.parse(`${year}-${padded[0]}-${padded[1]}T${padded[2]}:${minute}${second}${zone}`)
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString()
}

function unstarred(text = ''): string {
  return text.replace(/\*([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A per cent sign that begins nothing: the address was written by hand.
    return text
  }
}
