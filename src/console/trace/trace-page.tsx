import { useQuery } from '@tanstack/react-query'
import { Navigate } from '@tanstack/react-router'
import { readTraceId } from '../../model/ids.ts'
import { AskError } from '../data/ask.ts'
import { outlineQuery } from '../data/outline-query.ts'
import { ErrorState, LoadingState, PanelBoundary, Progress } from '../frame/states.tsx'
import { NoSuchTrace } from './no-such-trace.tsx'
import styles from './trace-page.module.css'
import { TraceScreen } from './trace-screen.tsx'
import { useTraceUrl } from './use-trace-url.ts'

/** One trace: what happened (console §4.6). The id may come in either form; the URL has ours. */
export function TracePage() {
  const url = useTraceUrl()
  const id = readTraceId(url.id.trim())
  if (id === undefined) return <NoSuchTrace text={url.id} />
  if (id !== url.id) return <Navigate to="/traces/$id" params={{ id }} search={url.search} replace />
  return (
    <PanelBoundary resetKey={id}>
      <LoadedTrace key={id} id={id} />
    </PanelBoundary>
  )
}

function LoadedTrace({ id }: { readonly id: string }) {
  const query = useQuery(outlineQuery(id))
  const retry = () => void query.refetch()
  if (query.data !== undefined) {
    return (
      <>
        <div className={styles['progress']}>
          {query.isFetching && query.isRefetching ? <Progress label="Loading what came since" /> : undefined}
        </div>
        <TraceScreen answer={query.data} failure={query.error} updatedMs={query.dataUpdatedAt} onRetry={retry} />
      </>
    )
  }
  if (query.error instanceof AskError && query.error.status === 404)
    return <NoSuchTrace text={id} id={id} onRetry={retry} />
  if (query.error !== null) {
    return (
      <div className={styles['state']}>
        <h1 className="mono">{id}</h1>
        <ErrorState error={query.error} onRetry={retry} />
      </div>
    )
  }
  return (
    <div className={styles['state']}>
      <h1 className="visually-hidden">Trace {id}</h1>
      <LoadingState label="Loading the trace" rows={12} />
    </div>
  )
}
