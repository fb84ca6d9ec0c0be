import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { describeConsole } from '../fixtures/console-suite.ts'
import { CLIPBOARD, copiedLink, linkCopied } from './copied-link.ts'
import { sendTraces } from './seed.ts'
import { smallTrace } from './seed-traces.ts'

const small = smallTrace()

const grid = (page: Page): Locator => page.getByRole('treegrid', { name: 'Timeline' })
const rows = (page: Page): Locator => grid(page).getByRole('row')
const row = (page: Page, name: RegExp): Locator => grid(page).getByRole('row', { name }).first()
const namesOf = (page: Page) => rows(page).evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')))

describeConsole('the URL of a trace', { seed: (server) => sendTraces(server, small) }, ({ open }) => {
  test('3: a fresh browser that is given the copied link shows the same rows', async () => {
    const page = await open(`/traces/${small.id}?fold=off&z=100000-900000&seg=0000000000000503`, CLIPBOARD)
    await row(page, /^checkout,/).focus()
    await page.keyboard.press('ArrowLeft')
    await page.waitForURL(/[?&]c=/)
    const before = await namesOf(page)
    const link = await copiedLink(page)
    const other = await open(`${link.pathname}${link.search}`)
    await rows(other).first().waitFor()
    await expect.poll(() => namesOf(other)).toEqual(before)
    await other.getByRole('row', { name: /^checkout,/, selected: true }).waitFor()
  })

  test('3: a link that is copied at once has what was chosen last', async () => {
    const page = await open(`/traces/${small.id}?fold=off`, CLIPBOARD)
    await row(page, /^worker/).focus()
    // Both before the page has time to write into its URL.
    await page.evaluate(`for (const key of ['Enter', '.']) {
      document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
    }`)
    const link = await linkCopied(page)
    expect(link.searchParams.get('seg')).toBe('0000000000000507')
  })

  test('3: a reload finds the same rows, zoom, selection and words to find', async () => {
    const page = await open(`/traces/${small.id}?fold=off&z=100000-900000&find=orders&seg=0000000000000501`)
    await rows(page).first().waitFor()
    await row(page, /^gateway checkout/).focus()
    await page.keyboard.press('ArrowLeft')
    await page.waitForURL(/[?&]c=/)
    const before = await namesOf(page)
    const { href } = new URL(page.url())
    await page.reload()
    await rows(page).first().waitFor()
    expect(await namesOf(page)).toEqual(before)
    expect(page.url()).toBe(href)
    await page.getByRole('complementary', { name: /^Details of gateway/ }).waitFor()
    expect(await page.getByRole('searchbox', { name: 'Find in the trace' }).inputValue()).toBe('orders')
  })
})
