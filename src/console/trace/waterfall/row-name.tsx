import { ChevronRight } from 'lucide-react'
import { memo } from 'react'
import { OutcomeMark } from '../../words/outcome-mark.tsx'
import { ROW, type Rows } from '../model/rows.ts'
import {
  detailOf,
  hasFlag,
  isProblem,
  nameOf,
  outcomeOfNode,
  serviceOf,
  statusOf,
  type TraceModel,
} from '../model/trace-model.ts'
import type { NameContext } from './row-context.ts'
import { chainNames } from './row-words.ts'
import styles from './waterfall-row.module.css'

/** The left part of a row: how deep it is, what it is, how it went. */
export const RowName = memo(function RowName({
  context,
  row,
}: {
  readonly context: NameContext
  readonly row: number
}) {
  const { rows } = context
  const expanded = rows.expanded[row] ?? -1
  const level = Math.min((rows.level[row] ?? 1) - 1, DEEPEST)
  return (
    <>
      <span className={styles['guides']} style={{ '--indent': level }} aria-hidden="true" />
      {expanded === -1 ? (
        <span className={styles['noDisclosure']} />
      ) : (
        <button
          type="button"
          tabIndex={-1}
          className={`${styles['disclosure']} ${expanded === 1 ? styles['expanded'] : ''}`}
          aria-label={expanded === 1 ? 'Close' : 'Open'}
          onClick={(event) => {
            event.stopPropagation()
            context.act.toggle(row)
          }}
        >
          <Chevron />
        </button>
      )}
      {deeper(rows, row)}
      <RowWords context={context} row={row} />
    </>
  )
})

const Chevron = memo(function Chevron() {
  return <ChevronRight size={14} aria-hidden="true" />
})

/** Levels beyond are drawn at the same place, and say how deep they are. */
const DEEPEST = 16

function deeper(rows: Rows, row: number) {
  const level = (rows.level[row] ?? 1) - 1
  return level > DEEPEST ? <span className={styles['deep']}>{level + 1}</span> : undefined
}

function RowWords({ context, row }: { readonly context: NameContext; readonly row: number }) {
  const { model, rows } = context
  const node = rows.node[row] ?? -1
  const value = rows.value[row] ?? 0
  switch (rows.kind[row]) {
    case ROW.more:
      return (
        <span className={styles['quietWords']}>
          <b>{value.toLocaleString('en')} more</b> · show the next 100
        </span>
      )
    case ROW.gap:
      return <span className={styles['quietWords']}>· {value.toLocaleString('en')} hidden by find ·</span>
    case ROW.missing:
      return <MissingWords parentId={model.missingParents.get(node) ?? ''} />
    case ROW.repeat: {
      const group = rows.view.fold.repeats.groups[value]
      return (
        <>
          <NodeWords model={model} node={node} times={group?.members.length} />
          <Below context={context} node={node} count={group?.problems ?? 0} />
        </>
      )
    }
    default:
      return (
        <>
          <NodeWords model={model} node={node} first={rows.kind[row] === ROW.chain ? value : undefined} />
          {rows.kind[row] === ROW.chain ? <Unfold context={context} head={value} count={node - value} /> : undefined}
          <Below context={context} node={node} count={expandedCount(context, row)} />
          <Outcome model={model} node={node} />
        </>
      )
  }
}

/** Problems below are worth a mark; those that their own rows show are, too, since they may be far down. */
function expandedCount({ model, rows }: NameContext, row: number): number {
  return model.problems[rows.node[row] ?? -1] ?? 0
}

function NodeWords({
  model,
  node,
  first,
  times,
}: {
  readonly model: TraceModel
  readonly node: number
  /** Of a chain of wrappers, its first. */
  readonly first?: number | undefined
  /** Of repeats, how many. */
  readonly times?: number | undefined
}) {
  const service = serviceOf(model, node)
  const detail = detailOf(model, node)
  const name = first === undefined ? nameOf(model, node) : chainNames(model, first, node).join(' › ')
  const kind = hasFlag(model, node, 'inferred') ? 'inferred' : hasFlag(model, node, 'hasLinks') ? 'linked' : undefined
  return (
    <>
      <span className={styles['badge']} title={service?.name} aria-hidden="true">
        {service?.badge ?? '?'}
      </span>
      <span className={styles['words']}>
        <bdi className={hasFlag(model, node, 'segment') ? styles['segment'] : styles['operation']}>{name}</bdi>
        {times === undefined ? undefined : <b className={styles['times']}>×{times.toLocaleString('en')}</b>}
        {detail === undefined ? undefined : <bdi className={styles['detail']}>{detail}</bdi>}
        {kind === undefined ? undefined : <span className={styles['tag']}>{kind}</span>}
      </span>
    </>
  )
}

function Outcome({ model, node }: { readonly model: TraceModel; readonly node: number }) {
  const status = statusOf(model, node)
  if (hasFlag(model, node, 'inProgress') && !isProblem(model, node)) {
    return <span className={styles['going']}>in progress</span>
  }
  if (!isProblem(model, node)) {
    return status === undefined ? undefined : <span className={styles['status']}>{status}</span>
  }
  return (
    <span className={styles['outcome']}>
      <OutcomeMark
        outcome={outcomeOfNode(model, node)}
        text={status === undefined ? undefined : String(status)}
        isShort={status === undefined}
      />
    </span>
  )
}

/** A hollow mark and how many problems are below; it leads to the first. */
function Below({
  context,
  node,
  count,
}: {
  readonly context: NameContext
  readonly node: number
  readonly count: number
}) {
  if (count === 0) return undefined
  const label = `${count} ${count === 1 ? 'problem' : 'problems'} below: go to the first`
  return (
    <button
      type="button"
      tabIndex={-1}
      className={styles['below']}
      aria-label={label}
      title={label}
      onClick={(event) => {
        event.stopPropagation()
        context.act.openProblem(node)
      }}
    >
      <span aria-hidden="true">◇</span>
      {count.toLocaleString('en')}
    </button>
  )
}

/** Shows wrappers, which did nothing but call the next one, in rows of their own. */
function Unfold({
  context,
  head,
  count,
}: {
  readonly context: NameContext
  readonly head: number
  readonly count: number
}) {
  const label = `${count} ${count === 1 ? 'wrapper' : 'wrappers'} folded: show ${count === 1 ? 'it' : 'them'}`
  return (
    <button
      type="button"
      tabIndex={-1}
      className={styles['unfold']}
      aria-label={label}
      title={label}
      onClick={(event) => {
        event.stopPropagation()
        context.act.openChain(head)
      }}
    >
      +{count}
    </button>
  )
}

const REASONS =
  'Not sent yet, sent with another trace id, not sampled by its service, turned away, or gone after the time that traces are kept.'

function MissingWords({ parentId }: { readonly parentId: string }) {
  return (
    <>
      <span className={styles['question']} aria-hidden="true">
        ?
      </span>
      <span className={styles['words']} title={REASONS}>
        <span className={styles['operation']}>Missing parent</span>
        <span className={`mono ${styles['detail']}`}>{parentId}</span>
        <span className={styles['detail']}>{REASONS}</span>
      </span>
    </>
  )
}
