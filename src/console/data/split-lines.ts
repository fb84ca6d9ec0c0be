/**
 * Puts lines together from chunks of text that end anywhere. Each call returns the lines that a chunk completes, without
 * blank ones; a call without a chunk returns what is left at the end.
 */
export function splitLines(): (chunk?: string) => readonly string[] {
  let parts: string[] = []
  return (chunk) => {
    if (chunk === undefined) {
      const rest = parts.join('')
      parts = []
      return rest.trim() === '' ? [] : [rest]
    }
    const lines = chunk.split('\n')
    const last = lines.pop() ?? ''
    if (lines.length === 0) {
      parts.push(last)
      return []
    }
    lines[0] = `${parts.join('')}${lines[0] ?? ''}`
    parts = [last]
    return lines.filter((line) => line.trim() !== '')
  }
}
