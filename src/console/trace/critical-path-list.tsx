import { useMemo } from 'react'
import { Dialog, DialogTrigger, Popover } from 'react-aria-components'
import { Button } from '../frame/button.tsx'
import { formatDuration } from '../words/format-duration.ts'
import styles from './critical-path-list.module.css'
import type { CriticalPath } from './model/critical-path.ts'
import { serviceOf, type TraceModel } from './model/trace-model.ts'
import { titleOf } from './waterfall/row-words.ts'

/** Steps that are listed; the rest contributes less than any of them. */
const LISTED = 100

/** Where the time went: the steps of the critical path, those that took the most of it first. */
export function CriticalPathList({
  model,
  path,
  goTo,
  slowest,
}: {
  readonly model: TraceModel
  readonly path: CriticalPath
  readonly goTo: (node: number) => void
  readonly slowest: { readonly service: string; readonly share: number } | undefined
}) {
  return (
    <DialogTrigger>
      <Button kind="quiet">
        <span className={styles['opener']}>
          critical path{' '}
          {slowest === undefined ? undefined : (
            <>
              {Math.round(slowest.share * 100)} % in <bdi>{slowest.service}</bdi>
            </>
          )}
        </span>
      </Button>
      <Popover className={styles['popover'] ?? ''} placement="bottom start">
        <Dialog aria-label="Critical path" className={styles['dialog'] ?? ''}>
          {({ close }) => (
            <Steps
              model={model}
              path={path}
              goTo={(node) => {
                close()
                goTo(node)
              }}
            />
          )}
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}

function Steps({
  model,
  path,
  goTo,
}: {
  readonly model: TraceModel
  readonly path: CriticalPath
  readonly goTo: (node: number) => void
}) {
  const steps = useMemo(() => path.steps.toSorted((a, b) => b.contributionUs - a.contributionUs), [path])
  const more = steps.length - LISTED
  return (
    <>
      <p className={styles['sum']}>
        {steps.length.toLocaleString('en')} steps, {formatDuration(path.totalUs / 1e6)} in all: the time that everything
        waited for.
        {path.leftOut === 0
          ? ''
          : ` ${path.leftOut.toLocaleString('en')} that went on after what called them had ended are left out.`}
      </p>
      <ol className={styles['steps']}>
        {steps.slice(0, LISTED).map(({ node, contributionUs }) => {
          const share = path.totalUs > 0 ? contributionUs / path.totalUs : 0
          const colour = serviceOf(model, node)?.colour
          return (
            <li key={node}>
              <button
                type="button"
                className={styles['step']}
                style={{
                  '--share': `${share * 100}%`,
                  '--service': colour === undefined ? 'var(--line)' : `var(--service-${colour})`,
                }}
                onClick={() => {
                  goTo(node)
                }}
              >
                <bdi className={styles['name']}>{titleOf(model, node)}</bdi>
                <span className={styles['number']} title={`${contributionUs.toLocaleString('en')} µs`}>
                  {formatDuration(contributionUs / 1e6)}
                </span>
                <span className={styles['number']}>{Math.round(share * 100)} %</span>
              </button>
            </li>
          )
        })}
      </ol>
      {more > 0 ? <p className={styles['sum']}>and {more.toLocaleString('en')} shorter ones</p> : undefined}
    </>
  )
}
