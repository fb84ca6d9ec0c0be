/** A key that was pressed, as `useShortcuts` names it. */
export function nameOfKey(event: {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly shiftKey: boolean
}): string {
  const isOneCharacter = isCharacter(event.key)
  // Which characters need Shift, AltGr or Option depends on the keyboard: they are named by what they write.
  const isSign = isOneCharacter && /[^a-z\d\s]/i.test(event.key) && event.altKey
  const hasMod = (event.ctrlKey || event.metaKey) && !isSign
  const hasAlt = event.altKey && !isSign
  const isPlain = isOneCharacter && !hasMod && !hasAlt
  const key = isOneCharacter && !isPlain ? event.key.toLowerCase() : event.key
  return `${hasMod ? 'Mod+' : ''}${hasAlt ? 'Alt+' : ''}${event.shiftKey && !isPlain ? 'Shift+' : ''}${key}`
}

/** Whether a key writes a character when nothing else is made of it. */
export function isCharacter(key: string): boolean {
  return [...key].length === 1
}
