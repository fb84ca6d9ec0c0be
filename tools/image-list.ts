import type { Page } from 'playwright-core'

/** Traces that pictures are of. */
export type PicturedTraces = {
  /** A request in which the payments failed. */
  readonly fault: string
  /** One that asks one table three hundred times. */
  readonly repeats: string
}

/** A picture of the console. */
export type Picture = {
  /** Its name in docs/images, without `.png`. */
  readonly name: string
  readonly path: (traces: PicturedTraces) => string
  /** What is there when the page is complete; a CSS selector. */
  readonly shows: string
  readonly dark?: boolean
  readonly narrow?: boolean
  /** What is done before the picture is taken. */
  readonly act?: (page: Page) => Promise<void>
}

const NODE = '[data-node]'
const LIST_DONE = 'header p:has-text("scanned 100 %")'
const ROW = '[role=treegrid] [role=row]'

const trace =
  (search = '') =>
  ({ fault }: PicturedTraces): string =>
    `/traces/${fault}${search}`
const fixed = (path: string) => (): string => path

const LIST_COLUMNS = '/traces?t=30m'
const FAULTS = encodeURIComponent('service("payments") { fault }')

/** Before anything was sent. */
export const EMPTY_PICTURES: readonly Picture[] = [
  { name: 'welcome', path: fixed('/'), shows: 'text=/waiting for the first segment/i' },
]

/** With the half hour of the demo. */
export const DEMO_PICTURES: readonly Picture[] = [
  { name: 'map', path: fixed('/map?t=30m'), shows: NODE },
  { name: 'map-dark', path: fixed('/map?t=30m'), shows: NODE, dark: true },
  { name: 'map-node', path: fixed('/map?t=30m'), shows: NODE, act: selectPayments },
  { name: 'map-list', path: fixed('/map?t=30m&as=list'), shows: 'main [role=row], main tr' },
  { name: 'map-narrow', path: fixed('/map?t=30m'), shows: 'main', narrow: true },
  { name: 'traces', path: fixed(LIST_COLUMNS), shows: LIST_DONE },
  { name: 'traces-dark', path: fixed(`${LIST_COLUMNS}&q=${FAULTS}`), shows: LIST_DONE, dark: true },
  {
    name: 'traces-filter-error',
    path: fixed(`${LIST_COLUMNS}&q=${encodeURIComponent('service("api") { faultt } AND duration >')}`),
    shows: 'main',
  },
  {
    name: 'traces-nothing',
    path: fixed(`${LIST_COLUMNS}&q=${encodeURIComponent('service("payments") { fault } AND duration > 60')}`),
    shows: LIST_DONE,
  },
  { name: 'traces-narrow', path: fixed(LIST_COLUMNS), shows: LIST_DONE, narrow: true },
  { name: 'trace', path: trace(), shows: ROW },
  { name: 'trace-dark', path: trace(), shows: ROW, dark: true },
  { name: 'trace-details', path: trace(), shows: ROW, act: openProblem },
  { name: 'trace-map', path: trace('?as=map'), shows: NODE },
  { name: 'trace-flame', path: trace('?as=flame'), shows: 'main canvas' },
  { name: 'trace-table', path: trace('?as=table'), shows: 'main [role=row], main tr' },
  { name: 'trace-raw', path: trace('?as=raw'), shows: 'main' },
  { name: 'trace-narrow', path: trace(), shows: ROW, narrow: true },
  { name: 'not-found', path: fixed('/no-such-page'), shows: 'main' },
]

/** With a trace more. */
export const REPEATS_PICTURES: readonly Picture[] = [
  { name: 'trace-repeats', path: ({ repeats }) => `/traces/${repeats}`, shows: ROW },
]

async function selectPayments(page: Page): Promise<void> {
  await page
    .getByRole('button', { name: /^payments,/ })
    .first()
    .click()
  const panel = page.getByRole('complementary', { name: 'payments' })
  await panel.getByRole('link', { name: /^View \d+ trace/ }).waitFor()
  await panel.locator('canvas').first().waitFor()
}

/** Goes to the first problem, the second, and opens what is told of it. */
async function openProblem(page: Page): Promise<void> {
  await page.keyboard.press('E')
  await page.locator('[role=row]:focus').waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('complementary').waitFor()
}
