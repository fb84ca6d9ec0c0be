/**
 * Lets `perSecond` calls through each second and counts the others, which the first call of a later second is told.
 * For log lines that a misbehaving client could cause by the thousand.
 */
export function rateLimited<Args extends readonly unknown[]>(
  perSecond: number,
  now: () => number,
  call: (suppressed: number, ...args: Args) => void,
): (...args: Args) => void {
  let second = -1
  let passed = 0
  let suppressed = 0
  return (...args) => {
    const current = Math.floor(now() / 1000)
    if (current !== second) {
      second = current
      passed = 0
    }
    if (passed >= perSecond) {
      suppressed += 1
      return
    }
    passed += 1
    const before = suppressed
    suppressed = 0
    call(before, ...args)
  }
}
