import { useQuery } from '@tanstack/react-query'
import { useMemo, useState, type ReactNode } from 'react'
import { segmentQuery } from '../../data/segment-query.ts'
import { SidePanel } from '../../frame/side-panel.tsx'
import { ErrorState, LoadingState, PanelBoundary } from '../../frame/states.tsx'
import { formatDuration } from '../../words/format-duration.ts'
import { OutcomeMark } from '../../words/outcome-mark.tsx'
import {
  detailOf,
  durationOf,
  hasFlag,
  idOf,
  nameOf,
  outcomeOfNode,
  serviceOf,
  statusOf,
} from '../model/trace-model.ts'
import type { TraceState } from '../use-trace-view.ts'
import { ViewPanel, ViewTabs, type ViewTab } from '../view-tabs.tsx'
import { AnnotationsTab } from './annotations-tab.tsx'
import styles from './details.module.css'
import { ExceptionsTab } from './exceptions-tab.tsx'
import { FactList } from './fact-list.tsx'
import { JsonTree } from './json-tree.tsx'
import { MetadataTab } from './metadata-tab.tsx'
import { OverviewTab } from './overview-tab.tsx'
import { readDetails, type Details } from './read-details.ts'
import { RawTab } from './raw-tab.tsx'

/** What one segment or subsegment says, beside the page. Its document is asked for when this opens. */
export function DetailsPanel({ view, shiftUs }: { readonly view: TraceState; readonly shiftUs: number }) {
  const { model, selected } = view
  const [name, service] = [nameOf(model, selected), serviceOf(model, selected)?.name]
  return (
    <SidePanel
      label={`Details of ${name}`}
      title={
        <span className={styles['title']}>
          {service === undefined || service === name ? undefined : (
            <bdi className={styles['titleService']}>{service} · </bdi>
          )}
          <bdi>{name}</bdi>
          {detailOf(model, selected) === undefined ? undefined : (
            <bdi className={styles['titleDetail']}> {detailOf(model, selected)}</bdi>
          )}
        </span>
      }
      onClose={() => {
        view.select(-1)
      }}
    >
      <Headline view={view} />
      <Document key={selected} view={view} shiftUs={shiftUs} />
    </SidePanel>
  )
}

function Headline({ view }: { readonly view: TraceState }) {
  const { model, selected, path } = view
  const status = statusOf(model, selected)
  const isOpen = hasFlag(model, selected, 'inProgress')
  return (
    <p className={styles['headline']}>
      <OutcomeMark outcome={outcomeOfNode(model, selected)} />
      {status === undefined ? undefined : <span>{status}</span>}
      <b>
        {formatDuration(durationOf(model, selected) / 1e6)}
        {isOpen ? ' … in progress' : ''}
      </b>
      <span>self {formatDuration((model.self[selected] ?? 0) / 1e6)}</span>
      {path.onPath[selected] === 1 ? <span>on critical path</span> : undefined}
    </p>
  )
}

function Document({ view, shiftUs }: { readonly view: TraceState; readonly shiftUs: number }) {
  const { model, selected } = view
  const isInferred = hasFlag(model, selected, 'inferred')
  const query = useQuery(segmentQuery(model.id, idOf(model, selected), model.revision))
  const details = useMemo(() => (query.data === undefined ? undefined : readDetails(query.data.document)), [query.data])
  if (query.data === undefined || details === undefined) {
    return query.error === null ? (
      <LoadingState label="Loading the details" />
    ) : (
      <>
        {isInferred ? <p>This segment was inferred from the call; nothing was reported for it.</p> : undefined}
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      </>
    )
  }
  return <DetailTabs view={view} details={details} document={query.data.document} shiftUs={shiftUs} />
}

type TabContent = ViewTab<string> & { readonly content: ReactNode }

function DetailTabs({
  view,
  details,
  document,
  shiftUs,
}: {
  readonly view: TraceState
  readonly details: Details
  readonly document: string
  readonly shiftUs: number
}) {
  const { annotations, metadata, exceptions, causeId, causeMessage, sql, aws } = details
  const hasCause = exceptions.length > 0 || causeId !== undefined || causeMessage !== undefined
  const all: readonly (TabContent | false)[] = [
    { id: 'overview', label: 'Overview', content: <OverviewTab view={view} details={details} shiftUs={shiftUs} /> },
    hasCause && {
      id: 'exceptions',
      label: 'Exceptions',
      count: exceptions.length,
      content: <ExceptionsTab view={view} details={details} />,
    },
    {
      id: 'annotations',
      label: 'Annotations',
      count: annotations.length,
      content: <AnnotationsTab annotations={annotations} />,
    },
    {
      id: 'metadata',
      label: 'Metadata',
      count: metadata.length,
      content: <MetadataTab metadata={metadata} />,
    },
    sql.length > 0 && { id: 'sql', label: 'SQL', content: <FactList facts={sql} service={undefined} /> },
    aws !== undefined && { id: 'resources', label: 'Resources', content: <JsonTree value={aws} /> },
    { id: 'raw', label: 'Raw', content: <RawTab document={document} /> },
  ]
  const tabs = all.filter((tab) => tab !== false)
  const [chosen, setChosen] = useState('overview')
  const shown = tabs.find(({ id }) => id === chosen) ?? tabs[0]
  if (shown === undefined) return undefined
  return (
    <>
      <div className={styles['tabs']}>
        <ViewTabs name="details" label="Details" tabs={tabs} value={shown.id} onChange={setChosen} />
      </div>
      <ViewPanel name="details" id={shown.id} className={styles['panel']}>
        <PanelBoundary resetKey={shown.id}>{shown.content}</PanelBoundary>
      </ViewPanel>
    </>
  )
}
