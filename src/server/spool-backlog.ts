import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** What waits in the spool's directory to be taken by the store. */
export type SpoolBacklog = {
  readonly files: number
  /** The age of the oldest file; 0 when there is none. */
  readonly lagSeconds: number
}

/** Looks at the spool's directory. Files that go while it looks are not counted. */
export async function spoolBacklog(directory: string, nowMs: number): Promise<SpoolBacklog> {
  const names = (await readdir(directory).catch(() => [])).filter((name) => name.endsWith('.rows')).toSorted()
  for (const [index, name] of names.entries()) {
    const found = await stat(join(directory, name)).catch(() => undefined)
    if (found === undefined) continue
    return { files: names.length - index, lagSeconds: Math.max(0, (nowMs - found.birthtimeMs) / 1000) }
  }
  return { files: 0, lagSeconds: 0 }
}
