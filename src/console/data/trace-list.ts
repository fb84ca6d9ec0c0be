import { create } from 'zustand'

/** The list that led to a trace. */
export type TraceList = {
  /** In the order in which they were listed. */
  readonly ids: readonly string[]
  /** The URL's parameters of the list, so that one can go back to it. */
  readonly query: { readonly [name: string]: string | undefined }
  /** Of the trace that was opened last. */
  readonly position: number
}

/** The list that was looked at last; empty when a trace was opened by its address. */
export const useTraceList = create<TraceList>(() => ({ ids: [], query: {}, position: -1 }))

/** Remembers a list, of which a trace is being opened. */
export function rememberList(list: TraceList): void {
  useTraceList.setState(list)
}

/** What stands before and after a trace in a list, and its place, from 0; undefined when it is not in it. */
export function neighboursIn(
  list: Pick<TraceList, 'ids'>,
  id: string,
):
  | { readonly previous?: string; readonly next?: string; readonly position: number; readonly count: number }
  | undefined {
  const position = list.ids.indexOf(id)
  if (position === -1) return undefined
  const [previous, next] = [list.ids[position - 1], list.ids[position + 1]]
  return {
    position,
    count: list.ids.length,
    ...(previous === undefined ? {} : { previous }),
    ...(next === undefined ? {} : { next }),
  }
}
