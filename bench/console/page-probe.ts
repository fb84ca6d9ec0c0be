import type { Browser, Page } from 'playwright-core'
import { openPage } from '../../test/fixtures/browser-page.ts'

/**
 * What the page notes from its first moment: tasks over 50 ms, paints, shifts, when something first stood on the screen,
 * how long a worker took, how long the heat map was drawn. Times are milliseconds of the page's clock.
 */
const PROBE = `
  const probe = { tasks: [], paint: 0, largest: 0, shift: 0, seen: {}, worker: 0, workerDone: 0, heat: [] }
  globalThis.probe = probe
  const watch = (type, note) =>
    new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true })
  watch('longtask', ({ startTime, duration }) => probe.tasks.push({ startTime, duration }))
  watch('paint', ({ name, startTime }) => { if (name === 'first-contentful-paint') probe.paint = startTime })
  watch('largest-contentful-paint', ({ startTime }) => { probe.largest = startTime })
  watch('layout-shift', ({ value, hadRecentInput }) => { if (!hadRecentInput) probe.shift += value })
  const wanted = { row: '[role=treegrid] [role=row][aria-rowindex]', node: '[data-node]' }
  const look = () => {
    for (const [name, selector] of Object.entries(wanted)) {
      if (probe.seen[name] === undefined && document.querySelector(selector) !== null) {
        probe.seen[name] = -1
        // The frame after this one shows it.
        requestAnimationFrame(() => { probe.seen[name] = performance.now() })
      }
    }
    requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
  const Original = globalThis.Worker
  globalThis.Worker = class extends Original {
    postMessage(...message) {
      const start = performance.now()
      const note = () => {
        probe.workerDone = performance.now()
        probe.worker = probe.workerDone - start
      }
      this.addEventListener('message', note, { once: true })
      super.postMessage(...message)
    }
  }
  // A drawing begins by clearing the canvas, and is over before anything else happens on the page.
  const { clearRect } = CanvasRenderingContext2D.prototype
  CanvasRenderingContext2D.prototype.clearRect = function (...box) {
    const start = performance.now()
    queueMicrotask(() => probe.heat.push(performance.now() - start))
    return clearRect.apply(this, box)
  }
`

/** Opens an address in a context of its own, with the probe in it, and closes it when `use` is done. */
export async function withPage<T>(
  browser: Browser,
  origin: string,
  path: string,
  use: (page: Page) => Promise<T>,
): Promise<T> {
  const { page, close } = await openPage(browser, origin, { reducedMotion: 'reduce' })
  try {
    await page.addInitScript(PROBE)
    await page.goto(path)
    return await use(page)
  } finally {
    await close()
  }
}

/** A number that the page works out: the script is an expression, and `probe` is what was noted. */
export const ask = (page: Page, expression: string): Promise<number> => page.evaluate<number>(expression)

/**
 * The longest task between two moments of the page's clock, in milliseconds. Those under 50 ms are not told of, and count
 * as 0.
 */
export const longestTask = (page: Page, from: string, to = 'Infinity'): Promise<number> =>
  ask(
    page,
    `Math.max(0, ...probe.tasks
      .filter(({ startTime, duration }) => startTime + duration > ${from} && startTime + duration <= ${to})
      .map(({ duration }) => duration))`,
  )

/** When the answer of the first request whose address has this in it was all there. */
export const answeredAt = (part: string): string =>
  `performance.getEntriesByType('resource').find(({ name }) => name.includes('${part}')).responseEnd`

/** Frames while the script runs, in milliseconds; `frame()` waits for the next. */
export const framesDuring = (page: Page, script: string): Promise<readonly number[]> =>
  page.evaluate<readonly number[]>(`(async () => {
    const frames = []
    let last = performance.now()
    let isOver = false
    const tick = (now) => {
      frames.push(now - last)
      last = now
      if (!isOver) requestAnimationFrame(tick)
    }
    requestAnimationFrame(tick)
    const frame = () => new Promise(requestAnimationFrame)
    ${script}
    isOver = true
    await frame()
    return frames.slice(2)
  })()`)

/** Milliseconds from an action to the frame in which the condition is true; it gives up after ten seconds. */
export const timeUntil = (page: Page, action: string, condition: string): Promise<number> =>
  ask(
    page,
    `(async () => {
      const start = performance.now()
      ${action}
      while (!(${condition}) && performance.now() - start < 10_000) await new Promise(requestAnimationFrame)
      return performance.now() - start
    })()`,
  )

/**
 * Resolves in the frame in which the condition is true. Playwright's own waiting would evaluate text in the page, which
 * the policy of the console forbids.
 */
export async function until(page: Page, condition: string): Promise<void> {
  const waitedMs = await timeUntil(page, '', condition)
  if (!(await page.evaluate<boolean>(condition))) throw new Error(`after ${waitedMs} ms still not: ${condition}`)
}

/** Bytes of the heap in use, after a collection, with arrays of numbers and the browser's own objects. */
export async function heapBytes(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.enable')
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize, embedderHeapUsedSize, backingStorageSize } = await session.send('Runtime.getHeapUsage')
  await session.detach()
  return usedSize + embedderHeapUsedSize + backingStorageSize
}
