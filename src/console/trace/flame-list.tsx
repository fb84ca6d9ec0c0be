import { useMemo, useState } from 'react'
import { formatDuration } from '../words/format-duration.ts'
import styles from './flame-view.module.css'
import type { FlameLayout } from './model/flame-layout.ts'
import type { TraceModel } from './model/trace-model.ts'
import { sayFrame } from './flame-words.ts'

/** So many frames are listed. */
const LISTED = 30

/** The frames with the most self time as a list: what the drawing shows, for whoever does not see it. */
export function FlameList({
  model,
  layout,
  onSelect,
}: {
  readonly model: TraceModel
  readonly layout: FlameLayout
  readonly onSelect: (node: number) => void
}) {
  const [isOpen, setOpen] = useState(false)
  const frames = useMemo(() => (isOpen ? mostSelf(layout) : []), [layout, isOpen])
  return (
    <details
      className={styles['list']}
      onToggle={(event) => {
        setOpen(event.currentTarget.open)
      }}
    >
      <summary>
        As a list: the {Math.min(LISTED, layout.count)} {layout.count === 1 ? 'frame' : 'frames'} with the most self
        time
      </summary>
      <ol className={styles['frames']}>
        {frames.map((frame) => (
          <li key={frame}>
            <button
              type="button"
              className={styles['frame']}
              onClick={() => {
                onSelect(layout.node[frame] ?? -1)
              }}
            >
              <span className={styles['self']}>{formatDuration((layout.selfUs[frame] ?? 0) / 1e6)}</span>
              <bdi className={styles['words']}>{sayFrame(model, layout, frame)}</bdi>
            </button>
          </li>
        ))}
      </ol>
    </details>
  )
}

function mostSelf({ count, selfUs }: FlameLayout): readonly number[] {
  const frames = Array.from({ length: count }, (_, frame) => frame)
  return frames.toSorted((a, b) => (selfUs[b] ?? 0) - (selfUs[a] ?? 0) || a - b).slice(0, LISTED)
}
