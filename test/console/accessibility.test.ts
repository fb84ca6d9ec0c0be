import { AxeBuilder } from '@axe-core/playwright'
import type { Locator, Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { describeConsole } from '../fixtures/console-suite.ts'
import { CLIPBOARD, copiedLink } from './copied-link.ts'
import { sendTraces } from './seed.ts'
import { shopTraces } from './seed-shop.ts'
import { hostileTrace, orphanTrace, smallTrace } from './seed-traces.ts'

const small = smallTrace()
const hostile = hostileTrace()
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** What is wrong with a page, a line each: the rule, and where. */
async function violations(page: Page): Promise<readonly string[]> {
  const { violations: found } = await new AxeBuilder({ page }).setLegacyMode(true).withTags(RULES).analyze()
  return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`))
}

/** Presses a key until one of these has the focus; not at all if one has it already. */
async function pressUntil(page: Page, key: string, wanted: Locator): Promise<void> {
  const focused = wanted.and(page.locator(':focus'))
  for (let presses = 0; presses < MOST_PRESSES; presses++) {
    if ((await focused.count()) > 0) return
    await page.keyboard.press(key)
    // What the press did is drawn by then: whoever looks sooner presses once more than is needed, and is past it.
    await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn())))')
  }
  const where = await page.evaluate<string>('document.activeElement.outerHTML.slice(0, 200)')
  throw new Error(`${MOST_PRESSES} times ${key} does not lead there, but to ${where}`)
}

const MOST_PRESSES = 60
const LIGHT = { colorScheme: 'light', reducedMotion: 'reduce' } as const
const DARK = { colorScheme: 'dark', reducedMotion: 'reduce' } as const
const backgroundOf = (page: Page): Promise<string> =>
  page.evaluate<string>('getComputedStyle(document.body).backgroundColor')

/** Whether the page itself can be reached by nobody, because something else is over it. */
const isCovered = (page: Page): Promise<boolean> =>
  page.evaluate<boolean>(`document.querySelector('main').closest('[inert], [aria-hidden=true]') !== null`)

/** Looks at a page that is there, and is light, in both themes. */
async function expectNothingWrong(page: Page): Promise<void> {
  await expect.poll(() => violations(page)).toEqual([])
  await page.emulateMedia(DARK)
  await expect.poll(() => backgroundOf(page)).not.toBe('rgb(255, 255, 255)')
  await expect.poll(() => violations(page), { message: 'in the dark' }).toEqual([])
}

/** The pages, and how to know that they are there. */
const PAGES: readonly (readonly [name: string, path: string, open: (page: Page) => Promise<void>])[] = [
  [
    'the map',
    '/map',
    (page) =>
      page
        .getByRole('button', { name: /^shop,/ })
        .first()
        .waitFor(),
  ],
  [
    'the panel of a service',
    '/map',
    async (page) => {
      await page
        .getByRole('button', { name: /^shop,/ })
        .first()
        .click()
      await page.getByText('Time inside shop').waitFor()
    },
  ],
  ['the list of services', '/map?as=list', (page) => page.getByRole('table').first().waitFor()],
  ['the list of traces', '/traces', (page) => page.getByText(/scanned 100 %/).waitFor()],
  [
    'a list without traces',
    '/traces?q=fault%20AND%20ok',
    (page) =>
      page
        .getByText(/Drop this clause/)
        .first()
        .waitFor(),
  ],
  ['a trace', `/traces/${small.id}`, (page) => page.getByRole('row').first().waitFor()],
  [
    'the details of a segment',
    `/traces/${small.id}?seg=0000000000000503`,
    (page) => page.getByRole('tab', { name: /Exceptions/ }).click(),
  ],
  [
    'hostile details',
    `/traces/${hostile.id}?seg=00000000000004c1`,
    (page) => page.getByRole('tab', { name: /Annotations/ }).click(),
  ],
  [
    'the raw trace',
    `/traces/${small.id}?as=raw`,
    (page) => page.getByRole('tab', { name: 'Raw', selected: true }).waitFor(),
  ],
  [
    'no such trace',
    '/traces/1-5f84c7a1-00000000000000000000beef',
    (page) =>
      page
        .getByText(/no such trace/i)
        .first()
        .waitFor(),
  ],
  ['no such page', '/no/such/page', (page) => page.getByRole('heading', { level: 1 }).waitFor()],
  [
    'the keys',
    '/traces',
    async (page) => {
      await page.getByRole('button', { name: 'Keyboard shortcuts' }).click()
      await page.getByRole('dialog').waitFor()
    },
  ],
  [
    'the time',
    '/traces',
    async (page) => {
      await page.getByRole('button', { name: /^Time:/ }).click()
      await page.getByRole('button', { name: 'Last hour' }).waitFor()
    },
  ],
  [
    'the box that takes anything',
    '/traces',
    async (page) => {
      await page.getByRole('combobox', { name: 'Go to' }).fill('sh')
      await page.getByRole('option').first().waitFor()
    },
  ],
]

/** The same before anything was ever sent. */
const EMPTY_PAGES: readonly (readonly [name: string, path: string, text: RegExp])[] = [
  ['the welcome', '/', /waiting for the first segment/i],
  ['a map of nothing', '/map?t=1h', /waiting for the first segment|no traffic|nothing/i],
  ['a list of no services', '/map?t=1h&as=list', /waiting for the first segment|no traffic|nothing/i],
  ['a list of no traces', '/traces?t=1h', /waiting for the first segment|no traces|nothing/i],
]

describeConsole('for everybody, before anything came', {}, ({ open }) => {
  describe('48: light and dark, axe finds nothing in', () => {
    test.each(EMPTY_PAGES)('%s', async (_, path, text) => {
      const page = await open(path, LIGHT)
      await page.getByRole('main').getByText(text).first().waitFor()
      await expectNothingWrong(page)
    })
  })
})

describeConsole(
  'for everybody',
  { seed: (server) => sendTraces(server, ...shopTraces(), small, hostile, orphanTrace()) },
  ({ open }) => {
    describe('48: light and dark, axe finds nothing in', () => {
      test.each(PAGES)('%s', async (_, path, go) => {
        const page = await open(path, LIGHT)
        page.expectComplaint(/status of 404/)
        await go(page)
        await expectNothingWrong(page)
      })
    })

    test('49: the keyboard alone finds a failing trace, reads its exception and copies the link', async () => {
      const page = await open('/map', CLIPBOARD)
      await page
        .getByRole('button', { name: /^gateway,.*fault/ })
        .first()
        .waitFor()
      await pressUntil(page, 'Tab', page.locator('[data-node]'))
      await pressUntil(page, 'ArrowDown', page.getByRole('button', { name: /^Client of gateway/ }))
      await pressUntil(page, 'ArrowRight', page.getByRole('button', { name: /^gateway,/ }))
      await page.keyboard.press('Enter')
      const way = page.getByRole('link', { name: /^View .*trace/ })
      await way.waitFor()
      await pressUntil(page, 'Tab', way)
      await page.keyboard.press('Enter')
      await page.waitForURL('**/traces?**')
      await page.getByText(/scanned 100 %/).waitFor()
      await page.keyboard.press('j')
      await page.locator('a:focus').waitFor()
      await page.keyboard.press('Enter')
      await page.getByRole('treegrid').getByRole('row').first().waitFor()
      for (const name of [/^gateway POST/, /^gateway checkout/, /^checkout,/]) {
        await page.keyboard.press('e')
        await page.getByRole('row', { name }).and(page.locator(':focus')).waitFor()
      }
      await page.keyboard.press('Enter')
      // The page has tabs of its own: those meant are of the details, once they are there.
      const tabs = page.getByRole('complementary').getByRole('tab')
      await tabs.first().waitFor()
      await pressUntil(page, 'Tab', tabs)
      await pressUntil(page, 'ArrowRight', tabs.and(page.getByRole('tab', { name: /Exceptions/, selected: true })))
      await page.getByText('Card declined: insufficient funds').first().waitFor()
      // What is chosen is written into the URL when it has rested for a moment.
      await page.waitForURL(/[?&]seg=/)
      const link = await copiedLink(page)
      expect(link.pathname).toBe(`/traces/${small.id}`)
      expect(link.searchParams.get('seg')).toBe('0000000000000503')
    })

    test('on a narrow screen, details keep the focus until Esc gives it back', async () => {
      const page = await open(`/traces/${small.id}?fold=off`, { viewport: { width: 400, height: 800 } })
      const first = page.getByRole('row', { name: /^gateway POST/ })
      await first.focus()
      await page.keyboard.press('Enter')
      const details = page.getByRole('complementary')
      await details.getByRole('tab', { name: 'Overview' }).waitFor()
      expect(await isCovered(page)).toBe(true)
      for (let presses = 0; presses < 40; presses++) {
        await page.keyboard.press('Tab')
        const isOutside = await page.evaluate<boolean>(
          `document.activeElement !== document.body && document.activeElement.closest('aside') === null`,
        )
        expect(isOutside, `after ${presses + 1} times Tab`).toBe(false)
      }
      await details.getByRole('tab', { name: 'Overview' }).focus()
      await page.keyboard.press('Escape')
      await details.waitFor({ state: 'detached' })
      await page
        .getByRole('row', { name: /^gateway POST/ })
        .and(page.locator(':focus'))
        .waitFor()
      expect(await isCovered(page)).toBe(false)
    })

    test('on a narrow screen, the drawer keeps the focus until Esc gives it back', async () => {
      const page = await open('/traces', { viewport: { width: 400, height: 800 } })
      const opener = page.getByRole('button', { name: 'Pages' })
      await opener.click()
      const drawer = page.getByRole('dialog', { name: 'Pages' })
      await drawer.waitFor()
      for (let presses = 0; presses < 8; presses++) {
        await page.keyboard.press('Tab')
        expect(await page.evaluate<boolean>(`document.activeElement.closest('[role=dialog]') !== null`)).toBe(true)
      }
      expect(await isCovered(page)).toBe(true)
      await page.keyboard.press('Escape')
      await drawer.waitFor({ state: 'detached' })
      await opener.and(page.locator(':focus')).waitFor()
    })

    describe('50: every word of an outcome is there', () => {
      test.each<[string, object]>([
        ['in forced colours', { forcedColors: 'active' }],
        ['at 320 pixels, which is 1280 at 400 %', { viewport: { width: 320, height: 640 } }],
      ])('%s', async (_, options) => {
        const page = await open(`/traces/${small.id}?fold=off`, options)
        await page.getByRole('row').first().waitFor()
        const text = (await page.locator('main').textContent()) ?? ''
        for (const word of ['Fault', 'Error', 'Throttle', 'in progress']) expect(text).toMatch(new RegExp(word, 'i'))
        expect(
          await page
            .getByText(/Fault 500/)
            .first()
            .isVisible(),
        ).toBe(true)
      })

      test.each(['/traces', '/traces?q=fault%20AND%20ok', '/map?as=list', '/no/such/page'])(
        '%s does not scroll sideways at 320 pixels',
        async (path) => {
          const page = await open(path, { viewport: { width: 320, height: 640 } })
          await page.getByRole('heading', { level: 1 }).waitFor()
          await page.waitForTimeout(500)
          expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320)
        },
      )
    })
  },
)
