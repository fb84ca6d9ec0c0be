import type { Browser } from 'playwright-core'
import { BIG_ROWS, DEEP_ROWS, MAP_NODES } from '../../test/console/seed-large.ts'
import { percentile } from './budget.ts'
import { answeredAt, ask, framesDuring, heapBytes, longestTask, timeUntil, until, withPage } from './page-probe.ts'

/** Where the console is, and what it has to show. */
export type Stage = {
  readonly browser: Browser
  readonly origin: string
  readonly bigId: string
  readonly deepId: string
}

/** One measurement of everything, by the names of `page-budgets.ts`. */
export type PageRun = Readonly<Record<string, number>>

const GRID = `document.querySelector('[role=treegrid]')`
const SCROLLER = `${GRID}.closest('[data-scroll-restoration-id]')`
const ROW_COUNT = `Number(${GRID}.ariaRowCount)`
/** How long the find box waits for another letter (trace/use-draft.ts); it is not part of finding. */
const FIND_REST_MS = 200
const CHANGES = 60

const SCROLL = `
  for (let step = 1; step <= ${CHANGES}; step++) {
    ${SCROLLER}.scrollTop = (${SCROLLER}.scrollHeight * step) / ${CHANGES}
    await frame()
  }`

/** Turns the wheel over an element, with Ctrl held: in, and half of the way out again. */
const zoomOver = (element: string): string => `
  const box = ${element}.getBoundingClientRect()
  for (let step = 0; step < ${CHANGES}; step++) {
    ${element}.dispatchEvent(new WheelEvent('wheel', {
      ctrlKey: true, deltaY: step < (${CHANGES} * 2) / 3 ? -40 : 40, bubbles: true, cancelable: true,
      clientX: box.left + box.width * 0.7, clientY: box.top + box.height / 2,
    }))
    await frame()
  }`

/** A visit of the list of traces, whose scripts the browser does not have yet. */
export const measureFirstPaint = ({ browser, origin }: Stage): Promise<PageRun> =>
  withPage(browser, origin, '/traces', async (page) => {
    await page.getByRole('table', { name: 'Traces' }).getByRole('link').first().waitFor()
    await page.waitForLoadState('networkidle')
    return {
      paint: await ask(page, 'probe.paint'),
      largest: await ask(page, 'probe.largest'),
      shift: await ask(page, 'probe.shift'),
      heat: await ask(page, 'Math.max(...probe.heat)'),
    }
  })

/** A trace of 50,000 rows: folded as it opens, then with all its rows. */
export const measureBigTrace = ({ browser, origin, bigId }: Stage): Promise<PageRun> =>
  withPage(browser, origin, `/traces/${bigId}?fold=off`, async (page) => {
    await until(page, 'probe.seen.row > 0')
    const rows = await ask(page, `probe.seen.row - ${answeredAt('/outline')}`)
    await page.waitForLoadState('networkidle')
    const task = await longestTask(page, answeredAt('/outline'))
    await page.getByRole('button', { name: 'Open all' }).click()
    await until(page, `${ROW_COUNT} === ${BIG_ROWS}`)
    const elements = await ask(page, `document.querySelectorAll('*').length`)
    const scroll = await framesDuring(page, SCROLL)
    await page.evaluate(`${SCROLLER}.scrollTop = 0`)
    const zoom = await framesDuring(page, zoomOver(SCROLLER))
    await until(page, `new URLSearchParams(location.search).has('z')`)
    await page.getByRole('row').first().focus()
    const problem = await timeUntil(
      page,
      `const at = document.activeElement
       at.dispatchEvent(new KeyboardEvent('keydown', { key: 'e', bubbles: true, cancelable: true }))`,
      `document.activeElement !== at && document.activeElement.getAttribute('role') === 'row'`,
    )
    const closeAll = await timeUntil(
      page,
      `document.querySelector('[aria-label="Close all"]').click()`,
      `${ROW_COUNT} < ${BIG_ROWS}`,
    )
    const find = await timeUntil(
      page,
      `const field = document.querySelector('[aria-label="Find in the trace"]')
       Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(field, 'step 7')
       field.dispatchEvent(new Event('input', { bubbles: true }))`,
      `/\\d (?:of|match)/.test(field.parentElement.textContent)`,
    )
    return {
      rows,
      task,
      elements,
      scroll: percentile(scroll, 0.95),
      scrollMost: Math.max(...scroll),
      zoom: percentile(zoom, 0.95),
      zoomMost: Math.max(...zoom),
      problem,
      closeAll,
      find: Math.max(0, find - FIND_REST_MS),
      heap: (await heapBytes(page)) / 1e6,
    }
  })

/** A chain of 20,000: from the answer until it is on the screen. */
export const measureDeepTrace = ({ browser, origin, deepId }: Stage): Promise<PageRun> =>
  withPage(browser, origin, `/traces/${deepId}?fold=off`, async (page) => {
    await until(page, 'probe.seen.row > 0')
    const deep = await ask(page, `probe.seen.row - ${answeredAt('/outline')}`)
    await page.getByRole('button', { name: 'Open all' }).click()
    await until(page, `${ROW_COUNT} === ${DEEP_ROWS}`)
    return { deep }
  })

/** The map of 500 services and 900 calls. */
export const measureMap = ({ browser, origin }: Stage): Promise<PageRun> =>
  withPage(browser, origin, '/map?all=1', async (page) => {
    await until(page, `document.querySelectorAll('[data-node]').length >= ${MAP_NODES}`)
    await page.waitForLoadState('networkidle')
    const worker = await ask(page, 'probe.worker')
    const shown = await ask(page, `probe.seen.node - ${answeredAt('/api/graph')}`)
    const mapTask = await longestTask(page, answeredAt('/api/graph'), 'probe.workerDone')
    const zoom = await framesDuring(page, zoomOver(`document.querySelector('[data-node]').closest('svg')`))
    return { worker, draw: Math.max(0, shown - worker), mapTask, mapZoom: percentile(zoom, 0.95) }
  })
