const written = new WeakMap<object, string>()

/**
 * Keeps the JSON text of a value that will be answered again, for as long as the value is kept. The value MUST NOT be
 * changed any more. Answers it.
 */
export function keepWritten<Value extends object>(value: Value): Value {
  if (!written.has(value)) written.set(value, JSON.stringify(value))
  return value
}

/** As `JSON.stringify`, with the kept texts of those members that have one. */
export function writeJson(output: object): string {
  const members = Object.entries(output) as readonly (readonly [string, unknown])[]
  const isKept = (value: unknown): value is object => typeof value === 'object' && value !== null && written.has(value)
  if (!members.some(([, value]) => isKept(value))) return JSON.stringify(output)
  const texts = members.flatMap(([name, value]) => {
    // JSON has no text for undefined.
    if (value === undefined) return []
    const text = isKept(value) ? written.get(value) : JSON.stringify(value)
    return [`${JSON.stringify(name)}:${text}`]
  })
  return `{${texts.join(',')}}`
}
