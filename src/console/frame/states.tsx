import { CatchBoundary } from '@tanstack/react-router'
import { CircleAlert, Info, RotateCw, TriangleAlert } from 'lucide-react'
import { useEffect, useState, type ReactNode } from 'react'
import { AskError } from '../data/ask.ts'
import { Button } from './button.tsx'
import { CopyButton } from './copy-button.tsx'
import styles from './states.module.css'

/** The shape of what is to come, for the first load alone; it shows after 150 ms, so that quick answers do not flicker. */
export function LoadingState({ label, rows = 6 }: { readonly label: string; readonly rows?: number }) {
  return (
    <div className={styles['loading']} role="status">
      <span className="visually-hidden">{label}</span>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className={styles['bone']} style={{ width: `${95 - ((row * 37) % 50)}%` }} />
      ))}
    </div>
  )
}

/** What went wrong, in the server's own words; the rest of the page goes on. */
export function ErrorState({
  error,
  onRetry,
}: {
  readonly error: unknown
  readonly onRetry?: (() => void) | undefined
}) {
  const told = wordsOf(error)
  return (
    <div className={styles['error']} role="alert">
      <p className={styles['errorTitle']}>
        <CircleAlert size={16} aria-hidden="true" /> {told.title}
      </p>
      <p className={styles['message']} dir="auto">
        {told.message}
      </p>
      {told.facts === '' ? undefined : <p className={styles['facts']}>{told.facts}</p>}
      <div className={styles['actions']}>
        {onRetry === undefined ? undefined : (
          <Button onPress={onRetry}>
            <RotateCw size={14} aria-hidden="true" /> Retry
          </Button>
        )}
        <CopyButton
          label="Copy details"
          isIconOnly={false}
          text={`${told.title}\n${told.message}\n${told.facts}`.trim()}
        />
      </div>
    </div>
  )
}

function wordsOf(error: unknown): { readonly title: string; readonly message: string; readonly facts: string } {
  if (error instanceof AskError) {
    const title = error.status === 0 ? 'No answer' : error.type
    const request = error.requestId === undefined ? '' : ` · request ${error.requestId}`
    return { title, message: error.message, facts: `/${error.path.replace(/^\//, '')}${request}` }
  }
  const message = error instanceof Error ? error.message : String(error)
  return { title: 'This part of the page failed', message, facts: '' }
}

/** That there is nothing, and what can be done about it. */
export function EmptyState({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className={styles['empty']}>
      <h2>{title}</h2>
      {children}
    </div>
  )
}

/** A quiet strip: what the viewer should know about what is shown. */
export function Notice({ kind, children }: { readonly kind: 'info' | 'warning'; readonly children: ReactNode }) {
  const Icon = kind === 'info' ? Info : TriangleAlert
  return (
    <div className={`${styles['notice']} ${styles[kind]}`} role="note">
      <Icon size={16} aria-hidden="true" />
      <div>{children}</div>
    </div>
  )
}

/** A thin bar: `share` from 0 to 1 of the work is done; without it, work goes on and nobody knows how much. */
export function Progress({ share, label }: { readonly share?: number | undefined; readonly label: string }) {
  const percent = share === undefined ? undefined : Math.round(Math.min(1, Math.max(0, share)) * 100)
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
      className={styles['progress']}
    >
      <div
        className={percent === undefined ? styles['running'] : styles['done']}
        style={percent === undefined ? {} : { transform: `scaleX(${percent / 100})` }}
      />
    </div>
  )
}

/** Keeps what fails within it from taking the page along. `resetKey`: another value tries again. */
export function PanelBoundary({
  children,
  resetKey = '',
}: {
  readonly children: ReactNode
  readonly resetKey?: string
}) {
  return (
    <CatchBoundary getResetKey={() => resetKey} errorComponent={BoundaryError}>
      {children}
    </CatchBoundary>
  )
}

function BoundaryError({ error, reset }: { readonly error: unknown; readonly reset: () => void }) {
  return <ErrorState error={error} onRetry={reset} />
}

/** True from the moment that something has lasted so long. */
export function useLasting(isOn: boolean, ms: number): boolean {
  const [lasts, setLasts] = useState(false)
  useEffect(() => {
    if (!isOn) return
    const timer = setTimeout(() => {
      setLasts(true)
    }, ms)
    return () => {
      clearTimeout(timer)
      setLasts(false)
    }
  }, [isOn, ms])
  return isOn && lasts
}
