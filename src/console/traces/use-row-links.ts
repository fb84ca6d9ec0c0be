import { useRouter } from '@tanstack/react-router'
import { useMemo, type MouseEvent } from 'react'
import { useSteady } from './use-steady.ts'

/** Where rows lead, and what happens when one is pressed. */
export type RowLinks = {
  readonly hrefOf: (id: string) => string
  readonly onClick: (event: MouseEvent) => void
  readonly preload: () => void
}

/** Stands for the id in a link that is made once for all rows: making each by the router takes longer than drawing it. */
const ID = '1-00000000-000000000000000000000000'

/**
 * All of a row is its link. Cells that have tooltips lie above the link, so that pressing those is seen to here, in the
 * same ways: here, or with a middle button or a modifier in a new tab.
 */
export function useRowLinks(
  search: { readonly t?: string; readonly g?: string },
  positions: ReadonlyMap<string, number>,
  onOpen: (index: number) => void,
): RowLinks {
  const router = useRouter()
  const template = useMemo(
    () => router.buildLocation({ to: '/traces/$id', params: { id: ID }, search }).href,
    [router, search],
  )
  const hrefOf = useMemo(() => {
    const [before = '', after = ''] = router.history.createHref(template).split(ID)
    return (id: string) => `${before}${encodeURIComponent(id)}${after}`
  }, [router, template])
  const onClick = useSteady((event: MouseEvent) => {
    const target = event.target instanceof Element ? event.target : undefined
    const id = rowIdOf(event.target)
    if (id === undefined || event.button > 1 || target?.closest('label') !== null) return
    onOpen(positions.get(id) ?? 0)
    const isElsewhere = event.button === 1 || event.ctrlKey || event.metaKey || event.shiftKey
    const isOnLink = target.closest('a') !== null
    if (isElsewhere) {
      if (!isOnLink) window.open(hrefOf(id), '_blank', 'noopener')
      return
    }
    // Who has just selected text in a cell wants the text.
    if (!isOnLink && getSelection()?.isCollapsed === false) return
    event.preventDefault()
    void router.navigate({ to: '/traces/$id', params: { id }, search })
  })
  const preload = useSteady(() => {
    const first = positions.keys().next().value
    if (first !== undefined) void router.loadRouteChunk(router.routesById['/traces/$id'])
  })
  return { hrefOf, onClick, preload }
}

/** The trace whose row an element is in. */
export function rowIdOf(target: EventTarget): string | undefined {
  const row = target instanceof Element ? target.closest('[data-row]') : null
  return row?.getAttribute('data-row') ?? undefined
}
