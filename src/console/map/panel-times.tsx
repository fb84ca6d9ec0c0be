import { useId, useState } from 'react'
import type { OwnCounts, OwnTimes } from '../../wire/own/graph.ts'
import { ResponseHistogram } from '../charts/response-histogram.tsx'
import { Segmented } from '../frame/segmented.tsx'
import { OutcomeMark } from '../words/outcome-mark.tsx'
import { OUTCOME_MARKS, OUTCOMES, type Outcome } from '../words/outcome.ts'
import type { Selection } from './filter-text.ts'
import { timeText } from './map-words.ts'
import styles from './panel.module.css'
import { readSeconds, writeSeconds } from './read-seconds.ts'

/** Response times as a histogram. With `onSelect`, a part of them can be chosen, by dragging, by fields, by outcome. */
export function ResponseTimes({
  title,
  note,
  noun,
  times,
  counts,
  selection,
  onSelect,
}: {
  readonly title: string
  /** Whose time it is. */
  readonly note: string
  readonly noun: string
  readonly times: OwnTimes
  readonly counts: OwnCounts
  readonly selection: Selection
  readonly onSelect?: ((selection: Selection) => void) | undefined
}) {
  const [kind, setKind] = useState<'log' | 'linear'>('log')
  const { from, to } = selection
  return (
    <section className={styles['section']} aria-label={title}>
      <div className={styles['sectionHead']}>
        <h3>{title}</h3>
        <Segmented
          label="Scale"
          options={[
            { id: 'log', label: 'Log' },
            { id: 'linear', label: 'Linear' },
          ]}
          value={kind}
          onChange={setKind}
        />
      </div>
      <p className={styles['note']}>{note}</p>
      <ResponseHistogram
        histogram={times.histogram}
        label={onSelect === undefined ? title : `${title}, drag or Shift and arrows to choose`}
        noun={noun}
        kind={kind}
        marks={{ p50: times.p50, p95: times.p95, p99: times.p99 }}
        range={{ from, to }}
        onRange={
          onSelect === undefined
            ? undefined
            : (range) => {
                onSelect({ outcomes: selection.outcomes, ...range })
              }
        }
        format={timeText}
      />
      {onSelect === undefined ? undefined : <Chooser counts={counts} selection={selection} onSelect={onSelect} />}
    </section>
  )
}

/** The same choice without a pointer: bounds in fields, and outcomes. */
function Chooser({
  counts,
  selection,
  onSelect,
}: {
  readonly counts: OwnCounts
  readonly selection: Selection
  readonly onSelect: (selection: Selection) => void
}) {
  const { from, to } = selection
  return (
    <div className={styles['chooser']}>
      <div className={styles['fields']}>
        <BoundField
          label="From"
          seconds={from}
          onChange={(seconds) => {
            onSelect({ ...selection, from: seconds })
          }}
        />
        <BoundField
          label="to"
          seconds={to}
          onChange={(seconds) => {
            onSelect({ ...selection, to: seconds })
          }}
        />
        <span className={styles['note']}>s</span>
      </div>
      <OutcomeBoxes
        counts={counts}
        outcomes={selection.outcomes}
        onChange={(outcomes) => {
          onSelect({ ...selection, outcomes })
        }}
      />
    </div>
  )
}

/** A bound in seconds; what is typed counts as soon as it is a number. */
function BoundField({
  label,
  seconds,
  onChange,
}: {
  readonly label: string
  readonly seconds: number | undefined
  readonly onChange: (seconds: number | undefined) => void
}) {
  const id = useId()
  const [typed, setTyped] = useState<string>()
  const isWrong = typed !== undefined && !readSeconds(typed).ok
  return (
    <>
      <label htmlFor={id}>
        {label}
        <span className="visually-hidden">, seconds</span>
      </label>
      <input
        id={id}
        inputMode="decimal"
        autoComplete="off"
        placeholder="any"
        aria-invalid={isWrong}
        title={isWrong ? 'A number of seconds, or with a unit: 200 ms' : undefined}
        value={typed ?? writeSeconds(seconds)}
        onChange={({ target }) => {
          setTyped(target.value)
          const read = readSeconds(target.value)
          if (read.ok && read.seconds !== seconds) onChange(read.seconds)
        }}
        onBlur={() => {
          setTyped(undefined)
        }}
      />
    </>
  )
}

function OutcomeBoxes({
  counts,
  outcomes,
  onChange,
}: {
  readonly counts: OwnCounts
  readonly outcomes: readonly Outcome[]
  readonly onChange: (outcomes: readonly Outcome[]) => void
}) {
  return (
    <fieldset className={styles['outcomes']}>
      <legend className="visually-hidden">Outcomes</legend>
      {OUTCOMES.map((outcome) => (
        <label key={outcome}>
          <input
            type="checkbox"
            aria-label={OUTCOME_MARKS[outcome].word}
            checked={outcomes.includes(outcome)}
            onChange={({ target }) => {
              onChange(OUTCOMES.filter((one) => (one === outcome ? target.checked : outcomes.includes(one))))
            }}
          />
          <OutcomeMark
            outcome={outcome}
            text={`${OUTCOME_MARKS[outcome].word} ${counts[outcome] === 0 ? '' : counts[outcome]}`}
          />
        </label>
      ))}
    </fieldset>
  )
}
