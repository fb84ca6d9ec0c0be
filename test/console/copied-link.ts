import type { Page } from 'playwright-core'

/** What a context needs for `copiedLink`. */
export const CLIPBOARD = { permissions: ['clipboard-read', 'clipboard-write'] }

/** Copies the link to what is seen by its key, and reads it from the clipboard. */
export async function copiedLink(page: Page): Promise<URL> {
  await page.keyboard.press('.')
  return linkCopied(page)
}

/** The link in the clipboard, once the page has said that it is there. */
export async function linkCopied(page: Page): Promise<URL> {
  await page
    .getByText(/Link copied/)
    .first()
    .waitFor()
  return new URL(await page.evaluate<string>('navigator.clipboard.readText()'))
}
