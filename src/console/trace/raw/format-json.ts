import { endOfString } from '../../../wire/xray/array-elements.ts'

const [QUOTE, COMMA, COLON] = [0x22, 0x2c, 0x3a]
const OPENING = new Set([0x5b, 0x7b])
const CLOSING = new Set([0x5d, 0x7d])
const SPACE = new Set([0x20, 0x09, 0x0a, 0x0d])
/** Levels beyond are not indented any further, or a deep document would be mostly spaces. */
const DEEPEST = 40

/**
 * JSON as lines, indented by two spaces: nothing but white space is changed, so numbers keep their digits and texts their
 * escapes. Takes time and memory in proportion to the text, however deep it is.
 */
export function formatJson(text: string): readonly string[] {
  const lines: string[] = []
  let line = ''
  let depth = 0
  const end = (): void => {
    if (line.trim() !== '') lines.push(line)
    line = ' '.repeat(Math.min(depth, DEEPEST) * 2)
  }
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (SPACE.has(code)) continue
    if (code === QUOTE) {
      const last = endOfString(text, at)
      line += text.slice(at, last + 1)
      at = last
    } else if (OPENING.has(code)) {
      const next = nextToken(text, at + 1)
      if (CLOSING.has(text.charCodeAt(next))) {
        line += text.charAt(at) + text.charAt(next)
        at = next
        continue
      }
      line += text.charAt(at)
      depth += 1
      end()
    } else if (CLOSING.has(code)) {
      depth -= 1
      end()
      line += text.charAt(at)
    } else if (code === COMMA) {
      line += ','
      end()
    } else line += code === COLON ? ': ' : text.charAt(at)
  }
  end()
  return lines
}

function nextToken(text: string, from: number): number {
  let at = from
  while (SPACE.has(text.charCodeAt(at))) at += 1
  return at
}
