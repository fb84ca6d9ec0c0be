import { Link } from '@tanstack/react-router'
import { useEffect } from 'react'
import { traceIdEpochSeconds, type TraceId } from '../../model/ids.ts'
import { Button } from '../frame/button.tsx'
import { EmptyState } from '../frame/states.tsx'
import { formatAge } from '../words/format-time.ts'
import { TimeText } from '../words/time-text.tsx'
import styles from './trace-page.module.css'

/** Ids of X-Ray's SDKs begin with a time; of others, that part may be anything. */
const DAY_SECONDS = 86_400
const BEFORE_SECONDS = 10 * 365 * DAY_SECONDS

/** That there is no such trace: what was asked for, when its id was made, and where else to look. */
export function NoSuchTrace({
  text,
  id,
  onRetry,
}: {
  readonly text: string
  readonly id?: TraceId | string | undefined
  readonly onRetry?: (() => void) | undefined
}) {
  useEffect(() => {
    document.title = 'No such trace – Radiograph'
  }, [])
  const made = id === undefined ? undefined : madeAt(id)
  return (
    <div className={styles['state']}>
      <h1>{id === undefined ? 'This is not a trace id' : 'There is no such trace'}</h1>
      <p className={`mono ${styles['echo']}`} dir="auto">
        {text}
      </p>
      {id === undefined ? (
        <p>
          A trace id is <code>1-</code>, 8 hex digits, <code>-</code> and 24 hex digits, or 32 hex digits as W3C writes
          them.
        </p>
      ) : (
        <EmptyState title="Nothing is stored under this id">
          {made === undefined ? (
            <p>It does not begin with a time, so there is no telling when it was made.</p>
          ) : (
            <p>
              This id was made {formatAge(made * 1_000, Date.now())}, at <TimeText seconds={made} />. It may be older
              than what is kept, not have been sampled, or still be on its way.
            </p>
          )}
        </EmptyState>
      )}
      <p className={styles['doors']}>
        {onRetry === undefined ? undefined : <Button onPress={onRetry}>Look again</Button>}
        {made === undefined ? undefined : (
          <Link to="/traces" search={{ t: aroundTime(made) }}>
            Traces of the ten minutes around that time
          </Link>
        )}
        <Link to="/traces" search={{}}>
          Traces of the last 15 minutes
        </Link>
      </p>
    </div>
  )
}

/** Epoch seconds; undefined where the digits are no time that a trace could have. */
function madeAt(id: string): number | undefined {
  // The id was read by readTraceId, which is what makes one.
  const seconds = traceIdEpochSeconds(id as TraceId)
  const now = Date.now() / 1_000
  return seconds < now + DAY_SECONDS && seconds > now - BEFORE_SECONDS ? seconds : undefined
}

function aroundTime(seconds: number): string {
  const iso = (at: number) => new Date(at * 1_000).toISOString()
  return `${iso(seconds - 300)}~${iso(seconds + 300)}`
}
