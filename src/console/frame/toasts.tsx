import { useEffect } from 'react'
import { create } from 'zustand'
import styles from './toasts.module.css'

type Toast = { readonly id: number; readonly text: string }
const useToasts = create<{ readonly toasts: readonly Toast[]; readonly said: string }>(() => ({ toasts: [], said: '' }))
let lastId = 0

/** How long a toast stays. */
const TOAST_MS = 6_000
/** Screen readers are told at most this often; of what comes faster, the last. */
const SAID_MS = 1_000

/** Tells what was done, in a corner, for a few seconds; screen readers say it when they have nothing better to say. */
export function notify(text: string): void {
  lastId += 1
  const toast = { id: lastId, text }
  useToasts.setState(({ toasts }) => ({ toasts: [...toasts.filter((other) => other.text !== text), toast].slice(-3) }))
}

let waiting: { text: string } | undefined

/** Tells screen readers alone. */
export function announce(text: string): void {
  if (waiting !== undefined) {
    waiting.text = text
    return
  }
  const told = { text }
  waiting = told
  setTimeout(() => {
    waiting = undefined
    // The same words twice are a change only when something about them is.
    useToasts.setState(({ said }) => ({ said: said === told.text ? `${told.text}\u00a0` : told.text }))
  }, SAID_MS)
}

function dismiss(id: number): void {
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }))
}

/** Where toasts and announcements come to be; once in the page. */
export function Toasts() {
  const { toasts, said } = useToasts()
  return (
    <>
      <div className={styles['toasts']} role="status" aria-live="polite" aria-label="Messages">
        {toasts.map((toast) => (
          <ToastText key={toast.id} toast={toast} />
        ))}
      </div>
      <div className="visually-hidden" role="log" aria-live="polite" aria-label="Announcements">
        {said}
      </div>
    </>
  )
}

function ToastText({ toast }: { readonly toast: Toast }) {
  const { id } = toast
  useEffect(() => {
    const timer = setTimeout(() => {
      dismiss(id)
    }, TOAST_MS)
    return () => {
      clearTimeout(timer)
    }
  }, [id])
  return <p className={styles['toast']}>{toast.text}</p>
}
