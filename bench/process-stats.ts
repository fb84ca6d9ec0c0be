import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** What a process has used so far. Linux only: read from `/proc`. */
export type ProcessStats = {
  /** User and system time of all its threads. */
  readonly cpuSeconds: number
  readonly residentBytes: number
  readonly peakResidentBytes: number
}

/** Ticks of `/proc/PID/stat` in a second: fixed at 100 in the kernel's interface on every common architecture. */
const TICKS_PER_SECOND = 100
const UTIME_FIELD = 11
const STIME_FIELD = 12

/** Reads what a process has used; throws when it is gone. */
export function processStats(pid: number): ProcessStats {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  // The name, in parentheses, may hold anything; the fields after it are plain numbers.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const ticks = Number(fields[UTIME_FIELD]) + Number(fields[STIME_FIELD])
  const status = readFileSync(`/proc/${pid}/status`, 'latin1')
  const kilobytes = (name: string): number => Number(new RegExp(`^${name}:\\s*(\\d+) kB`, 'm').exec(status)?.[1] ?? 0)
  return {
    cpuSeconds: ticks / TICKS_PER_SECOND,
    residentBytes: kilobytes('VmRSS') * 1024,
    peakResidentBytes: kilobytes('VmHWM') * 1024,
  }
}

/**
 * Waits until the process does next to nothing: the work that answered calls left behind belongs to their cost.
 * Resolves with whether it came to rest in time.
 */
export async function waitUntilIdle(pid: number, limitMs: number): Promise<boolean> {
  const windowMs = 1_000
  let before = processStats(pid).cpuSeconds
  for (let waitedMs = 0; waitedMs < limitMs; waitedMs += windowMs) {
    await sleep(windowMs)
    const now = processStats(pid).cpuSeconds
    if (now - before <= 0.05) return true
    before = now
  }
  return false
}

/** Datagrams that the kernel dropped because the socket on this port did not read them in time, so far. */
export function droppedDatagrams(port: number): number {
  let drops = 0
  for (const family of ['udp', 'udp6']) {
    let table = ''
    try {
      table = readFileSync(`/proc/net/${family}`, 'latin1')
    } catch {
      continue // no such protocol family here
    }
    for (const line of table.split('\n').slice(1)) {
      const columns = line.trim().split(/\s+/)
      if (Number.parseInt(columns[1]?.split(':')[1] ?? '', 16) === port) drops += Number(columns.at(-1))
    }
  }
  return drops
}
