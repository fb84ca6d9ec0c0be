import { useNavigate, useSearch } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import type { OwnGraph } from '../../wire/own/graph.ts'
import { ask } from '../data/ask.ts'
import { findSegment, MOST_TRACES } from '../data/find-segment.ts'
import { windowOf, windowParameters } from '../data/time-window.ts'
import { carrySearch } from './carry-search.ts'
import type { Offer } from './omnibox-offers.ts'
import { notify } from './toasts.tsx'

/** How the omnibox does what it offers. */
export type DoesOffers = {
  readonly take: (offer: Offer) => void
  /** What it is busy with; undefined when it is not. */
  readonly busy: string | undefined
  /** Gives up what it is busy with. */
  readonly stop: () => void
}

/** Does what the omnibox offers, and says what cannot be done. `onDone` is called when the page has changed. */
export function useOffer(onDone: () => void): DoesOffers {
  const navigate = useNavigate()
  const search = useSearch({ strict: false })
  const [busy, setBusy] = useState<string>()
  const work = useRef<AbortController>(undefined)
  const carried = carrySearch(search)

  const openTrace = (id: string, seg: string | undefined): void => {
    void navigate({ to: '/traces/$id', params: { id }, search: { ...carried, q: undefined, seg } })
    onDone()
  }
  const lookForSegment = async (segment: string, signal: AbortSignal): Promise<void> => {
    const trace = await findSegment(segment, signal, (looked, all) => {
      setBusy(`Looked into ${looked} of ${all} traces…`)
    })
    if (trace !== undefined) openTrace(trace, segment)
    else notify(`No segment ${segment} in the newest ${MOST_TRACES} traces of the last 24 hours`)
  }
  const showService = async (name: string, signal: AbortSignal): Promise<void> => {
    const here = await nodeOf(name, windowParameters(windowOf(search.t)), signal)
    const lately = here ?? (await nodeOf(name, { from: '24h' }, signal))
    if (lately === undefined) {
      notify(`${name} was not seen in the last 24 hours`)
      return
    }
    if (here === undefined) notify(`${name} was not seen in that time: this is the last day`)
    void navigate({
      to: '/map',
      search: { ...carried, focus: lately, sel: `n:${lately}`, ...(here === undefined ? { t: '24h' } : {}) },
    })
    onDone()
  }
  const doSlowly = (said: string, job: (signal: AbortSignal) => Promise<void>): void => {
    work.current?.abort()
    const controller = new AbortController()
    work.current = controller
    setBusy(said)
    job(controller.signal)
      .catch((error: unknown) => {
        if (!controller.signal.aborted) notify(error instanceof Error ? error.message : String(error))
      })
      .finally(() => {
        if (work.current === controller) setBusy(undefined)
      })
  }
  const take = ({ action }: Offer): void => {
    if (action.kind === 'trace') openTrace(action.id, action.segment)
    else if (action.kind === 'segment')
      doSlowly('Looking for the segment…', (signal) => lookForSegment(action.id, signal))
    else if (action.kind === 'service')
      doSlowly('Looking for the service…', (signal) => showService(action.name, signal))
    else {
      void navigate({ to: '/traces', search: { ...carried, q: action.filter } })
      onDone()
    }
  }
  const stop = (): void => {
    work.current?.abort()
    work.current = undefined
    setBusy(undefined)
  }
  return { take, busy, stop }
}

/** The key of the node that has this name, in the map of that time. */
async function nodeOf(
  name: string,
  time: { readonly from: string; readonly to?: string },
  signal: AbortSignal,
): Promise<string | undefined> {
  const { nodes } = await ask<OwnGraph>('api/graph', time, { signal })
  const ofThatName = nodes.filter((node) => !node.client && (node.name === name || node.names.includes(name)))
  return (ofThatName.find(({ active }) => active) ?? ofThatName[0])?.key
}
