import { headerText } from '../wire/aws/http-message.ts'
import type { RequestHeaders } from '../wire/aws/http-message.ts'

/** Where everything is served: `/`, or a path with a slash at both ends, such as `/tracing/`. */
export type BasePath = string

// What needs no escaping in an address, in a header or in an attribute (RFC 3986 §2.3); no segment of dots alone.
const SEGMENTS = /^\/(?:(?!\.{1,2}\/)[A-Za-z0-9._~-]+\/)*$/

/** Reads a path, with or without its last slash; nothing when it cannot be the start of an address. */
export function readBasePath(text: string): BasePath | undefined {
  const path = text.endsWith('/') ? text : `${text}/`
  return path.length <= 256 && SEGMENTS.test(path) ? path : undefined
}

/**
 * Where the browser sees this server: what a proxy says in `X-Forwarded-Prefix`, or what the operator said. A header
 * that is no path is as good as none.
 */
export function basePathOf(headers: RequestHeaders, configured: BasePath): BasePath {
  const forwarded = headerText(headers, 'x-forwarded-prefix')
  return (forwarded === undefined ? undefined : readBasePath(forwarded.trim())) ?? configured
}

/** A request's target as it is without the prefix, for proxies that leave it there. Others take it away: no change. */
export function withoutBasePath(target: string, basePath: BasePath): string {
  if (basePath === '/') return target
  if (target.startsWith(basePath)) return target.slice(basePath.length - 1)
  const bare = basePath.slice(0, -1)
  const next = target.startsWith(bare) ? target.charAt(bare.length) : undefined
  return next === '' || next === '?' ? `/${target.slice(bare.length)}` : target
}
