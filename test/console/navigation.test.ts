import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { describeConsole } from '../fixtures/console-suite.ts'
import { CLIPBOARD, copiedLink } from './copied-link.ts'
import { sendTraces } from './seed.ts'
import { smallTrace } from './seed-traces.ts'

const small = smallTrace()
const hex = small.id.slice(2).replace('-', '')

const storage = (page: Page): Promise<string> => page.evaluate<string>('JSON.stringify({ ...localStorage })')
const pathOf = (page: Page): string => new URL(page.url()).pathname
const searchOf = (page: Page): Record<string, string> => Object.fromEntries(new URL(page.url()).searchParams)

describeConsole('getting around', { seed: (server) => sendTraces(server, small) }, ({ open }) => {
  describe('1: what is pasted into the box opens', () => {
    test.each([
      `Root=${small.id};Parent=0000000000000503;Sampled=1`,
      small.id,
      hex,
      `00-${hex}-0000000000000503-01`,
      `X-Amzn-Trace-Id: Root=${small.id}`,
    ])('%s', async (text) => {
      const page = await open('/traces')
      await page.getByRole('combobox', { name: 'Go to' }).fill(text)
      await page.keyboard.press('Enter')
      await page.waitForURL(`**/traces/${small.id}**`)
      await page.getByRole('treegrid', { name: 'Timeline' }).waitFor()
    })

    test('a filter leads to the traces', async () => {
      const page = await open('/map')
      await page.getByRole('combobox', { name: 'Go to' }).waitFor()
      await page.keyboard.press('Control+k')
      await page.keyboard.type('service("checkout") { fault }')
      await page.keyboard.press('Enter')
      await page.waitForURL('**/traces**')
      expect(searchOf(page)['q']).toBe('service("checkout") { fault }')
    })
  })

  test.each<[string, string, Record<string, string>]>([
    ['/#/traces?filter=fault&timeRange=PT15M', '/traces', { q: 'fault', t: '15m' }],
    [`/#/traces/${small.id}/raw`, `/traces/${small.id}`, { as: 'raw' }],
    [`/traces/${small.id}/raw`, `/traces/${small.id}`, { as: 'raw' }],
    ['/xray/home?region=us-east-1#/service-map', '/map', {}],
    ['/#/service-map?timeRange=PT1H', '/map', { t: '1h' }],
  ])('2: the old link %s leads to %s', async (old, path, search) => {
    const page = await open(old)
    await page.waitForURL((url) => url.pathname === path)
    await page.getByRole('heading', { level: 1 }).waitFor()
    expect([pathOf(page), searchOf(page)]).toEqual([path, search])
  })

  test('4: opening a link changes nothing that is stored', async () => {
    const page = await open('/map')
    await page.getByRole('heading', { level: 1 }).waitFor()
    const before = await storage(page)
    await page.goto(`/traces/${small.id}?fold=off&as=flame&z=0-500000`)
    await page.getByRole('tab', { name: 'Flame', selected: true }).waitFor()
    expect(await storage(page)).toBe(before)
  })

  test('keys lead from page to page, and are listed', async () => {
    const page = await open('/map')
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('t')
    await page.waitForURL('**/traces**')
    await page.keyboard.press('?')
    const sheet = page.getByRole('dialog')
    await sheet.getByText('This list of keys').waitFor()
    await page.keyboard.press('Escape')
    await sheet.waitFor({ state: 'detached' })
    await page.keyboard.press('g')
    await page.keyboard.press('m')
    await page.waitForURL('**/map**')
  })

  test('the skip link leads to the content', async () => {
    const page = await open('/traces')
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.keyboard.press('Tab')
    const link = page.locator('a:focus')
    expect(await link.textContent()).toMatch(/skip/i)
    await page.keyboard.press('Enter')
    expect(await page.evaluate('document.activeElement.closest("main") !== null')).toBe(true)
    expect(pathOf(page)).toBe('/traces')
  })

  test('the time that is chosen is in the URL, and goes along', async () => {
    const page = await open('/traces')
    await page.getByRole('button', { name: /^Time:/ }).click()
    await page.getByRole('button', { name: 'Last hour' }).click()
    await page.waitForURL(/[?&]t=1h/)
    await page.getByRole('navigation').getByRole('link', { name: 'Map' }).click()
    await page.waitForURL('**/map**')
    expect(searchOf(page)['t']).toBe('1h')
    await page.goBack()
    await page.waitForURL('**/traces**')
    expect(searchOf(page)['t']).toBe('1h')
  })

  test('a trace that is not there is said to be, with its time', async () => {
    const page = await open('/traces/1-5f84c7a1-00000000000000000000beef')
    page.expectComplaint(/status of 404/)
    await page.getByText('1-5f84c7a1-00000000000000000000beef').first().waitFor()
    await page.getByRole('main').getByText(/2020/).first().waitFor()
  })
})

describeConsole('under a prefix', { args: ['--base-path', '/tracing/'] }, ({ open, server }) => {
  test('5: a link to what is seen has fixed times, and the prefix', async () => {
    const page = await open('/tracing/traces?q=fault', CLIPBOARD)
    await page.getByRole('heading', { level: 1 }).waitFor()
    const link = await copiedLink(page)
    expect(link.origin + link.pathname).toBe(`${server().url}/tracing/traces`)
    const [from = '', to = ''] = (link.searchParams.get('t') ?? '').split('~')
    expect([from, to].every((time) => /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(time))).toBe(true)
    // Whole seconds, so that nothing is cut off at its ends.
    expect(Math.abs(Date.parse(to) - Date.parse(from) - 15 * 60 * 1000)).toBeLessThanOrEqual(2_000)
    expect(link.searchParams.get('q')).toBe('fault')
    await page.goto(link.href)
    await page.getByRole('heading', { level: 1 }).waitFor()
  })
})
