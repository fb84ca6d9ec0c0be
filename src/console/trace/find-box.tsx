import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { AskError } from '../data/ask.ts'
import { Button } from '../frame/button.tsx'
import { announce } from '../frame/toasts.tsx'
import { useShortcuts } from '../frame/use-shortcuts.ts'
import styles from './trace-views.module.css'
import { useDraft } from './use-draft.ts'
import { stepMatch } from './use-steps.ts'
import type { TraceState } from './use-trace-view.ts'

/** Finds words, or what a filter expression is true of, and leads from match to match (console §4.6.4). */
export function FindBox({ view }: { readonly view: TraceState }) {
  const { find, url } = view
  const field = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useDraft(url.search.find, url.search.find ?? '', (text) => {
    url.change({ find: text === '' ? undefined : text })
  })
  useShortcuts('Trace', {
    '/': {
      label: 'Find in the trace',
      run: () => {
        field.current?.select()
        field.current?.focus()
      },
    },
  })
  const said = wordsOf(view)
  useEffect(() => {
    if (said !== '' && !find.isLooking) announce(said)
  }, [said, find.isLooking])
  const isNone = find.count === 0
  return (
    <div className={styles['find']} role="search" aria-label="Find">
      <input
        ref={field}
        type="search"
        className={styles['findField']}
        aria-label="Find in the trace"
        placeholder="Find words, or duration > 0.1"
        spellCheck={false}
        autoComplete="off"
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value)
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') stepMatch(view, event.shiftKey ? 'previous' : 'next', false)
          else if (event.key === 'Escape' && typed !== '') setTyped('')
          else return
          event.preventDefault()
          event.stopPropagation()
        }}
      />
      {find.kind === 'nothing' ? undefined : (
        <>
          <span className={`${styles['findCount']} ${find.error === null ? '' : styles['findError']}`}>{said}</span>
          <Button
            kind="quiet"
            label="Previous match"
            isDisabled={isNone}
            onPress={() => {
              stepMatch(view, 'previous', false)
            }}
          >
            <ChevronLeft size={14} aria-hidden="true" />
          </Button>
          <Button
            kind="quiet"
            label="Next match"
            isDisabled={isNone}
            onPress={() => {
              stepMatch(view, 'next', false)
            }}
          >
            <ChevronRight size={14} aria-hidden="true" />
          </Button>
          <label className={styles['only']}>
            <input
              type="checkbox"
              checked={url.search.only === '1'}
              onChange={(event) => {
                url.change({ only: event.target.checked ? '1' : undefined })
              }}
            />
            only matches
          </label>
        </>
      )}
    </div>
  )
}

/** `3 of 17`: which match the focus is on, and of how many. */
function wordsOf({ find, focusNode }: TraceState): string {
  if (find.kind === 'nothing') return ''
  if (find.error !== null) {
    return find.error instanceof AskError && find.error.status === 400 ? find.error.message : 'cannot look'
  }
  const count = find.count.toLocaleString('en')
  const more = find.isLooking ? ' …' : ''
  const { matches } = find
  if (matches === undefined || matches[focusNode] !== 1)
    return `${count} ${find.count === 1 ? 'match' : 'matches'}${more}`
  let position = 0
  for (let node = 0; node <= focusNode; node++) position += matches[node] ?? 0
  return `${position.toLocaleString('en')} of ${count}${more}`
}
