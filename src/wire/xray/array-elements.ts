const QUOTE = 0x22
const COMMA = 0x2c
const OPEN_BRACKET = 0x5b
const BACKSLASH = 0x5c
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d

/**
 * The exact text of each element of a JSON array. The text MUST have parsed as an array; tokens between the commas are
 * not looked at, so `NaN` does no harm.
 */
export function arrayElements(text: string): readonly string[] {
  const elements: string[] = []
  let depth = 0
  let start = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) at = endOfString(text, at)
    else if (code === OPEN_BRACKET || code === OPEN_BRACE) {
      depth++
      if (depth === 1) start = at + 1
    } else if (code === CLOSE_BRACKET || code === CLOSE_BRACE) {
      depth--
      if (depth === 0) elements.push(text.slice(start, at).trim())
    } else if (code === COMMA && depth === 1) {
      elements.push(text.slice(start, at).trim())
      start = at + 1
    }
  }
  return elements.length === 1 && elements[0] === '' ? [] : elements
}

/** The position of the quote that ends the string which begins at `start`; the last position where none does. */
export function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === BACKSLASH) at++
    else if (code === QUOTE) return at
  }
  return text.length - 1
}
