import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { memo, useMemo } from 'react'
import { percentileQuery } from '../data/percentile-query.ts'
import { statusQuery } from '../data/queries.ts'
import { CopyButton } from '../frame/copy-button.tsx'
import { PageHeader } from '../frame/page-header.tsx'
import { formatDuration } from '../words/format-duration.ts'
import { formatAge } from '../words/format-time.ts'
import { OutcomeMark } from '../words/outcome-mark.tsx'
import { OUTCOME_MARKS } from '../words/outcome.ts'
import { TimeText } from '../words/time-text.tsx'
import { CopyMenu } from './copy-menu.tsx'
import { CriticalPathList } from './critical-path-list.tsx'
import { ListSteps } from './list-steps.tsx'
import type { CriticalPath } from './model/critical-path.ts'
import { summarizeTrace } from './model/summarize-trace.ts'
import { detailOf, hasFlag, nameOf, outcomeOfNode, statusOf, type TraceModel } from './model/trace-model.ts'
import { sayPercentile } from './say-percentile.ts'
import styles from './trace-header.module.css'

/** What the trace is: the request, how it went, how long it took, when, and what it is made of. */
export const TraceHeader = memo(function TraceHeader({
  model,
  path,
  shown,
  selected,
  goTo,
}: {
  readonly model: TraceModel
  readonly path: CriticalPath
  /** How many nodes have a row. */
  readonly shown: number
  readonly selected: number
  readonly goTo: (node: number) => void
}) {
  const root = rootOf(model)
  const request = requestOf(model, root)
  const duration = `${formatDuration(model.durationUs / 1e6)}${model.inProgress ? ' …' : ''}`
  const outcome = outcomeOfNode(model, root)
  const status = statusOf(model, root)
  const title = `${OUTCOME_MARKS[outcome].mark} ${request} ${duration}`
  return (
    <div className={styles['header']}>
      <PageHeader
        title={
          <span className={styles['title']}>
            <bdi>{request}</bdi>
          </span>
        }
        documentTitle={`${title} – Trace`}
        truth={
          <span className={styles['truth']}>
            <span className={styles['strong']}>
              {model.inProgress && outcome === 'ok' ? (
                <span className={styles['going']}>◌ In progress</span>
              ) : (
                <OutcomeMark
                  outcome={outcome}
                  text={status === undefined ? undefined : `${OUTCOME_MARKS[outcome].word} ${status}`}
                />
              )}
            </span>
            <b className={styles['strong']}>{duration}</b>
            <span>
              <TimeText seconds={model.startTime} precision="millisecond" /> <Age seconds={model.startTime} />
            </span>
          </span>
        }
      >
        <ListSteps id={model.id} />
        <CopyMenu model={model} selected={selected} />
      </PageHeader>
      <div className={styles['facts']}>
        <span className={styles['id']}>
          <code>{model.id}</code>
          <CopyButton label="Copy trace id" text={model.id} />
        </span>
        <Facts model={model} path={path} shown={shown} goTo={goTo} />
      </div>
    </div>
  )
})

function Facts({
  model,
  path,
  shown,
  goTo,
}: {
  readonly model: TraceModel
  readonly path: CriticalPath
  readonly shown: number
  readonly goTo: (node: number) => void
}) {
  const summary = useMemo(() => summarizeTrace(model, path), [model, path])
  const count = (number: number, one: string, many = `${one}s`) =>
    `${number.toLocaleString('en')} ${number === 1 ? one : many}`
  const { slowest } = summary
  return (
    <>
      <span>
        {count(summary.segments, 'segment')} · {count(summary.subsegments, 'subsegment')} ·{' '}
        {count(summary.services, 'service')}
      </span>
      {summary.faults === 0 ? undefined : <OutcomeMark outcome="fault" text={count(summary.faults, 'fault')} />}
      {summary.errors === 0 ? undefined : <OutcomeMark outcome="error" text={count(summary.errors, 'error')} />}
      {summary.throttles === 0 ? undefined : (
        <OutcomeMark outcome="throttle" text={count(summary.throttles, 'throttle')} />
      )}
      {model.inProgress ? undefined : <Percentile id={model.id} />}
      {path.reason === undefined ? (
        <CriticalPathList model={model} path={path} goTo={goTo} slowest={slowest} />
      ) : (
        <span>no critical path: {path.reason}</span>
      )}
      {shown < model.count ? (
        <span>
          showing {shown.toLocaleString('en')} of {model.count.toLocaleString('en')}
        </span>
      ) : undefined}
    </>
  )
}

/** How long it took among those like it, where there are enough of them. */
function Percentile({ id }: { readonly id: string }) {
  const { data } = useQuery(percentileQuery(id))
  const said = data === undefined ? undefined : sayPercentile(data)
  return said === undefined ? undefined : (
    <span title={said.title}>
      <bdi>{said.text}</bdi>
    </span>
  )
}

/** How long ago; told again whenever the status of the server is, which is often enough. */
function Age({ seconds }: { readonly seconds: number }) {
  useQuery(statusQuery())
  return <>({formatAge(seconds * 1_000, Date.now())})</>
}

/** Where the trace begins: the first root that is a segment. */
function rootOf(model: TraceModel): number {
  return model.roots.find((node) => hasFlag(model, node, 'segment')) ?? model.roots[0] ?? -1
}

function requestOf(model: TraceModel, root: number): string {
  return (root === -1 ? undefined : (detailOf(model, root) ?? nameOf(model, root))) ?? 'Trace'
}

/** A link to another trace, which opens in place of this one; Back returns. */
export function TraceLink({ id, segment }: { readonly id: string; readonly segment?: string | undefined }) {
  return (
    <Link to="/traces/$id" params={{ id }} search={segment === undefined ? {} : { seg: segment }} className="mono">
      {id}
    </Link>
  )
}
