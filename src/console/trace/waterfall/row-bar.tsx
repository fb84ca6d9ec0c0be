import { formatDuration } from '../../words/format-duration.ts'
import { ROW } from '../model/rows.ts'
import type { RowContext } from './row-context.ts'
import { RepeatStrip, WaterfallBar } from './waterfall-bar.tsx'

/** What a row shows on the time axis. */
export function RowBar({ context, row }: { readonly context: RowContext; readonly row: number }) {
  const { model, rows, zoom, path, shifts } = context
  const node = rows.node[row] ?? -1
  const value = rows.value[row] ?? 0
  switch (rows.kind[row]) {
    case ROW.repeat: {
      const group = rows.view.fold.repeats.groups[value]
      return group === undefined ? undefined : <RepeatStrip model={model} group={group} zoom={zoom} />
    }
    case ROW.more:
    case ROW.gap:
    case ROW.missing:
      return undefined
    default: {
      const shift = shifts?.[node] ?? 0
      const note = shift === 0 ? undefined : `(clock ${shift > 0 ? '+' : ''}${formatDuration(shift / 1e6)})`
      const outerNode = rows.kind[row] === ROW.chain ? value : node
      return <WaterfallBar model={model} node={node} outerNode={outerNode} zoom={zoom} path={path} note={note} />
    }
  }
}
