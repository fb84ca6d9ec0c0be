import { useCallback, useEffect, useRef, useState } from 'react'
import { useCanvas } from '../charts/use-canvas.ts'
import { useTokens } from '../charts/use-tokens.ts'
import { axisTicks } from './axis-ticks.ts'
import type { FlameCanvasProps } from './flame-canvas-props.ts'
import { LANE, paintFlame } from './flame-paint.ts'
import styles from './flame-view.module.css'
import { useFlameInput } from './use-flame-input.ts'
import { shareOf, type Zoom } from './zoom.ts'

/** The drawing, as high as its frame; of deep traces, the lanes that are scrolled to. */
export function FlameCanvas(props: FlameCanvasProps) {
  const { model, layout, matches, zoom, told, selected } = props
  const tokens = useTokens()
  const scroller = useRef<HTMLDivElement>(null)
  const [scrolled, setScrolled] = useState(0)
  const { current, on } = useFlameInput(props, scroller)
  const draw = useCallback(
    (context: CanvasRenderingContext2D, width: number, height: number, ratio: number) => {
      context.scale(ratio, ratio)
      paintFlame(
        context,
        width,
        height,
        { model, layout, zoom, scrolled, hovered: told, current, selected, matches },
        tokens,
      )
    },
    [model, layout, zoom, scrolled, told, current, selected, matches, tokens],
  )
  useEffect(() => {
    scroller.current?.scrollTo({ top: 0 })
  }, [layout])
  return (
    <>
      {props.hasAxis ? <Axis zoom={zoom} /> : undefined}
      <div
        ref={scroller}
        className={styles['scroller']}
        role="application"
        aria-roledescription="flame graph"
        aria-label={`${layout.count.toLocaleString('en')} frames. Arrows go from frame to frame, Enter shows details.`}
        tabIndex={0}
        onScroll={(event) => {
          setScrolled(event.currentTarget.scrollTop)
        }}
        {...on}
      >
        <canvas ref={useCanvas(draw)} className={styles['canvas']} aria-hidden="true" />
        <div className={styles['tall']} style={{ height: layout.lanes * LANE }} />
      </div>
    </>
  )
}

function Axis({ zoom }: { readonly zoom: Zoom }) {
  return (
    <div className={styles['axis']} aria-hidden="true">
      {axisTicks(zoom, 8).map(({ us, label }) => (
        <span key={us} style={{ left: `${shareOf(zoom, us) * 100}%` }}>
          {label}
        </span>
      ))}
    </div>
  )
}
