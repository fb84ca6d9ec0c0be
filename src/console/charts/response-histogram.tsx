import { useMemo, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react'
import { binsOf, placeOf, scaleFor, ticksOf, tidy, type Bin, type Scale } from './log-scale.ts'
import { countBetween, countOf, type Histogram } from './response-histogram-counts.ts'
import { HistogramAxis, HistogramData, HistogramMarks } from './response-histogram-parts.tsx'
import styles from './response-histogram.module.css'

/** Seconds, from ≤ time < to; an end that is left out is open. */
export type TimeRange = { readonly from?: number | undefined; readonly to?: number | undefined }

/** How many bars there are; also how finely a range can be dragged. */
const BINS = 40

/**
 * How long things took: bars, percentiles, and a range that can be dragged, or chosen with arrows (Shift extends, Esc
 * clears). Whoever shows it gives fields for the same range.
 */
export function ResponseHistogram({
  histogram,
  label,
  noun,
  kind,
  marks,
  range,
  onRange,
  format,
}: {
  readonly histogram: Histogram
  readonly label: string
  /** What is counted, in the plural: requests, calls, events. */
  readonly noun: string
  readonly kind: Scale['kind']
  readonly marks: { readonly [name: string]: number | undefined }
  readonly range: TimeRange
  /** Left out where there is nothing to choose. */
  readonly onRange?: ((range: TimeRange) => void) | undefined
  readonly format: (seconds: number) => string
}) {
  const scale = useMemo(() => scaleFor(kind, histogram), [kind, histogram])
  const bins = useMemo(() => binsOf(scale, histogram, BINS), [scale, histogram])
  const [cursor, setCursor] = useState<number>()
  const plot = useRef<HTMLDivElement>(null)
  const brush = useBrush(bins, onRange, setCursor)
  const chosen = hasRange(range)
  const count = countBetween(histogram, range.from, range.to)
  const bin = cursor === undefined ? undefined : bins[cursor]
  const said =
    bin === undefined
      ? chosen
        ? `${count} of ${countOf(histogram)} ${noun} chosen`
        : `${countOf(histogram)} ${noun}`
      : `${format(tidy(bin.from))} to ${format(tidy(bin.to))}: ${bin.count} ${noun}`
  return (
    <div className={styles['histogram']}>
      <HistogramMarks scale={scale} marks={marks} />
      <div
        ref={plot}
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={BINS - 1}
        aria-valuenow={cursor ?? 0}
        aria-valuetext={said}
        aria-readonly={onRange === undefined}
        className={onRange === undefined ? `${styles['plot']} ${styles['readonly']}` : styles['plot']}
        onBlur={() => {
          setCursor(undefined)
        }}
        {...brush(cursor)}
      >
        {chosen ? <RangeBox scale={scale} range={range} /> : undefined}
        <Bars bins={bins} scale={scale} marks={marks} range={chosen ? range : undefined} />
        {cursor === undefined ? undefined : (
          <div className={styles['cursor']} style={{ left: `${(cursor / BINS) * 100}%`, width: `${100 / BINS}%` }} />
        )}
      </div>
      <HistogramAxis scale={scale} ticks={ticksOf(scale)} format={format} />
      <p className={styles['readout']}>{said}</p>
      <HistogramData bins={bins} noun={noun} format={format} />
    </div>
  )
}

const hasRange = ({ from, to }: TimeRange): boolean => from !== undefined || to !== undefined

function RangeBox({ scale, range }: { readonly scale: Scale; readonly range: TimeRange }) {
  const left = range.from === undefined ? 0 : placeOf(scale, range.from)
  const right = range.to === undefined ? 1 : placeOf(scale, range.to)
  return (
    <div className={styles['range']} style={{ left: `${left * 100}%`, width: `${Math.max(0, right - left) * 100}%` }} />
  )
}

function Bars({
  bins,
  scale,
  marks,
  range,
}: {
  readonly bins: readonly Bin[]
  readonly scale: Scale
  readonly marks: { readonly [name: string]: number | undefined }
  readonly range: TimeRange | undefined
}) {
  const most = Math.max(1, ...bins.map(({ count }) => count))
  return (
    <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
      {bins.map(({ from, to, count }, at) => {
        // What was counted at all can be seen.
        const height = count === 0 ? 0 : Math.max(3, (count / most) * 96)
        const middle = (from + to) / 2
        const isChosen = range !== undefined && middle >= (range.from ?? 0) && middle < (range.to ?? Infinity)
        return (
          <rect
            key={from}
            className={styles['bar']}
            data-chosen={isChosen ? '' : undefined}
            x={(at / bins.length) * 100 + 0.15}
            width={100 / bins.length - 0.3}
            y={100 - height}
            height={height}
          />
        )
      })}
      {Object.entries(marks).map(([name, seconds]) => {
        if (seconds === undefined) return undefined
        const x = placeOf(scale, seconds) * 100
        return <line key={name} className={styles['mark']} x1={x} x2={x} y1={0} y2={100} />
      })}
    </svg>
  )
}

/** Bounds that are ends of bins; the ends of the scale are open. */
function rangeOf(bins: readonly Bin[], one: number, other: number): TimeRange {
  const [first, last] = [Math.min(one, other), Math.max(one, other)]
  return {
    ...(first === 0 ? {} : { from: tidy(bins[first]?.from ?? 0) }),
    ...(last === bins.length - 1 ? {} : { to: tidy(bins[last]?.to ?? 0) }),
  }
}

/** Pointer and keys on the bars. */
function useBrush(
  bins: readonly Bin[],
  onRange: ((range: TimeRange) => void) | undefined,
  setCursor: (cursor: number | undefined) => void,
) {
  const anchor = useRef<number>(undefined)
  const binAt = (event: PointerEvent): number => {
    const { left, width } = event.currentTarget.getBoundingClientRect()
    return Math.min(bins.length - 1, Math.max(0, Math.floor(((event.clientX - left) / width) * bins.length)))
  }
  return (cursor: number | undefined) => ({
    onPointerDown: (event: PointerEvent) => {
      if (onRange === undefined || event.button !== 0) return
      event.currentTarget.setPointerCapture(event.pointerId)
      anchor.current = binAt(event)
      onRange(rangeOf(bins, anchor.current, anchor.current))
    },
    onPointerMove: (event: PointerEvent) => {
      const at = binAt(event)
      setCursor(at)
      if (
        onRange !== undefined &&
        anchor.current !== undefined &&
        event.currentTarget.hasPointerCapture(event.pointerId)
      )
        onRange(rangeOf(bins, anchor.current, at))
    },
    onPointerLeave: () => {
      setCursor(undefined)
    },
    onPointerUp: () => {
      anchor.current = undefined
    },
    onKeyDown: (event: KeyboardEvent) => {
      const next = nextCursor(event.key, cursor, bins.length)
      if (next !== undefined) {
        event.preventDefault()
        setCursor(next)
        if (event.shiftKey && onRange !== undefined) {
          anchor.current ??= cursor ?? next
          onRange(rangeOf(bins, anchor.current, next))
        } else {
          anchor.current = undefined
        }
      } else if (event.key === 'Enter' && cursor !== undefined && onRange !== undefined) {
        event.preventDefault()
        onRange(rangeOf(bins, anchor.current ?? cursor, cursor))
      } else if (event.key === 'Escape' && (cursor !== undefined || anchor.current !== undefined)) {
        // The panel stays open: what is innermost closes first.
        event.preventDefault()
        event.stopPropagation()
        anchor.current = undefined
        setCursor(undefined)
        onRange?.({})
      }
    },
  })
}

function nextCursor(key: string, cursor: number | undefined, bins: number): number | undefined {
  switch (key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return Math.min(bins - 1, (cursor ?? -1) + 1)
    case 'ArrowLeft':
    case 'ArrowDown':
      return Math.max(0, (cursor ?? 1) - 1)
    case 'Home':
      return 0
    case 'End':
      return bins - 1
    default:
      return undefined
  }
}
