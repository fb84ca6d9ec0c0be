import type { ControlEntry, ControlLog } from '../control-log.ts'

/** The contract of the control log with a list. Positions are indices. It forgets everything with its process. */
export function createMemoryControlLog(): ControlLog {
  const entries: ControlEntry[] = []
  return {
    async append({ account, region }, { timeUs, writer }, changes) {
      for (const { kind, key, body } of changes) {
        entries.push({
          tenant: { account, region },
          stamp: { timeUs, writer },
          kind,
          key,
          body: structuredClone(body),
        })
      }
    },
    async read(from = 0) {
      return { entries: structuredClone(entries.slice(from)), position: entries.length }
    },
  }
}
