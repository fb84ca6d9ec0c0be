import { useState, type KeyboardEvent, type PointerEvent } from 'react'
import type { Overview } from '../../wire/own/overview.ts'
import { announce } from '../frame/toasts.tsx'
import { formatTimeOfDay } from '../words/format-time.ts'
import {
  boundsOf,
  boxBetween,
  cellAt,
  cellRect,
  countsIn,
  countWords,
  durationWords,
  frameOf,
  rowsOf,
  type HeatBounds,
  type HeatBox,
} from './heat-map-layout.ts'
import styles from './heat-map.module.css'

type Cell = { readonly column: number; readonly row: number }

/** What lies over the canvas and is pointed at: a cell under the pointer or the cursor, and a box that is being made. */
export function HeatMapSurface({
  overview,
  zone,
  onChoose,
}: {
  readonly overview: Overview
  readonly zone: string
  readonly onChoose: (bounds: HeatBounds) => void
}) {
  const { heat } = overview
  const [cursor, setCursor] = useState<Cell>()
  const [anchor, setAnchor] = useState<Cell>()
  const [width, setWidth] = useState(0)
  const box = cursor === undefined ? undefined : boxBetween(anchor ?? cursor, cursor)
  const words = box === undefined ? '' : boxWords(overview, box, zone)
  const choose = (chosen: HeatBox): void => {
    if (countsIn(heat, chosen).traces === 0) announce('No traces in that box')
    else onChoose(boundsOf(overview, chosen))
  }
  const cellOf = (event: PointerEvent<HTMLElement>): Cell => {
    const area = event.currentTarget.getBoundingClientRect()
    setWidth(area.width)
    return cellAt(frameOf(area.width, area.height), heat, event.clientX - area.left, event.clientY - area.top)
  }
  const move = (event: KeyboardEvent<HTMLElement>): void => {
    setWidth(event.currentTarget.clientWidth)
    const step = KEYS[event.key]
    if (event.key === 'Enter' && box !== undefined) choose(box)
    else if (event.key === 'Escape' && (cursor !== undefined || anchor !== undefined)) {
      setAnchor(undefined)
      setCursor(undefined)
      event.stopPropagation()
    } else if (step !== undefined && !event.altKey && !event.ctrlKey && !event.metaKey) {
      const from = cursor ?? startCell(overview)
      const to = cursor === undefined ? from : moved(from, step, heat.columns, rowsOf(heat))
      setCursor(to)
      setAnchor(event.shiftKey ? (anchor ?? from) : undefined)
      announce(boxWords(overview, boxBetween(event.shiftKey ? (anchor ?? from) : to, to), zone))
    } else return
    event.preventDefault()
  }
  return (
    <div
      role="application"
      aria-roledescription="heat map"
      aria-label="Cells of the heat map: arrows move, Shift and arrows select, Enter shows those traces, Escape clears"
      tabIndex={0}
      className={styles['surface']}
      onKeyDown={move}
      onPointerDown={(event) => {
        if (event.button !== 0) return
        event.currentTarget.setPointerCapture(event.pointerId)
        const cell = cellOf(event)
        setAnchor(cell)
        setCursor(cell)
      }}
      onPointerMove={(event) => setCursor(cellOf(event))}
      onPointerUp={(event) => {
        if (anchor === undefined) return
        choose(boxBetween(anchor, cellOf(event)))
        setAnchor(undefined)
      }}
      onPointerCancel={() => {
        setAnchor(undefined)
      }}
      onPointerLeave={() => {
        if (anchor === undefined) setCursor(undefined)
      }}
      onBlur={() => {
        setAnchor(undefined)
        setCursor(undefined)
      }}
    >
      {box === undefined || width === 0 ? undefined : (
        <BoxOutline box={box} overview={overview} width={width} words={words} isMade={anchor !== undefined} />
      )}
    </div>
  )
}

const KEYS: Readonly<Record<string, readonly [columns: number, rows: number] | undefined>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
  Home: [-Infinity, 0],
  End: [Infinity, 0],
  PageUp: [0, Infinity],
  PageDown: [0, -Infinity],
}

function moved(cell: Cell, [columns, rows]: readonly [number, number], width: number, height: number): Cell {
  return {
    column: Math.min(Math.max(cell.column + columns, 0), width - 1),
    row: Math.min(Math.max(cell.row + rows, 0), height - 1),
  }
}

/** Where keys begin: at the newest cell that has anything. */
function startCell({ heat }: Overview): Cell {
  const last = heat.cells.at(-1)
  return last === undefined ? { column: heat.columns - 1, row: 0 } : { column: last[0], row: last[1] }
}

function boxWords(overview: Overview, box: HeatBox, zone: string): string {
  const bounds = boundsOf(overview, box)
  const [from, to] = [formatTimeOfDay(bounds.fromMs, zone), formatTimeOfDay(bounds.toMs, zone)]
  return `${countWords(countsIn(overview.heat, box))} · ${durationWords(bounds)} · ${from} – ${to}`
}

function BoxOutline({
  box,
  overview,
  width,
  words,
  isMade,
}: {
  readonly box: HeatBox
  readonly overview: Overview
  readonly width: number
  readonly words: string
  readonly isMade: boolean
}) {
  const frame = frameOf(width)
  const low = cellRect(frame, overview.heat, box.firstColumn, box.firstRow)
  const high = cellRect(frame, overview.heat, box.lastColumn, box.lastRow)
  const area = { left: low.x, top: high.y, width: high.x + high.width - low.x, height: low.y + low.height - high.y }
  const isRight = area.left > width / 2
  return (
    <>
      <div className={`${styles['box']} ${isMade ? styles['making'] : ''}`} style={area} />
      <div
        className={styles['tip']}
        style={isRight ? { right: width - area.left - area.width } : { left: area.left }}
        aria-hidden="true"
      >
        {words}
      </div>
    </>
  )
}
