import type { FlameLayout } from './model/flame-layout.ts'
import type { TraceModel } from './model/trace-model.ts'
import type { Zoom } from './zoom.ts'

/** What a flame graph is drawn from, and what it says. */
export type FlameCanvasProps = {
  readonly model: TraceModel
  readonly layout: FlameLayout
  readonly matches: Uint8Array | undefined
  readonly whole: Zoom
  readonly zoom: Zoom
  readonly onZoom: (zoom: Zoom) => void
  readonly hasAxis: boolean
  /** The frame that is told of, -1 for none. */
  readonly told: number
  readonly onTell: (frame: number) => void
  readonly selected: number
  readonly onSelect: (node: number) => void
}
