import { mkdir, stat, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

import type { Browser } from 'playwright-core'

import { sendTraces } from '../test/console/seed.ts'
import { repeatTrace } from '../test/console/seed-traces.ts'
import { chromiumPath, openPage, startBrowser } from '../test/fixtures/browser-page.ts'
import { runCli, startServer } from '../test/fixtures/run-server.ts'
import { DEMO_PICTURES, EMPTY_PICTURES, type Picture, type PicturedTraces, REPEATS_PICTURES } from './image-list.ts'

// Takes the pictures in docs/images: `tsx tools/generate-images.ts [name …]`, all when none is named.
const FOLDER = fileURLToPath(new URL('../docs/images/', import.meta.url))
const WIDE = { width: 1280, height: 800 }
const NARROW = { width: 400, height: 800 }
/** Long enough for what comes in: tooltips, lines that are drawn in idle time. */
const REST_MS = 700

const wanted = process.argv.slice(2)
const isWanted = ({ name }: Picture): boolean => wanted.length === 0 || wanted.includes(name)

await main()

async function main(): Promise<void> {
  const executable = chromiumPath()
  if (executable === undefined) throw new Error('There is no Chromium to take pictures with: node scripts/chromium.mjs')
  await mkdir(FOLDER, { recursive: true })
  await using server = await startServer()
  const browser = await startBrowser(executable)
  try {
    const take = async (pictures: readonly Picture[], traces: PicturedTraces): Promise<void> => {
      for (const picture of pictures.filter(isWanted)) await takePicture(browser, server.url, picture, traces)
    }
    const repeats = repeatTrace()
    await take(EMPTY_PICTURES, { fault: '', repeats: '' })
    const demo = await runCli(['demo', '--url', server.url, '--seed', '7'], { withinMs: 120_000 })
    if (demo.code !== 0) throw new Error(`the demo failed: ${demo.stderr}`)
    const traces = { fault: await faultyTrace(server.url), repeats: repeats.id }
    await take(DEMO_PICTURES, traces)
    // The demo has a catalog, too, whose place on the map this would change.
    await sendTraces(server, repeats)
    await take(REPEATS_PICTURES, traces)
  } finally {
    await browser.close()
  }
}

async function takePicture(browser: Browser, url: string, picture: Picture, traces: PicturedTraces): Promise<void> {
  const { page, complaints, close } = await openPage(browser, url, {
    viewport: picture.narrow === true ? NARROW : WIDE,
    colorScheme: picture.dark === true ? 'dark' : 'light',
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'UTC',
  })
  try {
    await page.goto(picture.path(traces))
    await page.locator(picture.shows).first().waitFor()
    await picture.act?.(page)
    await page.waitForLoadState('networkidle')
    await page.waitForTimeout(REST_MS)
    await writeFile(`${FOLDER}${picture.name}.png`, await page.screenshot({ animations: 'disabled', caret: 'hide' }))
  } finally {
    await close()
  }
  const { size } = await stat(`${FOLDER}${picture.name}.png`)
  console.log(`${picture.name}.png: ${Math.round(size / 1000)} kB`)
  for (const complaint of complaints()) console.log(`  it complained: ${complaint}`)
}

/** Of the traces whose payments failed, one with many segments that is not the very newest. */
async function faultyTrace(url: string): Promise<string> {
  const query = new URLSearchParams({ from: '30m', filter: 'service("payments") { fault }', sort: 'segments' })
  const answer = await fetch(`${url}/api/traces?${query.toString()}`)
  const id = /"Id":"([^"]+)"/.exec(await answer.text())?.[1]
  if (id === undefined) throw new Error('the demo has no failed payment')
  return id
}
