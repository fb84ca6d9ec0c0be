/** The services that a URL hides (console §4.2, `hide`): names joined by commas; a comma in a name is `%2C`. */
export function readHidden(text: string | undefined): ReadonlySet<string> {
  return new Set((text ?? '').split(',').flatMap((part) => (part === '' ? [] : [unescaped(part)])))
}

/** As `readHidden` reads it; undefined where there are none. */
export function writeHidden(names: ReadonlySet<string>): string | undefined {
  if (names.size === 0) return undefined
  return [...names]
    .toSorted()
    .map((name) => name.replaceAll('%', '%25').replaceAll(',', '%2C'))
    .join(',')
}

function unescaped(part: string): string {
  return part.replaceAll('%2C', ',').replaceAll('%25', '%')
}
