import { useQuery } from '@tanstack/react-query'
import { useEffect, useId, useMemo, useRef, useState, type ReactNode } from 'react'
import { Button } from '../frame/button.tsx'
import { groupsQuery } from '../data/queries.ts'
import { windowParameters, type TimeWindow } from '../data/time-window.ts'
import { rememberFilter, usePreferences } from '../frame/preferences.ts'
import type { ConsoleAddress } from './console-address.ts'
import type { CompletionSources } from './find-completions.ts'
import { dialectOf, filterProblem, type FilterProblem } from './filter-problem.ts'
import styles from './filter-box.module.css'
import { FilterText } from './filter-text.tsx'

const HINT = 'Filter, such as service("api") { fault } AND duration > 1'
/** How long somebody has to have stopped typing before being told that it is no filter yet. */
const IDLE_MS = 900

/**
 * The box for a filter expression. `onRun` is called with what can be asked, never with what is no filter; for that the
 * box says why. `value` is the filter that is in force. `onAddress`: an address of AWS's console was pasted.
 */
export function FilterBox({
  value,
  onRun,
  onAddress,
  label,
  window,
  children,
}: {
  readonly value: string
  readonly onRun: (filter: string) => void
  readonly onAddress?: ((address: ConsoleAddress) => void) | undefined
  readonly label: string
  /** Whose traces completions come from. */
  readonly window: TimeWindow
  /** What else can be done with a filter: buttons. */
  readonly children?: ReactNode
}) {
  const [draft, setDraft] = useState(value)
  const [inForce, setInForce] = useState(value)
  if (inForce !== value) {
    setInForce(value)
    setDraft(value)
  }
  const problem = useMemo(() => filterProblem(draft), [draft])
  const [refused, setRefused] = useState<string>()
  const isIdle = useIdle(draft)
  const [isOffering, setOffering] = useState(false)
  const isTold = problem !== undefined && (refused === draft || (isIdle && !isOffering))
  const noteId = useId()
  const sources = useSources(window)
  const run = (text: string): void => {
    const filter = text.trim()
    if (filterProblem(filter) !== undefined) {
      setRefused(text)
      return
    }
    setDraft(filter)
    if (filter !== '') rememberFilter(filter)
    onRun(filter)
  }
  const paste = (address: ConsoleAddress): void => {
    setDraft(address.filter)
    if (onAddress === undefined) run(address.filter)
    else onAddress(address)
  }
  return (
    <div className={styles['box']} role="search" aria-label={label}>
      <div className={styles['line']}>
        <div className={isTold ? `${styles['field']} ${styles['wrong']}` : styles['field']}>
          <FilterText
            text={draft}
            labels={{ label, hint: HINT, describedBy: noteId, isInvalid: isTold }}
            editing={{ onChange: setDraft, onOffer: setOffering, onRun: run, onAddress: paste, sources }}
          />
        </div>
        <div className={styles['buttons']}>
          <Button
            kind={draft.trim() === value.trim() ? 'plain' : 'primary'}
            onPress={() => {
              run(draft)
            }}
          >
            Run
          </Button>
          {children}
        </div>
      </div>
      <FilterNote id={noteId} draft={draft} problem={isTold ? problem : undefined} isAlert={refused === draft} />
    </div>
  )
}

/** One line that is always there, so that nothing moves when it has something to say. */
function FilterNote({
  id,
  draft,
  problem,
  isAlert,
}: {
  readonly id: string
  readonly draft: string
  readonly problem: FilterProblem | undefined
  readonly isAlert: boolean
}) {
  const isExtended = problem === undefined && dialectOf(draft) === 'extended'
  return (
    <p id={id} className={styles['note']}>
      {problem === undefined ? undefined : (
        <span className={styles['problem']} role={isAlert ? 'alert' : undefined}>
          {problem.message}
        </span>
      )}
      {isExtended ? 'Radiograph’s own dialect: AWS’s operations and tools do not read this filter' : undefined}
      {problem === undefined && !isExtended ? (
        <span className={styles['keys']}>
          <kbd>Enter</kbd> runs · <kbd>Shift Enter</kbd> new line · <kbd>Tab</kbd> takes what is offered · <kbd>↑</kbd>{' '}
          earlier filters · <kbd>Esc</kbd> <kbd>Tab</kbd> leaves
        </span>
      ) : undefined}
    </p>
  )
}

function useIdle(draft: string): boolean {
  const [settled, setSettled] = useState(draft)
  useEffect(() => {
    const timer = setTimeout(() => {
      setSettled(draft)
    }, IDLE_MS)
    return () => {
      clearTimeout(timer)
    }
  }, [draft])
  return settled === draft
}

/** Read when a list is made, so that what was run a moment ago is in it. */
function useSources(window: TimeWindow): () => CompletionSources {
  const groups = useQuery(groupsQuery())
  const latest = useRef<() => CompletionSources>(null)
  useEffect(() => {
    latest.current = () => {
      const { recentFilters, savedQueries } = usePreferences.getState()
      const names = (groups.data ?? []).map((group) => group.GroupName)
      return { span: windowParameters(window), groups: names, recent: recentFilters, saved: savedQueries }
    }
  })
  return () => latest.current?.() ?? { span: windowParameters(window), groups: [], recent: [], saved: [] }
}

/** Puts the cursor into the box that is on the page, if there is one: what the key `/` does. */
export function focusFilterBox(): void {
  document.querySelector<HTMLElement>('[role=search] [role=textbox], [role=search] textarea')?.focus()
}
