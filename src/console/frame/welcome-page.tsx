import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useEffectEvent, useState } from 'react'
import type { OwnStatus } from '../../wire/own/status.ts'
import type { OwnTraceLine } from '../../wire/own/traces.ts'
import { addressOf, ask, askFor } from '../data/ask.ts'
import { statusQuery } from '../data/queries.ts'
import { Button } from './button.tsx'
import { CopyButton } from './copy-button.tsx'
import { PageHeader } from './page-header.tsx'
import { ErrorState, LoadingState, Progress } from './states.tsx'
import { waysToSend } from './ways-to-send.ts'
import styles from './welcome-page.module.css'

/**
 * Instead of a page when nothing was ever received: how to send, and demo traces. It waits for the first segment, and
 * leads to its trace (console §4.11).
 */
export function WelcomePage({ onStart, onEnd }: { readonly onStart: () => void; readonly onEnd: () => void }) {
  const { data: status } = useQuery(statusQuery())
  const navigate = useNavigate()
  const queries = useQueryClient()
  const demo = useDemo()
  const start = useEffectEvent(onStart)
  useEffect(() => {
    start()
  }, [])
  const leave = useEffectEvent(async (): Promise<void> => {
    const first = demo.state === 'idle' ? await firstTrace() : undefined
    await queries.invalidateQueries()
    if (first === undefined) await navigate({ to: '/map', search: { t: '30m' } })
    else await navigate({ to: '/traces/$id', params: { id: first } })
    onEnd()
  })
  const isOver = demo.state === 'done' || (demo.state === 'idle' && status?.hasData === true)
  useEffect(() => {
    if (isOver) void leave()
  }, [isOver])
  if (status === undefined) return <LoadingState label="Loading" />
  return (
    <section className={styles['welcome']}>
      <PageHeader title="Welcome to Radiograph" truth="Nothing has been received yet." documentTitle="Welcome" />
      <div className={styles['body']}>
        <div className={styles['first']}>
          <p className={styles['waiting']} role="status">
            <span className={styles['pulse']} aria-hidden="true" />
            {demo.state === 'busy' ? 'Loading demo traces…' : 'Waiting for the first segment…'}
          </p>
          <p className={styles['or']}>It opens here as soon as it comes. Or look around first:</p>
          <Button kind="primary" isDisabled={demo.state !== 'idle'} onPress={demo.load}>
            Load demo traces
          </Button>
          <p className={styles['or']}>
            The last half hour of a small web shop with a deploy that goes wrong: about 750 traces.
          </p>
          {demo.state === 'busy' ? <Progress label="Loading demo traces" /> : undefined}
        </div>
        {demo.error === undefined ? undefined : <ErrorState error={demo.error} onRetry={demo.load} />}
        <Ways status={status} />
      </div>
    </section>
  )
}

/** How to send, with the addresses of this server. */
function Ways({ status }: { readonly status: OwnStatus }) {
  const reach = { url: addressOf('').replace(/\/$/, ''), udp: status.udp, region: status.region }
  const [seen] = useState(() => ({ now: Date.now() / 1_000, random: randomHex() }))
  return (
    <ol className={styles['ways']} aria-label="Ways to send traces">
      {waysToSend(reach, seen.now, seen.random).map(({ title, about, code }, position) => (
        <li key={title} className={styles['way']}>
          <div className={styles['said']}>
            <h2>{title}</h2>
            <p className={styles['about']}>{about}</p>
          </div>
          <div className={styles['codeBox']}>
            <pre className={styles['code']} tabIndex={0} aria-label={title}>
              {code}
            </pre>
            <CopyButton
              label={`Copy: ${title}`}
              // Each copy makes a trace of its own.
              getText={() => waysToSend(reach, Date.now() / 1_000, randomHex())[position]?.code ?? code}
            />
          </div>
        </li>
      ))}
    </ol>
  )
}

type Demo = {
  readonly state: 'idle' | 'busy' | 'done'
  readonly error: unknown
  readonly load: () => void
}

/** Loads the demo traces once it is told to. */
function useDemo(): Demo {
  const [state, setState] = useState<Demo['state']>('idle')
  const [error, setError] = useState<unknown>()
  const load = (): void => {
    setState('busy')
    setError(undefined)
    ask('api/demo', {}, { method: 'POST' })
      .then(() => {
        setState('done')
      })
      .catch((failure: unknown) => {
        setState('idle')
        setError(failure)
      })
  }
  return { state, error, load }
}

/** The newest trace of the last week. Undefined when there is none, or nobody can say. */
async function firstTrace(): Promise<string | undefined> {
  try {
    const answer = await (await askFor('api/traces', { from: '7d', limit: 1 })).text()
    const line = answer.split('\n').find((text) => text.startsWith('{"type":"trace"'))
    return line === undefined ? undefined : (JSON.parse(line) as OwnTraceLine).Id
  } catch {
    // The map says what is wrong.
    return undefined
  }
}

function randomHex(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(20)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
