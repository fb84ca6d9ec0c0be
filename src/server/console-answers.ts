import { headerText } from '../wire/aws/http-message.ts'
import type { RequestHead, RequestHeaders } from '../wire/aws/http-message.ts'
import { acceptsEncoding } from './accepts-encoding.ts'
import type { BasePath } from './base-path.ts'
import type { ConsoleFile, ConsoleFiles } from './console-files.ts'

/** An answer to a browser: bytes rather than text. `Content-Length` is among the headers of those that have a body. */
export type ConsoleAnswer = {
  readonly status: number
  readonly headers: { readonly [name: string]: string }
  readonly body: Buffer
}

/**
 * Answers what is a file of the console or a visit of one of its pages; nothing for all else, which the API answers.
 * The path is without prefix; the prefix is where the browser sees it.
 */
export type AnswerConsole = (request: RequestHead, basePath: BasePath) => ConsoleAnswer | undefined

/** What the console needs of the rest of the server. */
export type ConsoleOptions = {
  readonly console: ConsoleFiles
  /** Whether a path is the API's, and so never a page. */
  readonly isOfApi: (path: string) => boolean
  /** Sources of `frame-ancestors`, as the policy spells them (CSP level 3 §6.4.2). */
  readonly frameAncestors: string
  /** A new one each time: base64 of 16 bytes that nobody can guess. */
  readonly newNonce: () => string
}

const NOT_BUILT = `The console is not built, so there is nothing to show here. The API at this address works.

To build it, run "npm run build" where Radiograph is, and start it again.
`

/** The files of the console, and its one page at every address that is not the API's (console §4.16). */
export function createConsoleAnswers(options: ConsoleOptions): AnswerConsole {
  const { console, isOfApi, newNonce } = options

  return (request, basePath) => {
    const { method, headers } = request
    if (method !== 'GET' && method !== 'HEAD') return undefined
    const path = request.path.split('?', 1)[0] ?? ''
    const file = console.files.get(path)
    if (file !== undefined) return answerFile(file, headers, policy(options.frameAncestors))
    if (!isVisit(path, headers) || isOfApi(path)) return undefined
    if (console.page === undefined) return textAnswer(503, 'text/plain; charset=utf-8', NOT_BUILT)
    const nonce = newNonce()
    return textAnswer(200, 'text/html; charset=utf-8', preparePage(console.page, basePath, nonce), {
      'Content-Security-Policy': policy(options.frameAncestors, nonce),
    })
  }
}

/** Whether somebody opens an address in a browser; what a page loads by itself does not ask for HTML. */
const isVisit = (path: string, headers: RequestHeaders): boolean =>
  path.startsWith('/') && !path.startsWith('/assets/') && /\btext\/html\b/.test(headerText(headers, 'accept') ?? '')

/** The policy of console §4.16. */
function policy(frameAncestors: string, nonce?: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self'${nonce === undefined ? '' : ` 'nonce-${nonce}'`}`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self'",
    "font-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    `frame-ancestors ${frameAncestors}`,
  ].join('; ')
}

/** Addresses in the page are relative, and its scripts may add only those styles that carry the nonce. */
function preparePage(page: string, basePath: BasePath, nonce: string): string {
  return page.replace('<head>', `<head>\n    <base href="${basePath}" />\n    ${nonceElement(nonce)}`)
}

/** Where React Aria and CodeMirror's part of the console look for it. */
const nonceElement = (nonce: string): string => `<meta property="csp-nonce" nonce="${nonce}" />`

const COMMON = { 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer' }

function answerFile(file: ConsoleFile, request: RequestHeaders, contentPolicy: string): ConsoleAnswer {
  const { encoding, body } = chooseForm(file, request)
  const tag = `"${file.hash}${encoding === undefined ? '' : `-${encoding}`}"`
  const headers = {
    ...COMMON,
    'Cache-Control': file.isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
    // Of what runs on its own: workers, and pictures that are opened by their address.
    'Content-Security-Policy': contentPolicy,
    ETag: tag,
    Vary: 'Accept-Encoding',
  }
  if (isKnown(request, tag)) return { status: 304, headers, body: Buffer.alloc(0) }
  return {
    status: 200,
    headers: {
      ...headers,
      'Content-Type': file.type,
      'Content-Length': String(body.length),
      ...(encoding === undefined ? {} : { 'Content-Encoding': encoding }),
    },
    body,
  }
}

function chooseForm(file: ConsoleFile, headers: RequestHeaders): { encoding?: 'br' | 'gzip'; body: Buffer } {
  if (file.br !== undefined && acceptsEncoding(headers, 'br')) return { encoding: 'br', body: file.br }
  if (file.gzip !== undefined && acceptsEncoding(headers, 'gzip')) return { encoding: 'gzip', body: file.gzip }
  return { body: file.plain }
}

/** Whether `If-None-Match` names this tag, weak or not (RFC 9110 §13.1.2). */
function isKnown(headers: RequestHeaders, tag: string): boolean {
  const known = (headerText(headers, 'if-none-match') ?? '').split(',').map((text) => text.trim().replace(/^W\//, ''))
  return known.includes(tag) || known.includes('*')
}

function textAnswer(
  status: number,
  type: string,
  text: string,
  more: { readonly [name: string]: string } = {},
): ConsoleAnswer {
  const body = Buffer.from(text)
  return {
    status,
    headers: {
      ...COMMON,
      'Content-Type': type,
      'Content-Length': String(body.length),
      // The page differs with each visit, and API clients get JSON at the same address.
      'Cache-Control': 'no-cache',
      Vary: 'Accept, X-Forwarded-Prefix',
      ...more,
    },
    body,
  }
}
