const MAX_CODE_POINTS = 200
const LEGAL_NAME = /^[\p{L}\p{N}\p{Z}_.:/%&#=+\\\-@]{1,200}$/u
const ILLEGAL_CHARACTER = /[^\p{L}\p{N}\p{Z}_.:/%&#=+\\\-@]/gu

/** One entry per ASCII code: 1 where a name may hold it. */
const LEGAL_ASCII = Uint8Array.from({ length: 128 }, (_, code) => (LEGAL_NAME.test(String.fromCharCode(code)) ? 1 : 0))

/** Whether X-Ray accepts this name: 1 to 200 letters, numbers, spaces and some signs (spec/ingest §2.4). */
export function isLegalName(name: string): boolean {
  for (let at = 0; at < name.length; at++) {
    const code = name.charCodeAt(at)
    if (code >= 128) return LEGAL_NAME.test(name)
    if (LEGAL_ASCII[code] === 0) return false
  }
  return name.length > 0 && name.length <= MAX_CODE_POINTS
}

/** The name without its illegal characters, cut to 200; `unknown` when nothing is left. Legal names stay as they are. */
export function legalName(name: string): string {
  if (isLegalName(name)) return name
  const kept = Array.from(name.replace(ILLEGAL_CHARACTER, '')).slice(0, MAX_CODE_POINTS).join('')
  return kept === '' ? 'unknown' : kept
}
