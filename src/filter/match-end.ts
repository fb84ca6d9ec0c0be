/** Where the match of a sticky pattern (flag `y`) that begins at an offset ends; nothing when none begins there. */
export function matchEnd(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : undefined
}
