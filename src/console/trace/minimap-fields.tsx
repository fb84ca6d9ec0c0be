import { useState, type FormEvent } from 'react'
import { Button } from '../frame/button.tsx'
import styles from './minimap.module.css'
import type { Zoom } from './zoom.ts'

/** The ends of what is drawn as numbers, in milliseconds: what a drag chooses can be typed. */
export function MinimapFields({
  whole,
  zoom,
  isWhole,
  onZoom,
}: {
  readonly whole: Zoom
  readonly zoom: Zoom
  readonly isWhole: boolean
  readonly onZoom: (zoom: Zoom) => void
}) {
  return (
    <div className={styles['fields']}>
      <Field
        key={`from ${zoom.fromUs}`}
        label="From, milliseconds"
        us={zoom.fromUs}
        onChange={(us) => {
          if (us < zoom.toUs) onZoom({ fromUs: Math.max(us, whole.fromUs), toUs: zoom.toUs })
        }}
      />
      <span aria-hidden="true">–</span>
      <Field
        key={`to ${zoom.toUs}`}
        label="To, milliseconds"
        us={zoom.toUs}
        onChange={(us) => {
          if (us > zoom.fromUs) onZoom({ fromUs: zoom.fromUs, toUs: Math.min(us, whole.toUs) })
        }}
      />
      <span>ms</span>
      <Button
        kind="quiet"
        isDisabled={isWhole}
        onPress={() => {
          onZoom(whole)
        }}
      >
        Whole
      </Button>
    </div>
  )
}

/** Written anew whenever the end is elsewhere; what is no number is put back. */
function Field({
  label,
  us,
  onChange,
}: {
  readonly label: string
  readonly us: number
  readonly onChange: (us: number) => void
}) {
  const [text, setText] = useState(textOf(us))
  const apply = (): void => {
    const typed = Number(text.trim().replace(',', '.'))
    if (text.trim() === '' || !Number.isFinite(typed)) setText(textOf(us))
    else if (text !== textOf(us)) onChange(Math.round(typed * 1_000))
  }
  return (
    <form
      className={styles['form']}
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        apply()
      }}
    >
      <input
        className={styles['field']}
        aria-label={label}
        inputMode="decimal"
        autoComplete="off"
        value={text}
        onChange={(event) => {
          setText(event.target.value)
        }}
        onBlur={apply}
      />
    </form>
  )
}

function textOf(us: number): string {
  return String(Number((us / 1_000).toFixed(3)))
}
