import { X } from 'lucide-react'
import { Button } from '../../frame/button.tsx'
import { formatDuration } from '../../words/format-duration.ts'
import type { TraceModel } from '../model/trace-model.ts'
import { titleOf } from './row-words.ts'
import styles from './waterfall.module.css'

/** How far two rows are apart, or which is the first of them. */
export function MeasureStrip({
  model,
  nodes,
  onClear,
}: {
  readonly model: TraceModel
  readonly nodes: readonly number[]
  readonly onClear: () => void
}) {
  const [first = -1, second] = nodes
  const between = (from: number | undefined, to: number | undefined) => formatDuration(((to ?? 0) - (from ?? 0)) / 1e6)
  return (
    <div className={styles['measure']} role="status">
      <span className={styles['measureWords']}>
        <bdi>{titleOf(model, first)}</bdi>
        {second === undefined ? (
          ' · go to another row and press m'
        ) : (
          <>
            {' → '}
            <bdi>{titleOf(model, second)}</bdi>
            {': '}
            <b>{between(model.start[first], model.start[second])}</b> from start to start,{' '}
            <b>{between(model.end[first], model.start[second])}</b> from end to start,{' '}
            <b>{between(model.end[first], model.end[second])}</b> from end to end
          </>
        )}
      </span>
      <Button kind="quiet" label="End measuring" onPress={onClear}>
        <X size={14} aria-hidden="true" />
      </Button>
    </div>
  )
}
