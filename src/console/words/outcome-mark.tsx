import styles from './outcome-mark.module.css'
import { OUTCOME_MARKS, type Outcome } from './outcome.ts'

/** Colour, shape and word of an outcome; `text` is said instead of the word, such as an HTTP status beside it. */
export function OutcomeMark({
  outcome,
  text,
  isShort = false,
}: {
  readonly outcome: Outcome
  readonly text?: string | undefined
  /** The shape alone; the word is for screen readers. */
  readonly isShort?: boolean
}) {
  const { mark, word } = OUTCOME_MARKS[outcome]
  return (
    <span className={styles[outcome]}>
      <span aria-hidden="true">{mark}</span>
      <span className={isShort ? 'visually-hidden' : styles['word']}>
        {text === undefined ? word : isShort ? `${word} ${text}` : text}
      </span>
    </span>
  )
}
