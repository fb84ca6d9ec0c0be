import { OUTLINE_FLAGS } from '../../../wire/own/outline.ts'
import { durationOf, isProblem, type TraceModel } from './trace-model.ts'

/** Siblings that did the same: one row until opened (console §4.6.3). Times are microseconds. */
export type RepeatGroup = {
  /** -1 among roots. */
  readonly parent: number
  /** In pre-order; the first stands for the group. */
  readonly members: Int32Array
  /** How long at least one was at work. */
  readonly totalUs: number
  readonly sumUs: number
  readonly maxUs: number
  readonly startUs: number
  readonly endUs: number
  /** Faults, errors and throttles in members and below them. */
  readonly problems: number
  /** How many members have any. */
  readonly problemMembers: number
}

export type Repeats = {
  readonly groups: readonly RepeatGroup[]
  /** Position in `groups` by node, -1 for none. */
  readonly groupOf: Int32Array
}

/** Kinds of entities that are never the same, whatever they are called. */
const KINDS = OUTLINE_FLAGS.segment | OUTLINE_FLAGS.inferred | OUTLINE_FLAGS.callsAws | OUTLINE_FLAGS.callsRemote

/**
 * Groups of at least so many siblings with the same name, service, kind and detail, by their first members. Orphans are
 * in none: each stands under the parent that is missing.
 */
export function findRepeats(model: TraceModel, least: number): Repeats {
  const groupOf = new Int32Array(model.count).fill(-1)
  const children = countChildren(model)
  const found = new Map<number, number[]>()
  const kinds = kindsOf(model)
  for (let node = 0; node < model.count; node++) {
    const above = model.parent[node] ?? -1
    const siblings = above === -1 ? model.roots.length : (children[above] ?? 0)
    if (siblings < least || model.missingParents.has(node)) continue
    // Exact: both are below 2^26 in what a browser can hold.
    const key = (above + 1) * (model.count + 1) + kinds(node)
    const members = found.get(key)
    if (members === undefined) found.set(key, [node])
    else members.push(node)
  }
  const groups: RepeatGroup[] = []
  for (const members of found.values()) {
    if (members.length < least) continue
    for (const member of members) groupOf[member] = groups.length
    groups.push(describe(model, Int32Array.from(members)))
  }
  return { groups, groupOf }
}

/** Nothing repeats. */
export function noRepeats(model: TraceModel): Repeats {
  return { groups: [], groupOf: new Int32Array(model.count).fill(-1) }
}

function countChildren({ parent, count }: TraceModel): Int32Array {
  const children = new Int32Array(count)
  for (const above of parent) if (above !== -1) children[above] = (children[above] ?? 0) + 1
  return children
}

/** A number for each kind of node, counted as they come. */
function kindsOf({ outline, service, services, flags }: TraceModel): (node: number) => number {
  const [wholes, kinds] = [new Map<number, number>(), new Map<number, number>()]
  const number = (known: Map<number, number>, key: number): number => {
    const own = known.get(key)
    if (own !== undefined) return own
    known.set(key, known.size)
    return known.size - 1
  }
  return (node) => {
    const who = (outline.name[node] ?? 0) * (services.length + 1) + (service[node] ?? -1) + 1
    const whole = number(wholes, who * 1_024 + ((flags[node] ?? 0) & KINDS))
    return number(kinds, whole * (outline.texts.length + 1) + (outline.detail[node] ?? -1) + 1)
  }
}

function describe(model: TraceModel, members: Int32Array): RepeatGroup {
  let [totalUs, sumUs, maxUs, covered, problems, problemMembers] = [0, 0, 0, -Infinity, 0, 0]
  for (const member of members) {
    const [start, end] = [model.start[member] ?? 0, model.end[member] ?? 0]
    sumUs += end - start
    maxUs = Math.max(maxUs, end - start)
    totalUs += Math.max(0, end - Math.max(start, covered))
    covered = Math.max(covered, end)
    const own = (model.problems[member] ?? 0) + (isProblem(model, member) ? 1 : 0)
    problems += own
    if (own > 0) problemMembers += 1
  }
  const [first = 0] = members
  return {
    parent: model.parent[first] ?? -1,
    members,
    totalUs,
    sumUs,
    maxUs,
    startUs: model.start[first] ?? 0,
    endUs: covered,
    problems,
    problemMembers,
  }
}

/** Members as an open group lists them: those with problems first, then by time or the longest first. */
export function orderMembers(model: TraceModel, { members }: RepeatGroup, order: 'time' | 'duration'): Int32Array {
  const rank = (node: number): number => (isProblem(model, node) || (model.problems[node] ?? 0) > 0 ? 0 : 1)
  const byOrder = (a: number, b: number) => (order === 'time' ? 0 : durationOf(model, b) - durationOf(model, a))
  return members.toSorted((a, b) => rank(a) - rank(b) || byOrder(a, b) || a - b)
}
