import type { KeyboardEvent } from 'react'
import { LEAST_NAME, MOST_NAME } from './use-name-width.ts'
import styles from './waterfall.module.css'

const STEP = 16

/** The edge between names and times, which can be dragged, or moved by arrows. */
export function NameSplitter({
  width,
  onWidth,
}: {
  readonly width: number
  readonly onWidth: (width: number) => void
}) {
  const onKeyDown = (event: KeyboardEvent): void => {
    const wanted = { ArrowLeft: width - STEP, ArrowRight: width + STEP, Home: LEAST_NAME, End: MOST_NAME }[event.key]
    if (wanted === undefined) return
    event.preventDefault()
    event.stopPropagation()
    onWidth(wanted)
  }
  return (
    <div
      role="separator"
      tabIndex={0}
      aria-label="Width of the names"
      aria-orientation="vertical"
      aria-valuemin={LEAST_NAME}
      aria-valuemax={MOST_NAME}
      aria-valuenow={width}
      className={styles['splitter']}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.preventDefault()
        event.currentTarget.setPointerCapture(event.pointerId)
      }}
      onPointerMove={(event) => {
        const { currentTarget: splitter } = event
        if (!splitter.hasPointerCapture(event.pointerId)) return
        const left = splitter.parentElement?.getBoundingClientRect().left ?? 0
        onWidth(event.clientX - left)
      }}
    />
  )
}
