import { OUTCOME_MARKS } from '../../words/outcome.ts'
import { ROW, type Rows } from '../model/rows.ts'
import {
  detailOf,
  durationOf,
  hasFlag,
  isProblem,
  nameOf,
  outcomeOfNode,
  serviceOf,
  statusOf,
  type TraceModel,
} from '../model/trace-model.ts'
import { sayDuration } from './say-duration.ts'

/** What a row is called where there is one line for it: `orders-db SELECT`. */
export function titleOf(model: TraceModel, node: number): string {
  const name = nameOf(model, node)
  const service = hasFlag(model, node, 'segment') ? undefined : serviceOf(model, node)?.name
  return [service === name ? undefined : service, name, detailOf(model, node)]
    .filter((part) => part !== undefined && part !== '')
    .join(' ')
}

/** Names said of the beginning and of the end of a chain; of longer ones, `…` stands for the rest. */
const [FIRST, LAST] = [4, 2]

/** The names of a chain of wrappers, from the outermost in. */
export function chainNames(model: TraceModel, first: number, last: number): readonly string[] {
  const count = last - first + 1
  const isLong = count > FIRST + LAST + 1
  const named = (from: number, length: number) => Array.from({ length }, (_, at) => nameOf(model, from + at))
  return isLong ? [...named(first, FIRST), '…', ...named(last - LAST + 1, LAST)] : named(first, count)
}

/**
 * What a screen reader says of a row (console §4.15): `orders-db SELECT, fault, 412 milliseconds, starts at 640
 * milliseconds, level 3, on critical path`.
 */
export function sayRow(model: TraceModel, rows: Rows, row: number, onPath: Uint8Array): string {
  const node = rows.node[row] ?? -1
  const value = rows.value[row] ?? 0
  const level = `level ${rows.level[row] ?? 1}`
  switch (rows.kind[row]) {
    case ROW.repeat: {
      const group = rows.view.fold.repeats.groups[value]
      const [total, most] = [sayDuration(group?.totalUs ?? 0), sayDuration(group?.maxUs ?? 0)]
      const times = `${group?.members.length ?? 0} times, total ${total}, at most ${most}`
      return said([titleOf(model, node), times, sayProblems(group?.problems ?? 0, 'among them'), level])
    }
    case ROW.more:
      return said([`${value} more of ${nameOf(model, node)}`, level])
    case ROW.gap:
      return said([`${value} hidden by find`, level])
    case ROW.missing:
      return said([`Missing parent ${model.missingParents.get(node) ?? ''}`, level])
    case ROW.chain:
      return said([chainNames(model, value, node).join(', '), ...sayNode(model, node, onPath, level)])
    default:
      return said([titleOf(model, node), ...sayNode(model, node, onPath, level)])
  }
}

function sayNode(model: TraceModel, node: number, onPath: Uint8Array, level: string): readonly (string | undefined)[] {
  const status = statusOf(model, node)
  const outcome = isProblem(model, node) ? OUTCOME_MARKS[outcomeOfNode(model, node)].word.toLowerCase() : undefined
  return [
    outcome,
    status === undefined ? undefined : `status ${status}`,
    hasFlag(model, node, 'inProgress') ? 'in progress' : sayDuration(durationOf(model, node)),
    `starts at ${sayDuration(model.start[node] ?? 0)}`,
    level,
    onPath[node] === 1 ? 'on critical path' : undefined,
    sayProblems(model.problems[node] ?? 0, 'below'),
  ]
}

function sayProblems(count: number, where: string): string | undefined {
  return count === 0 ? undefined : `${count} ${count === 1 ? 'problem' : 'problems'} ${where}`
}

function said(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(', ')
}
