import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTraceList } from '../../data/trace-list.ts'
import { withClause } from './value-clause.ts'

/** Opens the list of traces with one clause more than the filter that led here. */
export function usePutClause(): (clause: string, isWanted: boolean) => void {
  const { t, g, q } = useSearch({ from: '/traces/$id' })
  const list = useTraceList(({ query }) => query)
  const navigate = useNavigate()
  return (clause, isWanted) => {
    const search = { t: t ?? list['t'], g: g ?? list['g'], q: withClause(q ?? list['q'], clause, isWanted) }
    const known = Object.entries(search).filter((entry): entry is [string, string] => entry[1] !== undefined)
    void navigate({ to: '/traces', search: Object.fromEntries(known) })
  }
}
