import { memo } from 'react'
import { Button } from '../frame/button.tsx'
import { Notice } from '../frame/states.tsx'
import { formatDuration } from '../words/format-duration.ts'
import { formatAge } from '../words/format-time.ts'
import type { ClockSkew } from './model/clock-skew.ts'
import { hasFlag, type TraceModel } from './model/trace-model.ts'
import { TraceLink } from './trace-header.tsx'
import styles from './trace-page.module.css'
import type { TraceUrl } from './use-trace-url.ts'

/** What one should know about what is shown: what is missing, still to come, cut, or of another clock. */
export const TraceStrips = memo(function TraceStrips({
  model,
  goTo,
  url,
  skews,
  isAligned,
  failure,
  updatedMs,
  onRetry,
}: {
  readonly model: TraceModel
  readonly goTo: (node: number) => void
  readonly url: TraceUrl
  readonly skews: readonly ClockSkew[]
  readonly isAligned: boolean
  readonly failure: Error | null
  readonly updatedMs: number
  readonly onRetry: () => void
}) {
  return (
    <div className={styles['strips']}>
      {failure === null ? undefined : (
        <Notice kind="warning">
          {failure.message}. This is how the trace was {formatAge(updatedMs, Date.now())}.{' '}
          <Button kind="quiet" onPress={onRetry}>
            Retry
          </Button>
        </Notice>
      )}
      <GoingOn model={model} />
      {model.limitExceeded ? (
        <Notice kind="warning">
          This trace reached the limit of its size: documents that came later were not taken, and are not shown.
        </Notice>
      ) : undefined}
      <MissingParents model={model} goTo={goTo} />
      <Skews model={model} url={url} skews={skews} isAligned={isAligned} />
      <LinkedTraces model={model} />
    </div>
  )
})

function GoingOn({ model }: { readonly model: TraceModel }) {
  if (!model.inProgress) return undefined
  let open = 0
  for (let node = 0; node < model.count; node++) if (hasFlag(model, node, 'inProgress')) open += 1
  return (
    <Notice kind="info">
      In progress: {open.toLocaleString('en')}{' '}
      {open === 1 ? 'segment or subsegment has' : 'segments and subsegments have'} not ended. Looking again every 5
      seconds.
    </Notice>
  )
}

function MissingParents({ model, goTo }: { readonly model: TraceModel; readonly goTo: (node: number) => void }) {
  const missing = new Set(model.missingParents.values()).size
  const [first] = model.missingParents.keys()
  if (first === undefined) return undefined
  return (
    <Notice kind="warning">
      {missing === 1 ? '1 parent is' : `${missing} parents are`} missing: not sent yet, sent with another trace id, not
      sampled, or turned away.{' '}
      <Button
        kind="quiet"
        onPress={() => {
          goTo(first)
        }}
      >
        Show what is left
      </Button>
    </Notice>
  )
}

function Skews({
  model,
  url,
  skews,
  isAligned,
}: {
  readonly model: TraceModel
  readonly url: TraceUrl
  readonly skews: readonly ClockSkew[]
  readonly isAligned: boolean
}) {
  if (skews.length === 0) return undefined
  const told = skews.slice(0, 3).map(({ service, shiftUs }) => {
    const by = formatDuration(Math.abs(shiftUs) / 1e6)
    return `${model.services[service]?.name ?? 'a service'}’s clock is ~${by} ${shiftUs < 0 ? 'ahead' : 'behind'}`
  })
  return (
    <Notice kind="warning">
      <bdi>{told.join(' · ')}</bdi>
      {skews.length > told.length ? ` · and ${skews.length - told.length} more` : ''}
      {isAligned ? '. Times are shown as if clocks agreed. ' : '. Times are shown as they were reported. '}
      <Button
        isPressed={isAligned}
        onPress={() => {
          url.change({ align: isAligned ? undefined : '1', z: undefined })
        }}
      >
        Align
      </Button>
    </Notice>
  )
}

/** How many linked traces are named; the details of each segment have all of its own. */
const NAMED = 3

function LinkedTraces({ model }: { readonly model: TraceModel }) {
  const links = new Map(
    model.outline.links.flatMap((link) => (link.traceId === model.id ? [] : [[link.traceId, link] as const])),
  )
  if (links.size === 0) return undefined
  return (
    <Notice kind="info">
      Linked {links.size === 1 ? 'trace' : 'traces'}:{' '}
      {[...links.values()].slice(0, NAMED).map(({ traceId, id }) => (
        <span key={traceId} className={styles['linked']}>
          <TraceLink id={traceId} segment={id} />{' '}
        </span>
      ))}
      {links.size > NAMED ? `and ${(links.size - NAMED).toLocaleString('en')} more, in the details of segments` : ''}
    </Notice>
  )
}
