/** The part of a trace's time that is drawn, in microseconds from its start. */
export type Zoom = { readonly fromUs: number; readonly toUs: number }

/** Nothing is told apart below this. */
const LEAST_US = 10

/** Reads `200000-900000` of a URL (console §4.2, `z`). Undefined when it is none. */
export function readZoom(text: string | undefined): Zoom | undefined {
  const match = /^(-?\d{1,15})-(-?\d{1,15})$/.exec(text ?? '')
  if (match === null) return undefined
  const [fromUs, toUs] = [Number(match[1]), Number(match[2])]
  return toUs - fromUs >= LEAST_US ? { fromUs, toUs } : undefined
}

/** As `readZoom` reads it; undefined where it is the whole. */
export function writeZoom(zoom: Zoom, whole: Zoom): string | undefined {
  return isWhole(zoom, whole) ? undefined : `${Math.round(zoom.fromUs)}-${Math.round(zoom.toUs)}`
}

/** Whether nothing is left out. */
export function isWhole(zoom: Zoom, whole: Zoom): boolean {
  return zoom.fromUs <= whole.fromUs && zoom.toUs >= whole.toUs
}

/** So many times closer (below 1: further away), so that `anchorUs` stays where it is. Never beyond the whole. */
export function zoomBy(zoom: Zoom, factor: number, anchorUs: number, whole: Zoom): Zoom {
  const span = zoom.toUs - zoom.fromUs
  const wanted = Math.min(Math.max(span / factor, LEAST_US), whole.toUs - whole.fromUs)
  const share = span > 0 ? (anchorUs - zoom.fromUs) / span : 0.5
  return within(anchorUs - wanted * share, wanted, whole)
}

/** Moved by a share of what is shown: 0.25 is a quarter later. Never beyond the whole. */
export function panBy(zoom: Zoom, share: number, whole: Zoom): Zoom {
  const span = zoom.toUs - zoom.fromUs
  return within(zoom.fromUs + span * share, span, whole)
}

/** What shows this time with a little on either side. */
export function zoomTo(fromUs: number, toUs: number, whole: Zoom): Zoom {
  const span = Math.max(toUs - fromUs, LEAST_US)
  const margin = span * 0.05
  const wanted = Math.min(span + 2 * margin, whole.toUs - whole.fromUs)
  return within(fromUs - margin, wanted, whole)
}

function within(fromUs: number, span: number, whole: Zoom): Zoom {
  const from = Math.min(Math.max(fromUs, whole.fromUs), whole.toUs - span)
  return { fromUs: from, toUs: from + span }
}

/** Where a time is, as a share of what is shown: 0 at its beginning, 1 at its end. */
export function shareOf(zoom: Zoom, us: number): number {
  return (us - zoom.fromUs) / (zoom.toUs - zoom.fromUs)
}
