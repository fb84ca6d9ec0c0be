import { CopyButton } from '../../frame/copy-button.tsx'
import { Button } from '../../frame/button.tsx'
import { formatDuration } from '../../words/format-duration.ts'
import { TimeText } from '../../words/time-text.tsx'
import { durationOf, hasFlag, idOf, serviceOf } from '../model/trace-model.ts'
import { TraceLink } from '../trace-header.tsx'
import type { TraceState } from '../use-trace-view.ts'
import { titleOf } from '../waterfall/row-words.ts'
import styles from './details.module.css'
import { FactList } from './fact-list.tsx'
import type { Details } from './read-details.ts'

/** When it was, how long it took, and what it said of itself. */
export function OverviewTab({
  view,
  details,
  shiftUs,
}: {
  readonly view: TraceState
  readonly details: Details
  readonly shiftUs: number
}) {
  const { model, selected } = view
  const [exception] = details.exceptions
  const service = serviceOf(model, selected)
  return (
    <>
      {exception === undefined ? undefined : (
        <p className={styles['callout']}>
          <b>
            <bdi>{exception.type}</bdi>
          </b>
          : <bdi>{exception.message.slice(0, 300)}</bdi>
        </p>
      )}
      <dl className={styles['facts']}>
        <Times view={view} shiftUs={shiftUs} />
        <Row label="Service">
          <bdi>{service?.name ?? 'unknown, since its segment is missing'}</bdi>
          {service?.type === undefined || service.type === '' ? undefined : (
            <bdi className={styles['quiet']}> {service.type}</bdi>
          )}
        </Row>
        {hasFlag(model, selected, 'inferred') ? (
          <Row label="Inferred">from the call; the service reported nothing itself</Row>
        ) : undefined}
        <Row label={hasFlag(model, selected, 'segment') ? 'Segment' : 'Subsegment'}>
          <Id id={idOf(model, selected)} />
        </Row>
        <Parent view={view} details={details} />
        {details.links.map((link) => (
          <Row key={`${link.traceId} ${link.id ?? ''}`} label="Linked trace">
            <TraceLink id={link.traceId} segment={link.id} />
            {link.text === '' ? undefined : <bdi className={styles['quiet']}> {link.text}</bdi>}
          </Row>
        ))}
      </dl>
      <FactList facts={details.facts} service={hasFlag(model, selected, 'segment') ? service?.name : undefined} />
    </>
  )
}

function Times({ view, shiftUs }: { readonly view: TraceState; readonly shiftUs: number }) {
  const { model, selected } = view
  // What was aligned is told as it was reported.
  const [startUs, endUs] = [(model.start[selected] ?? 0) - shiftUs, (model.end[selected] ?? 0) - shiftUs]
  const isOpen = hasFlag(model, selected, 'inProgress')
  const share = model.durationUs > 0 ? durationOf(model, selected) / model.durationUs : 0
  const at = (us: number) => (
    <>
      <TimeText seconds={model.startTime + us / 1e6} precision="millisecond" />
      <span className={styles['offset']}> at {formatDuration(us / 1e6)}</span>
    </>
  )
  return (
    <>
      <Row label="Start">{at(startUs)}</Row>
      <Row label="End">{isOpen ? 'in progress' : at(endUs)}</Row>
      {shiftUs === 0 ? undefined : (
        <Row label="Clock">drawn {formatDuration(shiftUs / 1e6)} later, so that clocks agree</Row>
      )}
      <Row label="Duration">
        <span className="mono">{formatDuration(durationOf(model, selected) / 1e6)}</span>
        <span className={styles['quiet']}> {percent(share)} of the trace</span>
      </Row>
      <Row label="Self time">
        <span className="mono">{formatDuration((model.self[selected] ?? 0) / 1e6)}</span>
        <span className={styles['quiet']} title="When nothing below it was at work">
          {' '}
          {percent(durationOf(model, selected) > 0 ? (model.self[selected] ?? 0) / durationOf(model, selected) : 0)} of
          it
        </span>
      </Row>
    </>
  )
}

function Parent({ view, details }: { readonly view: TraceState; readonly details: Details }) {
  const { model, selected } = view
  const parent = model.parent[selected] ?? -1
  const missing = model.missingParents.get(selected) ?? (parent === -1 ? details.parentId : undefined)
  if (parent === -1) {
    return missing === undefined ? undefined : (
      <Row label="Parent">
        <Id id={missing} /> <span className={styles['quiet']}>missing</span>
      </Row>
    )
  }
  return (
    <Row label="Parent">
      <Button
        onPress={() => {
          view.goTo(parent)
          view.select(parent)
        }}
      >
        <bdi className={styles['parentName']}>{titleOf(model, parent)}</bdi>
      </Button>
    </Row>
  )
}

function Id({ id }: { readonly id: string }) {
  return (
    <span className={styles['id']}>
      <code>{id}</code>
      <CopyButton label="Copy id" text={id} />
    </span>
  )
}

function Row({ label, children }: { readonly label: string; readonly children: React.ReactNode }) {
  return (
    <div className={styles['fact']}>
      <dt className={styles['key']}>{label}</dt>
      <dd className={styles['plain']}>{children}</dd>
    </div>
  )
}

function percent(share: number): string {
  if (share > 0 && share < 0.001) return '<0.1 %'
  return `${(share * 100).toFixed(share >= 0.1 ? 0 : 1)} %`
}
