import { useState } from 'react'
import { Button } from '../../frame/button.tsx'
import { CopyButton } from '../../frame/copy-button.tsx'
import { indexOfId } from '../model/trace-model.ts'
import type { TraceState } from '../use-trace-view.ts'
import { titleOf } from '../waterfall/row-words.ts'
import styles from './details.module.css'
import type { DetailException, DetailFrame, Details } from './read-details.ts'
import { LongText } from './long-text.tsx'

/** Frames shown at first. */
const FRAMES = 12

/** Exceptions with their stacks, each followed by what caused it, also elsewhere in the trace. */
export function ExceptionsTab({ view, details }: { readonly view: TraceState; readonly details: Details }) {
  const { exceptions, causeId, causeMessage } = details
  return (
    <>
      {causeMessage === undefined ? undefined : (
        <p className={styles['message']}>
          <LongText text={causeMessage} isMono={false} />
        </p>
      )}
      {causeId === undefined ? undefined : <Elsewhere view={view} id={causeId} />}
      {exceptions.map((exception, at) => (
        <Exception
          key={`${exception.id} ${at}`}
          exception={exception}
          view={view}
          isCause={exceptions.some((other) => other.cause !== '' && other.cause === exception.id)}
          isHere={exceptions.some(({ id }) => id !== '' && id === exception.cause)}
        />
      ))}
    </>
  )
}

function Exception({
  exception,
  view,
  isCause,
  isHere,
}: {
  readonly exception: DetailException
  readonly view: TraceState
  /** Whether another of the list says that this caused it. */
  readonly isCause: boolean
  /** Whether its own cause is in the list. */
  readonly isHere: boolean
}) {
  const { type, message, isRemote, cause } = exception
  return (
    <article className={styles['exception']}>
      <header className={styles['exceptionHead']}>
        <h3>
          {isCause ? <span className={styles['quiet']}>caused by </span> : undefined}
          <bdi>{type}</bdi>
          {isRemote ? (
            <span className={styles['tag']} title="Thrown on the other side of a call">
              remote
            </span>
          ) : undefined}
        </h3>
        <CopyButton label="Copy exception" getText={() => textOf(exception)} />
      </header>
      {message === '' ? undefined : (
        <p className={styles['message']}>
          <LongText text={message} isMono={false} />
        </p>
      )}
      <Stack frames={exception.frames} left={exception.left} />
      {cause === '' || isHere ? undefined : <Elsewhere view={view} id={cause} />}
    </article>
  )
}

function Stack({ frames, left }: { readonly frames: readonly DetailFrame[]; readonly left: number }) {
  const [isWhole, setWhole] = useState(false)
  if (frames.length === 0) return <p className={styles['quiet']}>No stack was recorded.</p>
  const shown = isWhole ? frames : frames.slice(0, FRAMES)
  return (
    <>
      <ol className={styles['stack']}>
        {shown.map((frame, at) => (
          <li key={at}>
            <bdi className="mono">{frame.label === '' ? '(no name)' : frame.label}</bdi>{' '}
            <bdi className={`mono ${styles['quiet']}`}>{frame.place}</bdi>
          </li>
        ))}
      </ol>
      {frames.length > shown.length ? (
        <Button
          kind="quiet"
          onPress={() => {
            setWhole(true)
          }}
        >
          {frames.length - shown.length} more frames
        </Button>
      ) : undefined}
      {left === 0 ? undefined : <p className={styles['quiet']}>{left} frames were left out by the sender.</p>}
    </>
  )
}

/** Where in the trace what is referred to was recorded first. */
function Elsewhere({ view, id }: { readonly view: TraceState; readonly id: string }) {
  const node = indexOfId(view.model, id)
  if (node === -1) {
    return (
      <p className={styles['quiet']}>
        Recorded elsewhere in the trace: <code>{id}</code>
      </p>
    )
  }
  return (
    <p>
      Recorded first in{' '}
      <Button
        onPress={() => {
          view.goTo(node)
          view.select(node)
        }}
      >
        <bdi>{titleOf(view.model, node)}</bdi>
      </Button>
    </p>
  )
}

function textOf({ type, message, frames }: DetailException): string {
  return [`${type}: ${message}`, ...frames.map(({ label, place }) => `    at ${label} (${place})`)].join('\n')
}
