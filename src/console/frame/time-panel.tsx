import { CalendarDate, type DateValue } from '@internationalized/date'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useEffect, useId, useRef, useState, type FormEvent } from 'react'
import {
  Button as AriaButton,
  CalendarCell,
  CalendarGrid,
  CalendarGridBody,
  CalendarGridHeader,
  CalendarHeaderCell,
  Heading,
  RangeCalendar,
} from 'react-aria-components'
import { readWindow, windowEnds, writeWindow, type TimeWindow } from '../data/time-window.ts'
import { formatTime, offsetMs, zoneName } from '../words/format-time.ts'
import { sayWindow } from '../words/say-window.ts'
import { Button } from './button.tsx'
import { knownZones } from './known-zones.ts'
import { prefer, usePreferences } from './preferences.ts'
import { readTypedWindow } from './read-typed-window.ts'
import styles from './time-panel.module.css'

const PRESETS = ['5m', '15m', '1h', '3h', '6h', '24h', '3d', '7d', '30d']

type Choosing = { readonly window: TimeWindow; readonly onChoose: (window: TimeWindow) => void }

/** What the time picker opens: presets, a field for any time, a calendar, and the zone. */
export function TimePanel({
  window,
  onChoose,
}: {
  /** Undefined on pages that have no time to choose: the zone is all there is. */
  readonly window: TimeWindow | undefined
  readonly onChoose: (window: TimeWindow) => void
}) {
  const zone = usePreferences((preferences) => preferences.zone)
  if (window === undefined) return <ZoneChoice zone={zone} />
  return (
    <div className={styles['panel']}>
      <Presets window={window} onChoose={onChoose} />
      <div className={styles['rest']}>
        <TypedTime key={zone} zone={zone} window={window} onChoose={onChoose} />
        <Days zone={zone} window={window} onChoose={onChoose} />
        <ZoneChoice zone={zone} />
      </div>
    </div>
  )
}

function Presets({ window, onChoose }: Choosing) {
  const now = writeWindow(window)
  return (
    <ul className={styles['presets']} aria-label="Until now">
      {PRESETS.map((text) => {
        const preset = readWindow(text)
        return preset === undefined ? undefined : (
          <li key={text}>
            <AriaButton
              className={styles['preset'] ?? ''}
              aria-pressed={text === now}
              onPress={() => {
                onChoose(preset)
              }}
            >
              {sayWindow(preset, 'UTC')}
            </AriaButton>
          </li>
        )
      })}
    </ul>
  )
}

function TypedTime({ zone, window, onChoose }: Choosing & { readonly zone: string }) {
  const [text, setText] = useState(() => sayWindow(window, zone))
  const [isWrong, setWrong] = useState(false)
  const hint = useId()
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    // Where there is a keyboard, it is what is typed into.
    if (!globalThis.matchMedia('(pointer: fine)').matches) return
    field.current?.focus({ preventScroll: true })
    field.current?.select()
  }, [])
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const typed = readTypedWindow(text, zone, Date.now())
    if (typed === undefined) setWrong(true)
    else onChoose(typed)
  }
  return (
    <form className={styles['typed']} onSubmit={submit} noValidate>
      <label htmlFor={`${hint}-field`}>Any time</label>
      <div className={styles['fieldRow']}>
        <input
          id={`${hint}-field`}
          className={styles['field']}
          value={text}
          ref={field}
          aria-invalid={isWrong}
          aria-describedby={hint}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => {
            setText(event.target.value)
            setWrong(false)
          }}
        />
        <Button kind="primary" isSubmit>
          Apply
        </Button>
      </div>
      <p id={hint} className={isWrong ? styles['wrong'] : styles['hint']} aria-live="polite">
        {isWrong ? 'This is no time. Write it like ' : 'Such as '}
        <kbd>90m</kbd>, <kbd>3d</kbd>, <kbd>10:00 – 10:30</kbd>, <kbd>2026-11-20</kbd>,{' '}
        <kbd>2026-11-20 22:00 – 23:30 UTC</kbd>
      </p>
    </form>
  )
}

function Days({ zone, window, onChoose }: Choosing & { readonly zone: string }) {
  const nowMs = Date.now()
  const { fromMs, toMs } = windowEnds(window, nowMs)
  return (
    <RangeCalendar
      aria-label="Whole days"
      className={styles['calendar'] ?? ''}
      defaultValue={{ start: dayOf(fromMs, zone), end: dayOf(toMs - 1, zone) }}
      defaultFocusedValue={dayOf(toMs - 1, zone)}
      maxValue={dayOf(nowMs, zone)}
      onChange={({ start, end }) => {
        const days = readTypedWindow(`${dayText(start)} ~ ${dayText(end)}`, zone, nowMs)
        if (days !== undefined) onChoose(days)
      }}
    >
      <div className={styles['month']}>
        <AriaButton slot="previous" className={styles['turn'] ?? ''}>
          <ChevronLeft size={16} aria-hidden="true" />
        </AriaButton>
        <Heading className={styles['monthName'] ?? ''} />
        <AriaButton slot="next" className={styles['turn'] ?? ''}>
          <ChevronRight size={16} aria-hidden="true" />
        </AriaButton>
      </div>
      <CalendarGrid weekdayStyle="short">
        <CalendarGridHeader>
          {(day) => <CalendarHeaderCell className={styles['weekday'] ?? ''}>{day}</CalendarHeaderCell>}
        </CalendarGridHeader>
        <CalendarGridBody>{(date) => <CalendarCell date={date} className={styles['day'] ?? ''} />}</CalendarGridBody>
      </CalendarGrid>
    </RangeCalendar>
  )
}

function dayOf(ms: number, zone: string): CalendarDate {
  const date = new Date(ms + offsetMs(ms, zone))
  return new CalendarDate(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate())
}

function dayText({ year, month, day }: DateValue): string {
  const two = (number: number): string => String(number).padStart(2, '0')
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`
}

function ZoneChoice({ zone }: { readonly zone: string }) {
  const id = useId()
  const zones = knownZones()
  return (
    <div className={styles['zones']}>
      <label htmlFor={id}>Zone of all times</label>
      <select
        id={id}
        className={styles['field']}
        value={zone}
        onChange={(event) => {
          prefer({ zone: event.target.value })
        }}
      >
        <option value="browser">This browser’s ({zoneName('browser')})</option>
        <option value="UTC">UTC</option>
        <optgroup label="Zones">
          {zone !== 'browser' && zone !== 'UTC' && !zones.includes(zone) ? (
            <option value={zone}>{zone}</option>
          ) : undefined}
          {zones.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </optgroup>
      </select>
      <p className={styles['hint']}>It is now {formatTime(Date.now(), zone, 'minute')} there.</p>
    </div>
  )
}
