import { useMemo } from 'react'
import type { OutlineAnswer } from '../data/outline-query.ts'
import { EmptyState, PanelBoundary } from '../frame/states.tsx'
import { DetailsPanel } from './details/details-panel.tsx'
import { alignedTimes } from './model/clock-skew.ts'
import { criticalPath } from './model/critical-path.ts'
import { buildTraceModel } from './model/trace-model.ts'
import { TraceHeader } from './trace-header.tsx'
import { TraceStrips } from './trace-strips.tsx'
import { TraceViews } from './trace-views.tsx'
import { useTraceUrl } from './use-trace-url.ts'
import { useTraceView } from './use-trace-view.ts'
import styles from './trace-page.module.css'

/** A trace that is there: head, strips, views and details, all drawn from its outline. */
export function TraceScreen({
  answer,
  failure,
  updatedMs,
  onRetry,
}: {
  readonly answer: OutlineAnswer
  /** Why it could not be asked for again. */
  readonly failure: Error | null
  /** When it was asked for last, epoch milliseconds. */
  readonly updatedMs: number
  readonly onRetry: () => void
}) {
  const url = useTraceUrl()
  const { outline } = answer
  const raw = useMemo(() => buildTraceModel(outline), [outline])
  const alignment = useMemo(() => alignedTimes(raw), [raw])
  const isAligned = url.search.align === '1' && alignment.skews.length > 0
  const model = useMemo(
    () => (isAligned ? { ...raw, start: alignment.start, end: alignment.end } : raw),
    [raw, alignment, isAligned],
  )
  const path = useMemo(() => criticalPath(model), [model])
  const state = useTraceView(model, path, url)
  return (
    <div className={styles['screen']}>
      <TraceHeader model={model} path={path} shown={state.rows.shown} selected={state.selected} goTo={state.goTo} />
      <TraceStrips
        model={model}
        goTo={state.goTo}
        url={url}
        skews={alignment.skews}
        isAligned={isAligned}
        failure={failure}
        updatedMs={updatedMs}
        onRetry={onRetry}
      />
      {model.count === 0 ? (
        <EmptyState title="This trace has no segments yet">
          <p>They show here as soon as they come.</p>
        </EmptyState>
      ) : (
        <TraceViews state={state} shifts={isAligned ? alignment.shift : undefined} />
      )}
      {state.selected === -1 ? undefined : (
        <PanelBoundary resetKey={String(state.selected)}>
          <DetailsPanel view={state} shiftUs={isAligned ? (alignment.shift[state.selected] ?? 0) : 0} />
        </PanelBoundary>
      )}
    </div>
  )
}
