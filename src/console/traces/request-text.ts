/** The parts of what was asked for: `host` is dimmed, `path` is what tells requests apart. */
export type RequestText = { readonly host: string; readonly path: string; readonly query: string }

/** Takes a URL apart by its text alone, since senders write what they like: `/path`, `host/path`, or no URL at all. */
export function requestText(url: string): RequestText {
  const [, scheme = '', rest = ''] = /^([a-z][a-z0-9+.-]*:\/\/)?(.*)$/is.exec(url) ?? []
  const pathAt = rest.search(/[/?#]/)
  const hasHost = scheme !== '' && pathAt !== 0
  const host = hasHost ? rest.slice(0, pathAt === -1 ? rest.length : pathAt) : ''
  const [, path = '', query = ''] = /^([^?#]*)(.*)$/s.exec(rest.slice(host.length)) ?? []
  return { host, path: path === '' && host !== '' ? '/' : path, query }
}

/** Both ends of a text that is too long: names of things are told apart at their ends. */
export function shortened(text: string, most: number): string {
  const characters = [...text]
  if (characters.length <= most) return text
  const head = Math.ceil((most - 1) * 0.6)
  return `${characters.slice(0, head).join('')}…${characters.slice(characters.length - (most - 1 - head)).join('')}`
}
