import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { describeConsole } from '../fixtures/console-suite.ts'
import { sendTraces } from './seed.ts'
import { shopTraces } from './seed-shop.ts'
import { smallTrace } from './seed-traces.ts'

const small = smallTrace()
const FAILURE = {
  status: 500,
  contentType: 'application/json',
  headers: { 'x-amzn-requestid': 'the-request-id' },
  body: JSON.stringify({ __type: 'InternalFailure', Message: 'The disk is on fire', message: 'The disk is on fire' }),
}

/** Lets the server answer this kind of question with an error, until told otherwise. */
async function failing(page: Page, pattern: string): Promise<() => Promise<void>> {
  await page.route(pattern, (route) => route.fulfill(FAILURE))
  return () => page.unroute(pattern)
}

describeConsole('before anything came', {}, ({ open, server }) => {
  test('the welcome says how to send, and leads to what comes first', async () => {
    const page = await open('/')
    await page.getByText(/waiting for the first segment/i).waitFor()
    const text = (await page.locator('main').textContent()) ?? ''
    expect(text).toContain('AWS_XRAY_DAEMON_ADDRESS')
    expect(text).toContain(`:${server().port}`)
    await sendTraces(server(), small)
    await page.waitForURL(`**/traces/${small.id}**`)
    await page.getByRole('row').first().waitFor()
  })
})

