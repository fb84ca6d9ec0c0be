import { formatDuration } from '../words/format-duration.ts'
import { OUTCOME_MARKS } from '../words/outcome.ts'
import type { MapEdge, MapNode } from './map-graph.ts'
import { formatCount, formatRate, formatShare, worstOf, type OutcomeCounts } from './outcome-shares.ts'

/** Times are kept in whole milliseconds: less than one is not nothing. */
export function timeText(seconds: number | undefined): string {
  if (seconds === undefined) return '–'
  return seconds === 0 ? '< 1 ms' : formatDuration(seconds)
}

/** How many: a minute, where the time that they are of is known (`minutes`), else in all. */
export function rateText(count: number, minutes: number | undefined): string {
  return minutes === undefined ? `× ${formatCount(count)}` : `${formatRate(count / minutes)}/min`
}

/** The same for who hears it. */
function spokenRate(count: number, minutes: number | undefined, word: string): string {
  return minutes === undefined ? `${formatCount(count)} ${word}` : `${formatRate(count / minutes)} per minute`
}

/** `2.1 % fault`, or `all OK`. */
function spokenOutcome(counts: OutcomeCounts): string {
  const worst = worstOf(counts)
  if (worst !== undefined) return `${formatShare(worst.share)} ${OUTCOME_MARKS[worst.outcome].word.toLowerCase()}`
  return counts.total === 0 ? 'no requests' : 'all OK'
}

/** The name of a node as a button: "checkout, 2.1 % fault, 412 per minute" (console §4.17). */
export function nodeName(node: MapNode, traffic: number, minutes: number | undefined): string {
  const rate = spokenRate(traffic, minutes, 'requests')
  if (node.client) return `Client of ${node.name}, ${rate}`
  return `${node.name}, ${spokenOutcome(node.requests)}, ${rate}`
}

/** What tells clients from the service of that name. */
export function titleOf(node: Pick<MapNode, 'name' | 'client'>): string {
  return node.client ? `Client of ${node.name}` : node.name
}

/** The name of an edge as a button. */
export function edgeName(from: MapNode, to: MapNode, edge: MapEdge, minutes: number | undefined): string {
  const what = edge.kind === 'link' ? 'Events from' : 'Calls from'
  return `${what} ${from.client ? 'client' : from.name} to ${to.name}, ${spokenOutcome(edge.calls)}, ${spokenRate(edge.calls.total, minutes, 'calls')}`
}

/** A name that fits under a node: the end of an address, and no more than so many characters. */
export function shortName(name: string, most = 19): string {
  const end = /^https?:\/\/.*\/([^/]+)\/?$/i.exec(name)?.[1] ?? name
  const characters = [...end]
  return characters.length <= most ? end : `${characters.slice(0, most - 1).join('')}…`
}

/** A time in so few characters that it fits into a ring: a number and its unit. */
export function shortTime(seconds: number): readonly [amount: string, unit: string] {
  if (seconds < 0.001) return ['< 1', 'ms']
  if (seconds < 0.999_5) return [String(seconds < 0.01 ? digits(seconds * 1_000) : Math.round(seconds * 1_000)), 'ms']
  if (seconds < 59.5) return [String(seconds < 9.95 ? digits(seconds) : Math.round(seconds)), 's']
  if (seconds < 3_570) return [String(Math.round(seconds / 60)), 'min']
  return [String(digits(seconds / 3_600)), 'h']
}

const digits = (number: number): number => Number(number.toPrecision(2))
