import { useQuery } from '@tanstack/react-query'
import { Search } from 'lucide-react'
import { useId, useRef, useState, type KeyboardEvent, type RefObject } from 'react'
import { servicesQuery } from '../data/queries.ts'
import { Busy, Offers } from './omnibox-list.tsx'
import { omniboxOffers } from './omnibox-offers.ts'
import styles from './omnibox.module.css'
import { usePreferences } from './preferences.ts'
import { readOmnibox } from './read-omnibox.ts'
import { useOffer } from './use-offer.ts'
import { useShortcuts } from './use-shortcuts.ts'

/** The box that takes anything: ids and headers of traces, services, filters (console §4.3). A combobox with a list. */
export function Omnibox() {
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const box = useOmnibox(input)
  const focus = { label: 'Go to a trace, a service or a filter', run: () => input.current?.focus() }
  useShortcuts('Anywhere', { 'Mod+k': focus, '/': { ...focus, label: 'Filter, find or go to' } })
  const isListed = box.isOpen && box.busy === undefined
  const hasList = isListed && box.offers.length > 0
  return (
    <div className={styles['omnibox']} role="search" aria-label="Go to">
      <Search size={14} aria-hidden="true" className={styles['icon']} />
      <input
        ref={input}
        className={styles['input']}
        role="combobox"
        aria-label="Go to"
        aria-expanded={hasList}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={hasList ? `${id}-${box.chosen}` : undefined}
        placeholder="Trace id, service, filter…"
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        value={box.text}
        onFocus={box.open}
        onBlur={box.close}
        onChange={(event) => {
          box.type(event.target.value)
        }}
        onKeyDown={box.onKeyDown}
      />
      <kbd className={styles['key']} aria-hidden="true">
        {isMac() ? '⌘' : 'Ctrl'} K
      </kbd>
      {box.busy === undefined ? undefined : <Busy said={box.busy} />}
      {isListed ? (
        <Offers id={id} offers={box.offers} chosen={box.chosen} onTake={box.take} onActive={box.choose} />
      ) : undefined}
    </div>
  )
}

/** What is typed, what it can mean, and which of that is chosen. */
function useOmnibox(input: RefObject<HTMLInputElement | null>) {
  const [text, setText] = useState('')
  const [isOpen, setOpen] = useState(false)
  const [active, setActive] = useState(0)
  const { data: services } = useQuery({ ...servicesQuery(), enabled: isOpen })
  const recentTraces = usePreferences((preferences) => preferences.recentTraces)
  const savedQueries = usePreferences((preferences) => preferences.savedQueries)
  const offers = omniboxOffers(readOmnibox(text), services ?? [], { recentTraces, savedQueries })
  const { take, busy, stop } = useOffer(() => {
    setText('')
    input.current?.blur()
  })
  const chosen = Math.min(active, offers.length - 1)

  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const offer = offers[chosen]
    if (step !== undefined) {
      setOpen(true)
      if (isOpen && offers.length > 0) setActive((chosen + step + offers.length) % offers.length)
    } else if (event.key === 'Enter') {
      if (offer !== undefined) take(offer)
    } else if (event.key === 'Escape') {
      if (busy !== undefined) stop()
      else if (text !== '') setText('')
      else input.current?.blur()
    } else return
    event.preventDefault()
  }
  const type = (typed: string): void => {
    setText(typed)
    setActive(0)
    setOpen(true)
    if (busy !== undefined) stop()
  }
  const open = (): void => {
    setOpen(true)
    setActive(0)
    input.current?.select()
  }
  const close = (): void => {
    setOpen(false)
    stop()
  }
  return { text, isOpen, offers, chosen, busy, take, choose: setActive, onKeyDown, type, open, close }
}

function isMac(): boolean {
  return /mac|iphone|ipad/i.test(navigator.userAgent)
}
