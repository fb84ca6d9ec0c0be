import { formatDuration } from '../words/format-duration.ts'
import { OUTCOME_MARKS } from '../words/outcome.ts'
import type { FlameLayout } from './model/flame-layout.ts'
import { detailOf, outcomeOfNode, type TraceModel } from './model/trace-model.ts'
import { titleOf } from './waterfall/row-words.ts'

/** A frame in words: what it is, how often, how long, and how much of that by itself. */
export function sayFrame(model: TraceModel, layout: FlameLayout, frame: number): string {
  const node = layout.node[frame] ?? 0
  const calls = layout.calls[frame] ?? 1
  const problems = layout.problems[frame] ?? 0
  const [sum, self] = [duration(layout.sumUs[frame]), duration(layout.selfUs[frame])]
  const times =
    calls > 1
      ? [
          `${calls.toLocaleString('en')} times`,
          `${sum} in all`,
          `self ${self}`,
          problems > 0 ? `${problems} failed` : '',
        ]
      : [sum, `self ${self}`, `starts at ${duration(model.start[node])}`, outcomeWord(model, node)]
  return [titleWithout(model, node, calls > 1), ...times].filter((text) => text !== '').join(' · ')
}

/** Of several, the detail of one says nothing of the others. */
function titleWithout(model: TraceModel, node: number, isSeveral: boolean): string {
  const title = titleOf(model, node)
  const detail = isSeveral ? detailOf(model, node) : undefined
  return detail === undefined ? title : title.slice(0, title.length - detail.length).trimEnd()
}

function outcomeWord(model: TraceModel, node: number): string {
  const outcome = outcomeOfNode(model, node)
  return outcome === 'ok' ? '' : OUTCOME_MARKS[outcome].word
}

function duration(us: number | undefined): string {
  return formatDuration((us ?? 0) / 1e6)
}
