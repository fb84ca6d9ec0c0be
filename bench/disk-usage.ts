import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** Bytes that the files below a directory occupy on disk; hard links count once. */
function diskBytes(directory: string): number {
  const seen = new Set<number>()
  const left = [directory]
  let bytes = 0
  for (let current = left.pop(); current !== undefined; current = left.pop()) {
    // An engine at work removes files while they are counted: what is gone counts nothing.
    for (const entry of orNothing(() => readdirSync(current, { withFileTypes: true })) ?? []) {
      const path = join(current, entry.name)
      if (entry.isDirectory()) left.push(path)
      const stat = orNothing(() => lstatSync(path))
      if (stat === undefined || seen.has(stat.ino)) continue
      seen.add(stat.ino)
      bytes += stat.blocks * 512
    }
  }
  return bytes
}

function orNothing<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

/**
 * Waits for merges: resolves with the size once it has not changed by more than 1 % for the quiet time, or with the
 * last one when the limit has passed.
 */
export async function settledDiskBytes(
  directory: string,
  quietMs: number,
  limitMs: number,
): Promise<{ readonly bytes: number; readonly settled: boolean }> {
  const startMs = performance.now()
  let reference = diskBytes(directory)
  let sinceMs = startMs
  for (;;) {
    await sleep(1_000)
    const bytes = diskBytes(directory)
    const nowMs = performance.now()
    if (Math.abs(bytes - reference) > reference * 0.01) {
      reference = bytes
      sinceMs = nowMs
    }
    if (nowMs - sinceMs >= quietMs) return { bytes, settled: true }
    if (nowMs - startMs >= limitMs) return { bytes, settled: false }
  }
}
