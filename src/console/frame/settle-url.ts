/** What pages have yet to write into their URL, because it changes faster than a URL should. */
const waiting = new Set<() => void>()

/** Has this called before a link to the page is made, unless what is returned is called first: then it was done. */
export function writeBeforeLink(write: () => void): () => void {
  waiting.add(write)
  return () => {
    waiting.delete(write)
  }
}

/** Resolves when the URL says all that the page shows. */
export async function settleUrl(): Promise<void> {
  for (const write of waiting) write()
  waiting.clear()
  // The router gathers what is written in one go, and puts it into the URL right after.
  await new Promise((resolve) => setTimeout(resolve, 0))
}
