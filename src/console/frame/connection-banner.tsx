import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useState } from 'react'
import { AskError } from '../data/ask.ts'
import { statusQuery } from '../data/queries.ts'
import { formatAge } from '../words/format-time.ts'
import { TimeText } from '../words/time-text.tsx'
import styles from './connection-banner.module.css'
import { Button } from './button.tsx'
import { refresh } from './refresh.ts'
import { Notice } from './states.tsx'

/** What a gateway says in the server's place. */
const NOT_THE_SERVER = [0, 502, 503, 504]

/** Says that the server does not answer, and how old is what the page shows. All is asked again when it is back. */
export function ConnectionBanner() {
  const { error, dataUpdatedAt, refetch } = useQuery(statusQuery())
  const queries = useQueryClient()
  const isAway = error instanceof AskError && NOT_THE_SERVER.includes(error.status)
  const nowMs = useNow(isAway)
  const onBack = useEffectEvent(() => {
    refresh()
    void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'status' })
  })
  useEffect(() => {
    if (!isAway) return
    return () => {
      onBack()
    }
  }, [isAway])
  if (!isAway) return undefined
  return (
    <Notice kind="warning">
      <div className={styles['banner']}>
        {dataUpdatedAt === 0 ? (
          <span>The server does not answer.</span>
        ) : (
          <span>
            The server does not answer since <TimeText seconds={dataUpdatedAt / 1_000} isTimeOfDay /> (
            {formatAge(dataUpdatedAt, Math.max(nowMs, dataUpdatedAt))}). What is shown is at least that old.
          </span>
        )}
        <Button
          onPress={() => {
            void refetch()
          }}
        >
          Ask again
        </Button>
      </div>
    </Notice>
  )
}

/** The time, every second while somebody looks at it. */
function useNow(isOn: boolean): number {
  const [nowMs, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (!isOn) return
    const timer = setInterval(() => {
      setNow(Date.now())
    }, 1_000)
    return () => {
      clearInterval(timer)
    }
  }, [isOn])
  return nowMs
}
