import type { BrowserContextOptions, Locator, Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { describeConsole } from '../fixtures/console-suite.ts'
import { sendTraces } from './seed.ts'
import {
  EXCEPTION,
  faultsTrace,
  hostileTrace,
  HUGE,
  hugeTrace,
  linkedTraces,
  orphanTrace,
  overTrace,
  MARKUP,
  QUOTED,
  REPEATS,
  repeatTrace,
  skewTrace,
  smallTrace,
} from './seed-traces.ts'

const OVER_US = 1_204_000

const small = smallTrace()
const faults = faultsTrace()
const over = overTrace()
const repeat = repeatTrace()
const skew = skewTrace()
const orphan = orphanTrace()
const linked = linkedTraces()
const huge = hugeTrace()
const hostile = hostileTrace()

const grid = (page: Page): Locator => page.getByRole('treegrid', { name: 'Timeline' })
const rows = (page: Page): Locator => grid(page).getByRole('row')
const row = (page: Page, name: RegExp | string): Locator => grid(page).getByRole('row', { name }).first()
const focused = (page: Page): Locator => page.locator('[role=row]:focus')
const nameOf = (locator: Locator): Promise<string | null> => locator.getAttribute('aria-label')
const searchOf = (page: Page): URLSearchParams => new URL(page.url()).searchParams
const rowCount = async (page: Page): Promise<number> => Number(await grid(page).getAttribute('aria-rowcount'))

describeConsole(
  'a trace',
  {
    seed: (server) =>
      sendTraces(server, small, faults, over, repeat, skew, orphan, linked.upstream, linked.downstream, huge, hostile),
  },
  ({ open }) => {
    const openTrace = async (id: string, search = ''): Promise<Awaited<ReturnType<typeof open>>> => {
      const page = await open(`/traces/${id}${search}`)
      await rows(page).first().waitFor()
      return page
    }

    test('its head says what happened, and every row how', async () => {
      const page = await openTrace(small.id, '?fold=off')
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('POST /cart/checkout')
      const head = await page.locator('main').textContent()
      expect(head).toMatch(/Fault 500/)
      expect(head).toMatch(/3 faults/)
      expect(await page.title()).toContain('POST /cart/checkout')
      const names = await rows(page).evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')))
      expect(names[0]).toMatch(
        /^gateway POST \/cart\/checkout, fault, status 500, 1.204 seconds, starts at 0 .*, level 1/,
      )
      expect(names).toContainEqual(expect.stringMatching(/^checkout orders-db SELECT .*200 milliseconds, starts at 50/))
      expect(names).toContainEqual(expect.stringMatching(/^checkout pricing GET \/p\/1, error, status 404/))
      expect(names).toContainEqual(expect.stringMatching(/^checkout payments POST \/charge, throttle, status 429/))
      expect(names).toContainEqual(expect.stringMatching(/^worker, in progress/))
    })

    describe('25: what repeats', () => {
      test('is one row with total and most, and opens by the hundred', async () => {
        const page = await openTrace(repeat.id)
        const group = row(
          page,
          new RegExp(`DynamoDB GetItem items, ${REPEATS} times, total 900 milliseconds, at most 3`),
        )
        await group.waitFor()
        expect(await group.textContent()).toContain(`×${REPEATS}`)
        const facts = (await page.locator('main').textContent()) ?? ''
        const counts = /(\d+) segments? · (\d+) subsegments?/.exec(facts)
        expect(counts?.[2]).toBe(String(REPEATS))
        await group.getByRole('button', { name: 'Open' }).click()
        await page
          .getByRole('row', { name: /^DynamoDB GetItem|^catalog DynamoDB GetItem items, / })
          .nth(5)
          .waitFor()
        const more = page.getByRole('row', { name: /^200 more of DynamoDB/ })
        await group.focus()
        await page.keyboard.press('End')
        await more.waitFor()
        expect((await page.locator('main').textContent()) ?? '').toContain(counts?.[0] ?? 'counts')
      })
    })

    test('26: e visits the three faults in order, and a fourth press begins again, and says so', async () => {
      const page = await openTrace(faults.id, '?fold=off')
      const seen: (string | null)[] = []
      for (const name of [/^front, fault/, /^front back, fault/, /^back, fault/, /^front, fault/]) {
        await page.keyboard.press('e')
        const at = grid(page).getByRole('row', { name }).and(page.locator(':focus'))
        await at.waitFor()
        seen.push(await at.getAttribute('aria-rowindex'))
        const wrapped = page.getByRole('log').getByText(/Wrapped/)
        if (seen.length < 4) expect(await wrapped.count()).toBe(0)
        else await wrapped.waitFor()
      }
      expect(seen[3]).toBe(seen[0])
      expect(new Set(seen).size).toBe(3)
    })

    test('26: errors and throttles are problems, too', async () => {
      const page = await openTrace(small.id, '?fold=off')
      const seen: string[] = []
      await page.keyboard.press('e')
      for (let presses = 0; presses < 3; presses++) {
        await focused(page).waitFor()
        seen.push((await nameOf(focused(page))) ?? '')
        expect(await focused(page).isVisible()).toBe(true)
        await page.keyboard.press('e')
      }
      expect(seen).toEqual([
        expect.stringMatching(/^gateway POST .*, fault/),
        expect.stringMatching(/^gateway checkout POST .*, fault/),
        expect.stringMatching(/^checkout, fault/),
      ])
      // Errors and throttles are problems, too; after the last one comes the first.
      for (let presses = 0; presses < 10; presses++) {
        if ((await nameOf(focused(page))) === seen[0]) break
        await page.keyboard.press('e')
      }
      expect(await nameOf(focused(page))).toBe(seen[0])
      await page
        .getByRole('log')
        .getByText(/Wrapped/)
        .waitFor()
      await page.keyboard.press('E')
      expect(await nameOf(focused(page))).not.toBe(seen[0])
    })

    test('27: c goes along the critical path', async () => {
      const page = await openTrace(over.id, '?fold=off')
      const onPath = await page.getByRole('row', { name: /on critical path/ }).count()
      expect(onPath).toBeGreaterThanOrEqual(3)
      const seen = new Set<string | null>()
      for (let presses = 0; presses < onPath; presses++) {
        await page.keyboard.press('c')
        await focused(page).waitFor()
        const name = await nameOf(focused(page))
        expect(name).toContain('on critical path')
        seen.add(name)
      }
      expect(seen.size).toBe(onPath)
    })

    test('27: what the steps of the critical path contribute is as long as the root', async () => {
      const page = await openTrace(over.id, '?fold=off')
      await page.getByRole('button', { name: /^critical path/ }).click()
      const steps = page.getByRole('dialog', { name: 'Critical path' }).getByRole('listitem')
      await steps.first().waitFor()
      const exact = await steps
        .getByTitle(/µs$/)
        .evaluateAll((all) => all.map((one) => one.getAttribute('title') ?? ''))
      expect(exact.length).toBe(await steps.count())
      const sumUs = exact.reduce((sum, text) => sum + Number(text.replaceAll(/[^\d.]/g, '')), 0)
      expect(Math.abs(sumUs - OVER_US)).toBeLessThanOrEqual(1)
      expect(exact.length).toBe(await page.getByRole('row', { name: /on critical path/, includeHidden: true }).count())
    })

    test('28: find counts, leads, and leaves out the rest', async () => {
      const page = await openTrace(small.id, '?fold=off')
      const all = await rowCount(page)
      await page.keyboard.press('/')
      await page.keyboard.type('fault')
      await page.getByText('3 matches').waitFor()
      for (const said of ['1 of 3', '2 of 3', '3 of 3']) {
        await page.keyboard.press('Enter')
        await page.getByText(said).waitFor()
      }
      await page.getByRole('checkbox', { name: 'only matches' }).check()
      const gaps = page.getByRole('row', { name: /hidden by find/ })
      await gaps.first().waitFor()
      const hidden = (
        await gaps.evaluateAll((list) => list.map((one) => parseInt(one.getAttribute('aria-label') ?? '')))
      ).reduce((sum, count) => sum + count, 0)
      const shown = (await rowCount(page)) - (await gaps.count())
      expect([shown, hidden]).toEqual([3, all - 3])
      expect(searchOf(page).get('find')).toBe('fault')
      expect(searchOf(page).get('only')).toBe('1')
    })

    test('29: the keys of a tree', async () => {
      const page = await openTrace(small.id, '?fold=off')
      const first = rows(page).first()
      await first.focus()
      const expanded = () => focused(page).getAttribute('aria-expanded')
      if ((await expanded()) !== 'true') await page.keyboard.press('ArrowRight')
      expect(await expanded()).toBe('true')
      const open_ = await rowCount(page)
      await page.keyboard.press('ArrowRight')
      expect(await focused(page).getAttribute('aria-level')).toBe('2')
      await page.keyboard.press('ArrowLeft')
      await page.keyboard.press('ArrowLeft')
      if ((await focused(page).getAttribute('aria-level')) === '2') await page.keyboard.press('ArrowLeft')
      if ((await expanded()) === 'true') await page.keyboard.press('ArrowLeft')
      expect([await expanded(), await focused(page).getAttribute('aria-level')]).toEqual(['false', '1'])
      expect(await rowCount(page)).toBeLessThan(open_)
      await page.keyboard.press('ArrowRight')
      await page.keyboard.press('End')
      expect(await focused(page).getAttribute('aria-rowindex')).toBe(String(await rowCount(page)))
      await page.keyboard.press('Home')
      expect(await focused(page).getAttribute('aria-rowindex')).toBe('1')
      expect(await rows(page).and(page.locator('[tabindex="0"]')).count()).toBe(1)
    })

    test('30: dragging along the axis zooms, the URL says so, and 0 shows the whole', async () => {
      const page = await openTrace(small.id)
      const box = await page.getByTitle('Drag to zoom').boundingBox()
      if (box === null) throw new Error('the axis is not drawn')
      const y = box.y + box.height / 2
      await page.mouse.move(box.x + box.width * 0.25, y)
      await page.mouse.down()
      await page.mouse.move(box.x + box.width * 0.5, y, { steps: 4 })
      await page.mouse.up()
      await page.waitForURL(/[?&]z=\d+-\d+/)
      const [from = 0, to = 0] = (searchOf(page).get('z') ?? '').split('-').map(Number)
      expect(from / 1_204_000).toBeCloseTo(0.25, 1)
      expect(to / 1_204_000).toBeCloseTo(0.5, 1)
      await page.reload()
      await page.getByRole('button', { name: /Show the whole trace/ }).waitFor()
      await page.keyboard.press('0')
      await page.waitForURL((url) => !url.searchParams.has('z'))
      expect(await page.getByRole('button', { name: /Show the whole trace/ }).count()).toBe(0)
    })

    test('30: what is dragged on the minimap can be typed, and is in the URL', async () => {
      const page = await openTrace(small.id)
      const fields = ['From, milliseconds', 'To, milliseconds'].map((name) => page.getByRole('textbox', { name }))
      const box = await page.getByRole('group', { name: 'Overview of the trace' }).locator('canvas').boundingBox()
      if (box === null) throw new Error('the minimap is not drawn')
      const y = box.y + box.height / 2
      await page.mouse.move(box.x + box.width * 0.2, y)
      await page.mouse.down()
      await page.mouse.move(box.x + box.width * 0.6, y, { steps: 4 })
      await page.mouse.up()
      await page.waitForURL(/[?&]z=\d+-\d+/)
      const z = searchOf(page).get('z') ?? ''
      const typed = z.split('-').map((us) => String(Number(us) / 1_000))
      expect(Number(typed[0]) / 1_204).toBeCloseTo(0.2, 1)
      expect(Number(typed[1]) / 1_204).toBeCloseTo(0.6, 1)
      expect(await Promise.all(fields.map((field) => field.inputValue()))).toEqual(typed)
      await row(page, /^gateway/).focus()
      await page.keyboard.press('0')
      await page.waitForURL((url) => !url.searchParams.has('z'))
      for (const [at, field] of fields.entries()) {
        await field.fill(typed[at] ?? '')
        await field.press('Enter')
      }
      await page.waitForURL((url) => url.searchParams.get('z') === z)
    })

    test('30: the same bounds can be typed', async () => {
      const page = await openTrace(small.id)
      await page.getByRole('textbox', { name: 'From, milliseconds' }).fill('301')
      await page.keyboard.press('Enter')
      await page.waitForURL(/[?&]z=301000-\d+/)
      await page.getByRole('textbox', { name: 'To, milliseconds' }).fill('602')
      await page.keyboard.press('Enter')
      await page.waitForURL(/[?&]z=301000-602000/)
      await page.getByRole('button', { name: 'Whole', exact: true }).click()
      await page.waitForURL((url) => !url.searchParams.has('z'))
    })

    test('31: clocks that differ are told, and aligned when asked', async () => {
      const page = await openTrace(skew.id, '?fold=off')
      await page.getByText(/ahead’s clock is ~.* ahead/).waitFor()
      const before = await nameOf(row(page, /^ahead/))
      expect(before).toMatch(/starts at 450 milliseconds/)
      await page.getByRole('button', { name: 'Align' }).click()
      await page.waitForURL(/[?&]align=1/)
      await page.getByRole('row', { name: /^ahead, .*starts at 200 milliseconds/ }).waitFor()
      await page.reload()
      expect(await page.getByRole('button', { name: 'Align' }).getAttribute('aria-pressed')).toBe('true')
    })

    test('32: a parent that is missing has a row that says why', async () => {
      const page = await openTrace(orphan.id)
      const missing = row(page, /^Missing parent 000000000000dead/)
      expect(await missing.textContent()).toMatch(/not sent yet.*not sampled/i)
      await page.getByText(/1 parent is missing/).waitFor()
    })

    test('33: a linked trace opens in place, and Back returns to the row', async () => {
      const page = await openTrace(linked.downstream.id)
      await row(page, /^consumer/).click()
      await page.waitForURL(/[?&]seg=/)
      await page.getByRole('link', { name: linked.upstream.id }).first().click()
      await page.waitForURL(`**/traces/${linked.upstream.id}**`)
      await row(page, /^producer/).waitFor()
      await page.goBack()
      await page.waitForURL(`**/traces/${linked.downstream.id}**`)
      await row(page, /^consumer/).waitFor()
      expect(searchOf(page).get('seg')).toBe('00000000000001b1')
      await page.getByRole('row', { name: /^consumer/, selected: true }).waitFor()
    })

    describe('details', () => {
      const openDetails = async (id: string, segment: string, tab?: string, options: BrowserContextOptions = {}) => {
        const page = await open(`/traces/${id}?seg=${segment}`, options)
        const details = page.getByRole('complementary', { name: /^Details of/ })
        await details.getByRole('tab', { name: 'Overview' }).waitFor()
        if (tab !== undefined) await details.getByRole('tab', { name: tab }).click()
        return { page, details }
      }
      const CLIPBOARD = { permissions: ['clipboard-read', 'clipboard-write'] }
      const clipboard = (page: Page) => page.evaluate<string>('navigator.clipboard.readText()')

      test('show the exception, and Esc closes them', async () => {
        const { page, details } = await openDetails(small.id, '0000000000000503', 'Exceptions')
        await details.getByText(EXCEPTION).waitFor()
        await details.getByText('pay.ts:42').waitFor()
        await page.keyboard.press('Escape')
        await details.waitFor({ state: 'detached' })
        await page.waitForURL((url) => !url.searchParams.has('seg'))
      })

      test('34: what is copied is what was sent', async () => {
        const { page, details } = await openDetails(huge.id, '00000000000004b1', 'Metadata', CLIPBOARD)
        await details
          .getByRole('button', { name: /Copy.*blob/ })
          .first()
          .click()
        await page.getByRole('log').getByText('Copied').waitFor()
        const copied = await clipboard(page)
        expect(copied.length).toBe(HUGE.length)
        expect(copied).toBe(HUGE)
      })

      test('36: + asks for the value, quoted as it must be', async () => {
        const { page, details } = await openDetails(small.id, '0000000000000501', 'Annotations')
        await details.getByText(QUOTED).waitFor()
        await details.getByRole('button', { name: 'Traces with this quoted' }).click()
        await page.waitForURL('**/traces?**')
        expect(searchOf(page).get('q')).toBe('annotation.quoted = "say \\"hi\\" \\\\ bye"')
        await page
          .getByRole('link', { name: /cart\/checkout/ })
          .first()
          .waitFor()
      })

      test('35: what is hostile is text', async () => {
        const { page, details } = await openDetails(hostile.id, '00000000000004c1')
        for (const tab of ['Overview', 'Exceptions', 'Annotations', 'Metadata', 'Raw']) {
          await details.getByRole('tab', { name: tab }).click()
          await details.getByRole('tabpanel', { name: tab }).waitFor()
          expect(await details.locator('a[href^="javascript" i], img, script').count()).toBe(0)
        }
        await details.getByRole('tab', { name: 'Annotations' }).click()
        await details.getByText(MARKUP).waitFor()
        expect(await page.locator('main script, main img, aside script').count()).toBe(0)
        expect(await page.title()).not.toBe('owned')
        const name = rows(page).first().locator('bdi').first()
        expect(await name.textContent()).toMatch(/^[\u0590-\u05ff]+ a$/)
        const badgeX = (await rows(page).first().locator('[aria-hidden=true]').nth(1).boundingBox())?.x ?? NaN
        expect((await name.boundingBox())?.x).toBeGreaterThan(badgeX)
      })
    })

    test('37: everybody sees the same colours', async () => {
      const coloursOf = async () => {
        const page = await openTrace(small.id, '?fold=off')
        return rows(page).evaluateAll((all) =>
          all.map((one) => one.getAttribute('style')?.match(/--service: [^;]+/)?.[0]),
        )
      }
      const colours = await coloursOf()
      expect(new Set(colours).size).toBeGreaterThan(2)
      expect(await coloursOf()).toEqual(colours)
    })
  },
)
