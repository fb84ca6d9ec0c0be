/** How long a client counts after its last report: three of its intervals (spec/query §4.4). */
export const SEEN_SECONDS = 30

/**
 * What one client may take of a rule's reservoir a second, when all clients that use the rule share it evenly. The quotas
 * of all of them come to the reservoir, exactly: what is left of the division goes to the first ids, one each. The caller
 * counts, whether it is among the others or not.
 */
export function reservoirQuota(reservoirSize: number, clients: Iterable<string>, caller: string): number {
  let before = 0
  let others = 0
  for (const client of clients) {
    if (client === caller) continue
    others += 1
    if (client < caller) before += 1
  }
  const count = others + 1
  return Math.floor(reservoirSize / count) + (before < reservoirSize % count ? 1 : 0)
}
