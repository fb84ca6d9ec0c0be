import type { Budget } from './budget.ts'

const ms = (what: string, budget: number): Budget => ({ what, unit: 'ms', budget })

/** The budgets of what a browser does (console §4.13), by the names in a run. */
export const PAGE_BUDGETS: Readonly<Record<string, Budget>> = {
  paint: ms('list of traces: first contentful paint', 600),
  largest: ms('list of traces: largest contentful paint', 1_200),
  shift: { what: 'list of traces: layout shift', unit: '', budget: 0.05 },
  heat: ms('heat map: draw', 16),
  rows: ms('50,000 rows: answer to rows on the screen', 400),
  task: ms('50,000 rows: longest task after the answer', 200),
  scroll: ms('50,000 rows: scrolling, p95 of frames', 25),
  scrollMost: ms('50,000 rows: scrolling, longest frame', 100),
  zoom: ms('50,000 rows: zooming, p95 of frames', 25),
  zoomMost: ms('50,000 rows: zooming, longest frame', 100),
  problem: ms('50,000 rows: next problem', 50),
  closeAll: ms('50,000 rows: close all', 50),
  find: ms('50,000 rows: find by name', 50),
  elements: { what: '50,000 rows: elements on the page', unit: '', budget: 2_500 },
  heap: { what: '50,000 rows: heap', unit: 'MB', budget: 120 },
  deep: ms('chain of 20,000: answer to rows on the screen', 1_000),
  worker: ms('map of 500 services: layout in its worker', 1_500),
  draw: ms('map of 500 services: first drawing', 250),
  mapTask: ms('map of 500 services: longest task until it is laid out', 50),
  mapZoom: ms('map of 500 services: zooming, p95 of frames', 30),
}
