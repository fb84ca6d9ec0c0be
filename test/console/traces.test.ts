import type { Locator, Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { describeConsole } from '../fixtures/console-suite.ts'
import { send } from '../fixtures/raw-http.ts'
import type { RunningServer } from '../fixtures/run-server.ts'
import { startSlowFront } from '../fixtures/slow-front.ts'
import { sendTraces } from './seed.ts'
import { goingTrace } from './seed-traces.ts'
import { SHOP_FAULTS, SHOP_REQUESTS, shopTraces } from './seed-shop.ts'

const shop = shopTraces()

const box = (page: Page): Locator => page.getByRole('textbox', { name: 'Filter traces' })
const table = (page: Page): Locator => page.getByRole('table', { name: 'Traces' })
const links = (page: Page): Locator => table(page).getByRole('link')
const truth = (page: Page, text: RegExp): Locator => page.locator('header p').filter({ hasText: text })
const searchOf = (page: Page): URLSearchParams => new URL(page.url()).searchParams
const rowsOf = async (page: Page): Promise<number> => Number(await table(page).getAttribute('aria-rowcount')) - 1

/** A group of those that took longest: durations are 50 ms, and 10 ms more with each request. */
const SLOW = { GroupName: 'slow', FilterExpression: 'responsetime > 0.205' }
const SLOW_REQUESTS = SHOP_REQUESTS - 16

async function seedShop(server: RunningServer): Promise<void> {
  await sendTraces(server, ...shop)
  const answer = await send(server.url, { path: '/CreateGroup', body: JSON.stringify(SLOW) })
  if (answer.status !== 200) throw new Error(`the group was not made: ${answer.text}`)
}

describeConsole('the list of traces', { seed: seedShop }, ({ open, server }) => {
  const openList = async (search = ''): Promise<Awaited<ReturnType<typeof open>>> => {
    const page = await open(`/traces${search}`)
    await truth(page, /scanned 100 %/).waitFor()
    return page
  }

  test('has the newest first, and says what was looked at', async () => {
    const page = await openList()
    await truth(page, new RegExp(`^${SHOP_REQUESTS} match · scanned 100 % of 15 min`)).waitFor()
    expect(await rowsOf(page)).toBe(SHOP_REQUESTS)
    expect(await links(page).first().getAttribute('href')).toContain(shop[0]?.id)
    expect(await table(page).getByRole('row').nth(1).textContent()).toMatch(/500.*GET.*\/item\/0/)
  })

  test('sorts by duration, in the URL, and Back undoes it', async () => {
    const page = await openList()
    await page
      .getByRole('columnheader', { name: /Duration/ })
      .getByRole('button')
      .click()
    await page.waitForURL(/sort=-duration/)
    await page.locator(`[role=row][aria-rowindex="2"][data-row="${shop.at(-1)?.id}"]`).waitFor()
    await page.reload()
    await page.locator(`[role=row][aria-rowindex="2"][data-row="${shop.at(-1)?.id}"]`).waitFor()
    await page.goBack()
    await page.locator(`[role=row][aria-rowindex="2"][data-row="${shop[0]?.id}"]`).waitFor()
  })

  test('3: coming back from a trace, and a reload, find the list as it was', async () => {
    const page = await openList('?q=service(%22shop%22)&sort=-duration')
    await page.getByRole('button', { name: /^Group:/ }).click()
    await page.getByRole('menuitemradio', { name: SLOW.GroupName }).click()
    await truth(page, new RegExp(`^${SLOW_REQUESTS} match · scanned 100 %`)).waitFor()
    const scroller = table(page).locator('..')
    await scroller.hover()
    await page.mouse.wheel(0, 400)
    const top = () => scroller.evaluate((element: { scrollTop: number }) => element.scrollTop)
    await expect.poll(top).toBeGreaterThan(300)
    // It is remembered when it has come to rest.
    await page.waitForTimeout(400)
    const seen = async () => ({
      search: Object.fromEntries(searchOf(page)),
      top: await top(),
      rows: await rowsOf(page),
      group: await page.getByRole('button', { name: /^Group:/ }).textContent(),
    })
    const before = await seen()
    expect(before).toMatchObject({
      search: { q: 'service("shop")', sort: '-duration', g: SLOW.GroupName },
      rows: SLOW_REQUESTS,
      group: `Group: ${SLOW.GroupName}`,
    })
    await table(page).getByRole('row').and(page.locator('[aria-rowindex="25"]')).getByRole('link').click()
    await page.getByRole('treegrid').waitFor()
    await page.goBack()
    await expect.poll(seen).toEqual(before)
    await page.reload()
    await expect.poll(seen).toEqual(before)
    await page
      .getByRole('columnheader', { name: /Duration/ })
      .getByRole('button')
      .click()
    await expect.poll(top).toBe(0)
  })

  describe('the filter', () => {
    test('16: completes annotations and their values', async () => {
      const page = await openList()
      await box(page).click()
      await page.keyboard.type('annotation.ten')
      const offers = page.getByRole('listbox')
      await offers
        .getByRole('option', { name: /tenant/ })
        .first()
        .waitFor()
      await page.keyboard.press('Tab')
      await expect.poll(() => box(page).textContent()).toMatch(/^annotation\.tenant\s*$/)
      await page.keyboard.type('= ')
      await offers
        .getByRole('option', { name: /globex/ })
        .first()
        .waitFor()
      await page.keyboard.type('"glo')
      await offers
        .getByRole('option', { name: /globex/ })
        .first()
        .waitFor()
      await page.keyboard.press('Tab')
      await expect.poll(() => box(page).textContent()).toContain('"globex"')
      await page.keyboard.press('Enter')
      await page.waitForURL(/[?&]q=/)
      expect(searchOf(page).get('q')).toMatch(/^annotation\.tenant = "globex"$/)
      await truth(page, new RegExp(`^${SHOP_REQUESTS / 3} match`)).waitFor()
    })

    test('17: is not sent when it is none, and says where it ends', async () => {
      const page = await openList()
      const asked: string[] = []
      page.on('request', (request) => asked.push(request.url()))
      await box(page).click()
      await page.keyboard.type('service("a"')
      await page.keyboard.press('Escape')
      await page.keyboard.press('Enter')
      await page.getByRole('alert').waitFor()
      expect(await box(page).getAttribute('aria-invalid')).toBe('true')
      expect(asked.filter((url) => /\/api\/traces\?/.test(url))).toEqual([])
      expect(searchOf(page).has('q')).toBe(false)
    })

    test('18: takes a clause from what the traces have in common', async () => {
      const page = await openList()
      const refine = page.getByRole('region', { name: 'Refine' })
      await refine.getByRole('button', { name: 'Only Status 500' }).click()
      await page.waitForURL(/[?&]q=/)
      expect(await box(page).textContent()).toContain('500')
      await truth(page, new RegExp(`^${SHOP_FAULTS} match`)).waitFor()
      await refine.getByRole('button', { name: /^Without Service stock/ }).click()
      await page.waitForURL((url) => (url.searchParams.get('q') ?? '').includes('AND !'))
      expect(await box(page).textContent()).toContain(' AND !')
      await page.getByText('Nothing matches').first().waitFor()
    })

    test('21: says which clause removes everything, and dropping it finds the rest', async () => {
      const page = await openList('?q=fault%20AND%20annotation.tenant%20%3D%20%22nobody%22')
      const clauses = page.getByRole('list', { name: 'Traces that satisfy each clause alone' })
      await clauses.waitFor()
      const counts = await clauses.getByRole('listitem').allTextContents()
      expect(counts[0]).toMatch(new RegExp(`^fault${SHOP_FAULTS}\\b`))
      expect(counts[1]).toMatch(/annotation\.tenant = "nobody"0\b/)
      await clauses.getByRole('button', { name: /nobody/ }).click()
      await truth(page, new RegExp(`^${SHOP_FAULTS} match`)).waitFor()
      expect(searchOf(page).get('q')).toBe('fault')
    })
  })

  test('22: rows that are marked stay marked in another search', async () => {
    const page = await openList()
    for (const key of ['j', 'x', 'j', 'x']) await page.keyboard.press(key)
    await page.getByText('2 marked').waitFor()
    await page.getByRole('region', { name: 'Refine' }).getByRole('button', { name: 'Only Status 500' }).click()
    await truth(page, new RegExp(`^${SHOP_FAULTS} match`)).waitFor()
    await page.getByText('2 marked').waitFor()
    expect(await table(page).getByRole('checkbox', { checked: true }).count()).toBe(1)
  })

  test('19: rows come before the search is over, and Stop keeps them', async () => {
    await using front = await startSlowFront(server().url, 3)
    const page = await open('/no/such/page')
    page.expectComplaint(/^foreign request: /)
    await page.goto(`${front.url}/traces`)
    await links(page).nth(2).waitFor()
    await truth(page, /^3 match so far/).waitFor()
    await page.getByRole('button', { name: 'Stop' }).first().click()
    await truth(page, /^3 match so far · stopped/).waitFor()
    expect(await links(page).count()).toBe(3)
    await page.goto('about:blank')
  })

  test('of a trace of the list is said how long it took among those like it, where they are enough', async () => {
    // The newest has all others before it, and is the quickest; the oldest has none.
    const [newest, oldest] = [shop[0]?.id ?? '', shop.at(-1)?.id ?? '']
    const page = await open(`/traces/${newest}`)
    const said = page.getByText(`slower than none of ${SHOP_REQUESTS - 1} like it in the hour before`)
    await said.waitFor()
    expect(await said.locator('..').getAttribute('title')).toMatch(/^0 of the .* began at shop with GET \/item\/\* in/)
    const answered = page.waitForResponse(/\/percentile$/)
    await page.goto(`/traces/${oldest}`)
    expect(await (await answered).json()).toMatchObject({ compared: 0, shorter: 0 })
    await page.getByRole('row').first().waitFor()
    expect(await page.getByText(/like it in/).count()).toBe(0)
  })

  test('keys go through the rows, and Enter opens one', async () => {
    const page = await openList()
    for (const key of ['j', 'j', 'j', 'k']) await page.keyboard.press(key)
    expect(await page.locator('a:focus').getAttribute('href')).toContain(shop[1]?.id)
    await page.keyboard.press('End')
    await page.locator(`[data-row="${shop.at(-1)?.id}"] a:focus`).waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL(`**/traces/${shop.at(-1)?.id}**`)
    await page.getByRole('treegrid').waitFor()
  })
})

const { going, end } = goingTrace()

describeConsole('a trace that goes on', { seed: (server) => sendTraces(server, going) }, ({ open, server }) => {
  test('20: is asked for again, and the focus stays on its row', async () => {
    const page = await open('/traces')
    await truth(page, /scanned 100 %/).waitFor()
    const row = page.locator(`[data-row="${going.id}"]`)
    expect(await row.textContent()).toMatch(/running|in progress|⟳/i)
    await page.keyboard.press('j')
    await row.locator('a:focus').waitFor()
    await sendTraces(server(), end)
    await row.getByText('7.5 s').waitFor()
    await row.locator('a:focus').waitFor()
    expect(await row.textContent()).not.toMatch(/running|in progress|⟳/i)
  })
})
