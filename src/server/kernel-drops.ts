import { readFile } from 'node:fs/promises'

const TABLES = ['/proc/net/udp', '/proc/net/udp6']

/**
 * How many datagrams the kernel dropped because the socket on this UDP port was not emptied in time. Nothing where the
 * system does not say (anything but Linux).
 */
export async function kernelDrops(port: number): Promise<number | undefined> {
  const tables = await Promise.all(TABLES.map((path) => readFile(path, 'latin1').catch(() => '')))
  const drops = tables.flatMap((table) => dropsOf(table, port))
  return drops.length === 0 ? undefined : drops.reduce((sum, count) => sum + count, 0)
}

/** The last column of the rows with this port, as proc(5) describes the table: `sl local_address … drops`. */
export function dropsOf(table: string, port: number): readonly number[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return table.split('\n').flatMap((line) => {
    const columns = line.trim().split(/\s+/)
    const drops = Number(columns.at(-1))
    return columns[1]?.endsWith(suffix) === true && Number.isSafeInteger(drops) ? [drops] : []
  })
}
