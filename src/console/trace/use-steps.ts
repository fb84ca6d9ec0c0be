import { announce } from '../frame/toasts.tsx'
import { useShortcuts } from '../frame/use-shortcuts.ts'
import { openToLevel } from './model/fold.ts'
import { serviceOf } from './model/trace-model.ts'
import { nextCritical, nextMatch, nextProblem, type Direction, type Step } from './model/step-through.ts'
import type { TraceState, TraceView } from './use-trace-view.ts'
import { titleOf } from './waterfall/row-words.ts'
import { writeHidden } from './hidden-services.ts'
import { panBy, zoomBy, zoomTo } from './zoom.ts'

/** Goes to a step and says which it is. */
function follow(view: TraceState, step: Step | undefined, what: string, takesFocus = true): void {
  if (step === undefined) {
    announce(`No ${what}`)
    return
  }
  const wrapped = step.isWrapped && step.of > 0 && view.focusNode !== -1 ? 'Wrapped. ' : ''
  announce(`${wrapped}${what} ${step.position} of ${step.of}: ${titleOf(view.model, step.node)}`)
  view.goTo(step.node, takesFocus)
}

/** To the next fault, error or throttle. */
function stepProblem(view: TraceState, direction: Direction): void {
  follow(view, nextProblem(view.model, view.rows, view.focusNode, direction), 'Problem')
}

/** To the next step of the critical path. */
function stepCritical(view: TraceState, direction: Direction): void {
  follow(view, nextCritical(view.model, view.path, view.rows, view.focusNode, direction), 'Critical path step')
}

/** To the next match of the find box. */
export function stepMatch(view: TraceState, direction: Direction, takesFocus = true): void {
  follow(view, nextMatch(view.model, view.rows, view.focusNode, direction), 'Match', takesFocus)
}

/** Hides what a service did, or shows it again. */
export function toggleService({ url, hidden: before }: Pick<TraceState, 'hidden' | 'url'>, name: string): void {
  const hidden = new Set(before)
  if (!hidden.delete(name)) hidden.add(name)
  url.change({ hide: writeHidden(hidden) })
  announce(hidden.has(name) ? `${name} hidden` : `${name} shown`)
}

/** The keys of the waterfall that need no row to have the focus (console §4.14). */
export function useWaterfallShortcuts(view: TraceView, measure: () => void): void {
  const { model, zoom, whole, setZoom, focusNode } = view
  const middle = (zoom.fromUs + zoom.toUs) / 2
  const run = (label: string, action: () => void) => ({ label, run: action })
  const levels = Array.from({ length: 9 }, (_, at) => String(at + 1))
  useShortcuts('Trace', {
    e: run('Next problem', () => {
      stepProblem(view, 'next')
    }),
    E: run('Previous problem', () => {
      stepProblem(view, 'previous')
    }),
    c: run('Next on the critical path', () => {
      stepCritical(view, 'next')
    }),
    C: run('Previous on the critical path', () => {
      stepCritical(view, 'previous')
    }),
    n: run('Next match', () => {
      stepMatch(view, 'next')
    }),
    N: run('Previous match', () => {
      stepMatch(view, 'previous')
    }),
    p: run('Parent', () => {
      const parent = model.parent[focusNode] ?? -1
      if (parent !== -1) view.goTo(parent)
    }),
    w: run('Zoom in', () => {
      setZoom(zoomBy(zoom, 1.5, middle, whole))
    }),
    s: run('Zoom out', () => {
      setZoom(zoomBy(zoom, 1 / 1.5, middle, whole))
    }),
    a: run('Earlier', () => {
      setZoom(panBy(zoom, -0.2, whole))
    }),
    d: run('Later', () => {
      setZoom(panBy(zoom, 0.2, whole))
    }),
    f: run('Zoom to the row', () => {
      if (focusNode !== -1) setZoom(zoomTo(model.start[focusNode] ?? 0, model.end[focusNode] ?? 0, whole))
    }),
    0: run('Whole trace', () => {
      setZoom(whole)
    }),
    h: run('Hide the service of the row', () => {
      const name = serviceOf(model, focusNode)?.name
      if (name !== undefined) toggleService(view, name)
    }),
    m: run('Measure from this row, then to another', measure),
    ...Object.fromEntries(
      levels.map((level) => [
        level,
        run(`Open to level ${level}`, () => {
          view.setFold(openToLevel(model, view.fold, Number(level)))
        }),
      ]),
    ),
  })
}
