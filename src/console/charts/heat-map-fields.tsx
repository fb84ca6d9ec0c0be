import { useId, useState, type SubmitEvent } from 'react'
import type { Overview } from '../../wire/own/overview.ts'
import { windowEnds } from '../data/time-window.ts'
import { Button } from '../frame/button.tsx'
import { readTypedWindow } from '../frame/read-typed-window.ts'
import { formatTime, zoneLabel } from '../words/format-time.ts'
import type { HeatBounds } from './heat-map-layout.ts'
import styles from './heat-map.module.css'

/** The twin of dragging: a box that is typed. */
export function HeatMapFields({
  overview,
  zone,
  onChoose,
}: {
  readonly overview: Overview
  readonly zone: string
  readonly onChoose: (bounds: HeatBounds) => void
}) {
  const [startMs, endMs] = [overview.startTime * 1_000, overview.endTime * 1_000]
  const written = `${formatTime(startMs, zone)} – ${formatTime(endMs, zone)}`
  const [time, setTime] = useState(written)
  const [least, setLeast] = useState('')
  const [most, setMost] = useState('')
  const [problem, setProblem] = useState('')
  const problemId = useId()
  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    const window = readTypedWindow(time, zone, Date.now())
    const [atLeast, lessThan] = [secondsOf(least), secondsOf(most)]
    if (window === undefined) setProblem('The time is none that can be read, such as 10:00 – 10:30')
    else if (atLeast !== undefined && lessThan !== undefined && atLeast >= lessThan) {
      setProblem('The shortest duration must be less than the longest')
    } else {
      setProblem('')
      onChoose({
        ...(time === written ? { fromMs: startMs, toMs: endMs } : windowEnds(window, Date.now())),
        ...(atLeast === undefined ? {} : { atLeastSeconds: atLeast }),
        ...(lessThan === undefined ? {} : { lessThanSeconds: lessThan }),
      })
    }
  }
  return (
    <form className={styles['fields']} aria-label="Range of the heat map" onSubmit={submit}>
      <label className={styles['time']}>
        Time ({zoneLabel(endMs, zone)})
        <input
          value={time}
          aria-describedby={problemId}
          onChange={(event) => {
            setTime(event.target.value)
          }}
        />
      </label>
      <Milliseconds label="At least (ms)" value={least} onChange={setLeast} />
      <Milliseconds label="Less than (ms)" value={most} onChange={setMost} />
      <Button kind="primary" isSubmit>
        Show these traces
      </Button>
      <p id={problemId} className={styles['problem']} role="alert">
        {problem}
      </p>
    </form>
  )
}

function Milliseconds({
  label,
  value,
  onChange,
}: {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
}) {
  return (
    <label>
      {label}
      <input
        type="number"
        min="0"
        step="any"
        placeholder="any"
        value={value}
        onChange={(event) => {
          onChange(event.target.value)
        }}
      />
    </label>
  )
}

/** Milliseconds that were typed, in seconds; nothing for an empty field. */
function secondsOf(text: string): number | undefined {
  if (text.trim() === '') return undefined
  const milliseconds = Number(text)
  // In decimals, so that 0.1 ms are 0.0001 s and not nearly so.
  return Number.isFinite(milliseconds) ? Number((milliseconds / 1_000).toPrecision(12)) : undefined
}
