const written = new WeakMap<object, Buffer>()

/**
 * Keeps the JSON text of a value that will be answered again, for as long as the value is kept. The value MUST NOT be
 * changed any more. Answers it.
 */
export function keepWritten<Value extends object>(value: Value): Value {
  if (!written.has(value)) written.set(value, Buffer.from(JSON.stringify(value)))
  return value
}

/**
 * The text of `JSON.stringify`, with the kept texts of those members that have one: as bytes then, since joining and
 * encoding megabytes of text takes longer than all else in such an answer.
 */
export function writeJson(output: object): string | Buffer {
  const members = Object.entries(output) as readonly (readonly [string, unknown])[]
  const isKept = (value: unknown): value is object => typeof value === 'object' && value !== null && written.has(value)
  if (!members.some(([, value]) => isKept(value))) return JSON.stringify(output)
  const pieces: Buffer[] = []
  for (const [name, value] of members) {
    // JSON has no text for undefined.
    if (value === undefined) continue
    const lead = `${pieces.length === 0 ? '{' : ','}${JSON.stringify(name)}:`
    const kept = isKept(value) ? written.get(value) : undefined
    pieces.push(...(kept === undefined ? [Buffer.from(lead + JSON.stringify(value))] : [Buffer.from(lead), kept]))
  }
  return Buffer.concat([...pieces, Buffer.from('}')])
}
