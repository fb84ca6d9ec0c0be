import type { KeyboardEvent, ReactNode } from 'react'
import styles from './view-tabs.module.css'

/** One of several things to look at. */
export type ViewTab<Id extends string> = {
  readonly id: Id
  readonly label: string
  /** How many are in it; shown when there are any. */
  readonly count?: number | undefined
}

/**
 * Tabs by the ARIA pattern: one of them is in the order of the Tab key, arrows choose among them. `name` tells them from
 * other tabs of the page.
 */
export function ViewTabs<Id extends string>({
  name,
  label,
  tabs,
  value,
  onChange,
}: {
  readonly name: string
  readonly label: string
  readonly tabs: readonly ViewTab<Id>[]
  readonly value: Id
  readonly onChange: (id: Id) => void
}) {
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = tabs.findIndex(({ id }) => id === value)
    const wanted = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key]
    const next = wanted === undefined ? undefined : tabs.at(wanted % tabs.length)
    if (next === undefined) return
    event.preventDefault()
    event.stopPropagation()
    onChange(next.id)
    document.getElementById(tabId(name, next.id))?.focus()
  }
  return (
    <div role="tablist" aria-label={label} className={styles['tabs']} onKeyDown={onKeyDown}>
      {tabs.map(({ id, label: said, count }) => (
        <button
          key={id}
          type="button"
          role="tab"
          id={tabId(name, id)}
          aria-selected={id === value}
          aria-controls={id === value ? panelId(name) : undefined}
          tabIndex={id === value ? 0 : -1}
          className={styles['tab']}
          data-label={count === undefined || count === 0 ? said : `${said} ${count}`}
          onClick={() => {
            onChange(id)
          }}
        >
          {said}
          {count === undefined || count === 0 ? undefined : <span className={styles['count']}>{count}</span>}
        </button>
      ))}
    </div>
  )
}

/** What the chosen tab shows. */
export function ViewPanel({
  name,
  id,
  className,
  children,
}: {
  readonly name: string
  readonly id: string
  readonly className?: string | undefined
  readonly children: ReactNode
}) {
  return (
    <div role="tabpanel" id={panelId(name)} aria-labelledby={tabId(name, id)} className={className}>
      {children}
    </div>
  )
}

const tabId = (name: string, id: string): string => `${name}-tab-${id}`
const panelId = (name: string): string => `${name}-panel`