describeConsole(
  'when things go wrong',
  { seed: (server) => sendTraces(server, ...shopTraces(), small) },
  ({ open }) => {
    test('52: one panel fails, the rest goes on, and Retry repairs it', async () => {
      const page = await open('/map')
      page.expectComplaint(/status of 500/)
      await page
        .getByRole('button', { name: /^shop,/ })
        .first()
        .waitFor()
      const repair = await failing(page, '**/api/graph/trend**')
      await page
        .getByRole('button', { name: /^shop,/ })
        .first()
        .click()
      const panel = page.getByRole('complementary')
      const alert = panel.getByRole('alert')
      await alert.getByText('The disk is on fire').waitFor()
      await alert.getByText('the-request-id').waitFor()
      await panel.getByText('Time inside shop').waitFor()
      await repair()
      await alert.getByRole('button', { name: 'Retry' }).click()
      await alert.waitFor({ state: 'detached' })
    })

    test('52: a list that breaks off says so, and what came stays usable', async () => {
      const page = await open('/traces?q=ok')
      page.expectComplaint(/status of 500/)
      await page.getByText(/scanned 100 %/).waitFor()
      const repair = await failing(page, '**/api/traces?**')
      await page.keyboard.press('r')
      const alert = page.getByRole('alert').filter({ hasText: 'The disk is on fire' })
      await alert.waitFor()
      expect(await page.getByRole('region', { name: 'Refine' }).isVisible()).toBe(true)
      await repair()
      await alert.getByRole('button', { name: 'Retry' }).click()
      await page.getByText(/scanned 100 %/).waitFor()
      await alert.waitFor({ state: 'detached' })
    })

    test('52: details that fail leave the timeline', async () => {
      const page = await open(`/traces/${small.id}`)
      page.expectComplaint(/status of 500/)
      await page.getByRole('row').first().waitFor()
      const repair = await failing(page, '**/segments/**')
      await page.getByRole('row').first().click()
      const details = page.getByRole('complementary')
      await details.getByText('The disk is on fire').waitFor()
      await repair()
      await details.getByRole('button', { name: 'Retry' }).click()
      await details.getByRole('tab', { name: 'Overview' }).waitFor()
      expect(await page.getByRole('treegrid').isVisible()).toBe(true)
    })

    test('51: the zone that is chosen is that of every time, and of nothing else', async () => {
      const page = await open('/traces', { timezoneId: 'America/New_York' })
      await page.getByText(/scanned 100 %/).waitFor()
      const first = page.getByRole('row').nth(1)
      const cells = async () => first.getByRole('cell').allTextContents()
      const before = await cells()
      await page.getByRole('button', { name: /^Time:/ }).click()
      await page.getByLabel('Zone of all times').selectOption('Asia/Kathmandu')
      await page.keyboard.press('Escape')
      await page.getByRole('columnheader', { name: /Start \(.*(?:5:45|Kathmandu)/ }).waitFor()
      const after = await cells()
      const minutes = (text = ''): number => {
        const [hours = NaN, rest = NaN] = text.split(':').map(Number)
        return hours * 60 + rest
      }
      // New York is behind UTC by five hours in November, Kathmandu ahead by 5:45.
      expect((minutes(after[1]) - minutes(before[1]) + 24 * 60) % (24 * 60)).toBe(10 * 60 + 45)
      expect(after.toSpliced(1, 1)).toEqual(before.toSpliced(1, 1))
      await first.getByRole('link').click()
      await page.getByRole('treegrid').getByRole('row').first().waitFor()
      await expect.poll(() => page.locator('main').textContent()).toMatch(/\+0?5:45|Kathmandu/)
    })

    test('51: so it is on every page', async () => {
      const [from, to] = [-30, 5].map((minutes) => new Date(Date.now() + minutes * 60_000).toISOString())
      const t = `t=${from?.slice(0, 19)}Z~${to?.slice(0, 19)}Z`
      const page = await open(`/traces?${t}`, { timezoneId: 'America/New_York' })
      page.expectComplaint(/status of 404/)
      const before = await textsOf(page, t)
      await page.goto(`/traces?${t}`)
      await page.getByRole('button', { name: /^Time:/ }).click()
      await page.getByLabel('Zone of all times').selectOption('Asia/Kathmandu')
      await page.keyboard.press('Escape')
      const after = await textsOf(page, t)
      for (const [name, text] of before) {
        const [was, is] = [apart(text), apart(after.get(name) ?? '')]
        expect(is.rest, `what is no time, on ${name}`).toBe(was.rest)
        expect(was.minutes.length, `times on ${name}`).toBeGreaterThan(0)
        expect(is.minutes.length, `times on ${name}`).toBe(was.minutes.length)
        const moved = is.minutes.map((minutes, at) => (minutes - (was.minutes[at] ?? NaN) + 24 * 60) % (24 * 60))
        expect(
          moved.filter((by) => by !== 10 * 60 + 45),
          `times that moved otherwise, on ${name}: ${text}`,
        ).toEqual([])
      }
    })
  },
)

/** What is written on the pages that have times, by page. */
async function textsOf(page: Page, t: string): Promise<ReadonlyMap<string, string>> {
  const pages: readonly (readonly [string, (page: Page) => Promise<void>])[] = [
    [
      `/map?${t}`,
      (map) =>
        map
          .getByRole('button', { name: /^shop,/ })
          .first()
          .waitFor(),
    ],
    [
      `/map?${t}&as=list`,
      async (map) => {
        await map.getByRole('button', { name: 'shop', exact: true }).click()
        await map.getByText('Time inside shop').waitFor()
      },
    ],
    [`/traces?${t}`, (list) => list.getByText(/scanned 100 %/).waitFor()],
    [
      `/traces/${small.id}?${t}&seg=0000000000000503`,
      (trace) => trace.getByRole('complementary').getByRole('tab', { name: 'Overview' }).waitFor(),
    ],
    // Of a winter: in summer New York is not so far behind.
    [`/traces/1-5e000000-00000000000000000000beef?${t}`, (none) => none.getByText(/2019/).first().waitFor()],
  ]
  const texts = new Map<string, string>()
  for (const [path, go] of pages) {
    await page.goto(path)
    await go(page)
    await page.waitForLoadState('networkidle')
    texts.set(path, await page.locator('body').innerText())
  }
  return texts
}

const A_TIME = /(?:\d{4}-\d\d-\d\d )?\b(\d\d):(\d\d)(?::\d\d(?:\.\d{1,3})?)?\b/g
const A_ZONE = /UTC[+\u2212]\d\d:\d\d|America\/New_York|Asia\/Kathmandu/g
/** Changes while the test runs. */
const AN_AGE = /\b\d+ (?:s|min|h) ago|\bnow\b/g

/** Times of a text, in minutes of their day, and what is left without them, without zones and without ages. */
function apart(text: string): { readonly minutes: readonly number[]; readonly rest: string } {
  const timeless = text.replaceAll(A_ZONE, '')
  const minutes = [...timeless.matchAll(A_TIME)].map(([, hours, rest]) => Number(hours) * 60 + Number(rest))
  return { minutes, rest: timeless.replaceAll(A_TIME, '').replaceAll(AN_AGE, '').replaceAll(/\s+/g, ' ') }
}
