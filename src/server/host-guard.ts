import { headerText } from '../wire/aws/http-message.ts'
import type { RequestHead } from '../wire/aws/http-message.ts'
import { isLoopback } from './config.ts'

/**
 * Why a request is not answered, or nothing when it is. The message is for whoever sent it.
 */
export type HostGuard = (head: RequestHead) => string | undefined

/** Stands for every host in `--allowed-hosts`. */
export const ANY_HOST = '*'

/**
 * Keeps pages of the web away from a server that only this machine can reach: a page can let its own name lead to
 * 127.0.0.1 (DNS rebinding), and then it reads everything as a page of its own origin. What it cannot do is to change
 * the name that the browser says in `Host`. So what a browser reads, and what it posts (then it says `Origin`), is
 * answered only under a name of loopback, or one that the operator gave.
 *
 * Calls of the X-Ray API that come from no page are answered under every name: SDKs and proxies use the names of
 * containers and of AWS. So are `/healthz` and `/readyz`, for probes. Only `Host` is looked at: `X-Forwarded-Host` can
 * be sent by a page, too.
 */
export function createHostGuard(allowedHosts: readonly string[]): HostGuard {
  if (allowedHosts.includes(ANY_HOST)) return () => undefined
  return (head) => {
    const host = hostOf(headerText(head.headers, 'host') ?? '')
    // HTTP/1.0 needs none, and no browser speaks that.
    if (host === '' || isOfThisMachine(host) || allowedHosts.some((allowed) => covers(allowed, host))) return undefined
    if (isForEveryName(head)) return undefined
    return `This server does not answer to the host '${host.slice(0, 100)}': to allow it, start the server with --allowed-hosts`
  }
}

/** A host as the header `Host` has it, without port, brackets and the dot of the root; in lower case. */
function hostOf(header: string): string {
  const text = header.trim().toLowerCase()
  const bracketed = /^\[([^\]]*)\]/.exec(text)?.[1]
  return bracketed ?? text.replace(/:\d*$/, '').replace(/\.$/, '')
}

// A name below localhost never leaves the machine (RFC 6761 §6.3), in browsers too.
const isOfThisMachine = (host: string): boolean => isLoopback(host) || host.endsWith('.localhost')

const covers = (allowed: string, host: string): boolean =>
  allowed.startsWith('*.') ? host.endsWith(allowed.slice(1)) : host === allowed

/** Paths of our own, also behind the origin of an absolute target. */
const OWN_PATH = /^(?:https?:\/\/[^/?]*)?\/+api(?:[/?]|$)/i
const PROBE = /^\/(?:healthz|readyz)\/*(?:\?|$)/

function isForEveryName({ method, path, headers }: RequestHead): boolean {
  if (headerText(headers, 'origin') !== undefined) return false
  return method === 'POST' ? !OWN_PATH.test(path) : PROBE.test(path)
}
