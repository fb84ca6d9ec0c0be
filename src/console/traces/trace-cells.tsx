import { RefreshCw } from 'lucide-react'
import type { RowService, TraceRow } from '../data/trace-row.ts'
import { formatDuration } from '../words/format-duration.ts'
import { OutcomeMark } from '../words/outcome-mark.tsx'
import { OUTCOME_MARKS } from '../words/outcome.ts'
import styles from './traces-table.module.css'
import { requestText, shortened } from './request-text.ts'
import type { ListColumn } from './list-columns.ts'

/** How it went: mark and HTTP status, or the word where there was no status. */
export function StatusCell({ row }: { readonly row: TraceRow }) {
  const text = row.status === undefined ? undefined : `${row.status}`
  return row.inProgress && row.outcome === 'ok' && text === undefined ? (
    <span className={styles['muted']}>—</span>
  ) : (
    <OutcomeMark outcome={row.outcome} text={text} />
  )
}

/** How long it took, and a bar relative to the longest of the list. */
export function DurationCell({ row, longest }: { readonly row: TraceRow; readonly longest: number }) {
  const share = longest === 0 ? 0 : Math.min(1, row.duration / longest)
  return (
    <>
      <span aria-hidden="true" className={styles['barTrack']}>
        <span
          className={`${styles['bar']} ${row.inProgress ? styles['running'] : ''}`}
          style={{ width: `${Math.max(share * 100, 2)}%` }}
        />
      </span>
      <span className={`mono ${styles['number']}`}>{formatDuration(row.duration)}</span>
      <span className={styles['progress']}>
        {row.inProgress ? (
          <>
            <RefreshCw size={12} aria-hidden="true" />
            <span className="visually-hidden">, in progress</span>
          </>
        ) : undefined}
      </span>
    </>
  )
}

/** What was asked: method, host dimmed, path; where it began, when nothing was. */
export function RequestText({ row }: { readonly row: TraceRow }) {
  const { host, path, query } = requestText(row.url)
  if (row.url === '') {
    return (
      <span className={styles['request']}>
        {row.method === '' ? undefined : <span className={styles['method']}>{row.method}</span>}
        <bdi>{row.entry === '' ? row.id : shortened(row.entry, 120)}</bdi>
      </span>
    )
  }
  return (
    <span className={styles['request']}>
      <span className={styles['method']}>{row.method}</span>
      {host === '' ? undefined : <bdi className={styles['host']}>{shortened(host, 32)}</bdi>}
      <bdi className={styles['path']}>{shortened(path, 90)}</bdi>
      {query === '' ? undefined : <bdi className={styles['muted']}>{shortened(query, 40)}</bdi>}
    </span>
  )
}

const MOST_PILLS = 3

/** The services that it touched; those where something began to go wrong are marked, and never left out. */
export function ServicePills({ services }: { readonly services: readonly RowService[] }) {
  const shown = pillsOf(services)
  const rest = services.filter((service) => !shown.includes(service))
  return (
    <span className={styles['pills']}>
      {shown.map((service) => (
        <span
          key={service.name}
          className={styles['pill']}
          // Where there is no room, long names give way.
          style={service.name.length > 9 ? { flexShrink: 1, minWidth: 64 } : { flexShrink: 0 }}
          title={[service.name, service.type].filter((part) => part !== '').join(' · ')}
        >
          <bdi>{shortened(service.name, 18)}</bdi>
          {service.cause === undefined ? undefined : (
            <span className={styles[service.cause]}>
              <span aria-hidden="true">{OUTCOME_MARKS[service.cause].mark}</span>
              <span className="visually-hidden">{OUTCOME_MARKS[service.cause].word} began here</span>
            </span>
          )}
        </span>
      ))}
      {rest.length === 0 ? undefined : (
        <span className={styles['rest']} title={rest.map(({ name }) => name).join('\n')}>
          +{rest.length}
        </span>
      )}
    </span>
  )
}

function pillsOf(services: readonly RowService[]): readonly RowService[] {
  const marked = services.filter((service) => service.cause !== undefined).slice(0, MOST_PILLS)
  const others = services.filter((service) => service.cause === undefined).slice(0, MOST_PILLS - marked.length)
  return services.filter((service) => marked.includes(service) || others.includes(service))
}

/** What a chosen column says of a trace. */
export function columnText(row: TraceRow, column: Exclude<ListColumn, 'services'>): string {
  switch (column) {
    case 'segments':
      return row.segments.toLocaleString('en')
    case 'user':
      return row.users.join(', ')
    case 'ip':
      return row.clientIp
    case 'agent':
      return row.userAgent
    case 'response':
      return row.responseTime === undefined ? '—' : formatDuration(row.responseTime)
    case 'cause':
      return row.cause
    case 'id':
      return row.id
    default: {
      const key = column.slice('annotation.'.length)
      return row.annotations.find(([name]) => name === key)?.[1] ?? ''
    }
  }
}
