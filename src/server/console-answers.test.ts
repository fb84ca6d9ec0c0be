import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'

import { createConsoleAnswers, type ConsoleAnswer } from './console-answers.ts'
import { loadConsoleFiles } from './console-files.ts'

const SCRIPT = `console.log('a page')\n`.repeat(50)
const PAGE = '<!doctype html>\n<html>\n  <head>\n    <title>R</title>\n  </head>\n</html>\n'
const VISIT = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

const directory = await mkdtemp(join(tmpdir(), 'radiograph-console-'))
afterAll(() => rm(directory, { recursive: true, force: true }))
await mkdir(join(directory, 'assets'))
await writeFile(join(directory, '.stamp'), 'of the builder')
await writeFile(join(directory, 'index.html'), PAGE)
await writeFile(join(directory, 'icon.svg'), '<svg/>')
await writeFile(join(directory, 'assets', 'index-1a2b.js'), SCRIPT)
await writeFile(join(directory, 'assets', 'index-1a2b.js.br'), brotliCompressSync(SCRIPT))
await writeFile(join(directory, 'assets', 'index-1a2b.js.gz'), gzipSync(SCRIPT))

let nonces = 0
const answer = createConsoleAnswers({
  console: await loadConsoleFiles(directory),
  isOfApi: (path) => path.startsWith('/api/') || path === '/TraceSegments',
  frameAncestors: "'self' https://wiki.example.com",
  newNonce: () => `nonce${++nonces}==`,
})

const get = (path: string, headers: Record<string, string> = {}, basePath = '/', method = 'GET') =>
  answer({ method, path, headers }, basePath)

const policyOf = (given: ConsoleAnswer | undefined): string => given?.headers['Content-Security-Policy'] ?? ''

describe('the page', () => {
  it.each<[string, string, Record<string, string>, boolean]>([
    ['/', 'GET', VISIT, true],
    ['/?t=1h', 'GET', VISIT, true],
    ['/traces/1-6553f100-a006649127e371903a2de979', 'GET', VISIT, true],
    ['/no/such/page', 'GET', VISIT, true],
    ['/map', 'HEAD', VISIT, true],
    ['/', 'GET', {}, false],
    ['/', 'GET', { accept: '*/*' }, false],
    ['/map', 'POST', VISIT, false],
    ['/api/status', 'GET', VISIT, false],
    ['/TraceSegments', 'GET', VISIT, false],
    ['/assets/gone-9f9f.js', 'GET', VISIT, false],
    ['*', 'GET', VISIT, false],
  ])('%s by %s with %j: %j', (path, method, headers, expected) => {
    const given = get(path, headers, '/', method)
    expect(given?.headers['Content-Type']).toBe(expected ? 'text/html; charset=utf-8' : undefined)
  })

  it('is told where it is, and which styles it may add', () => {
    const given = get('/map', VISIT, '/tracing/')
    const nonce = `nonce${nonces}==`
    const text = given?.body.toString() ?? ''
    expect(text).toContain('<head>\n    <base href="/tracing/" />')
    expect(text).toContain(`<meta property="csp-nonce" nonce="${nonce}" />`)
    expect(policyOf(given)).toBe(
      `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:; ` +
        `connect-src 'self'; worker-src 'self'; font-src 'none'; base-uri 'self'; form-action 'self'; ` +
        `frame-ancestors 'self' https://wiki.example.com`,
    )
    expect(given?.headers).toMatchObject({
      'Cache-Control': 'no-cache',
      'Content-Length': String(Buffer.byteLength(text)),
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
    })
    expect(policyOf(get('/map', VISIT))).not.toContain(nonce)
  })

  it('says what to run when it was not built', async () => {
    const unbuilt = createConsoleAnswers({
      console: await loadConsoleFiles(join(directory, 'nowhere')),
      isOfApi: () => false,
      frameAncestors: "'self'",
      newNonce: () => 'nonce',
    })
    const given = unbuilt({ method: 'GET', path: '/', headers: VISIT }, '/')
    expect([given?.status, given?.body.toString()]).toEqual([503, expect.stringContaining('npm run build')])
    expect(unbuilt({ method: 'GET', path: '/', headers: {} }, '/')).toBeUndefined()
  })
})

describe('a file', () => {
  const path = '/assets/index-1a2b.js'

  it.each<[string, string | undefined, Buffer]>([
    ['br, gzip', 'br', brotliCompressSync(SCRIPT)],
    ['gzip, deflate', 'gzip', gzipSync(SCRIPT)],
    ['gzip;q=1.0, BR;q=0', 'gzip', gzipSync(SCRIPT)],
    ['identity', undefined, Buffer.from(SCRIPT)],
    ['brotli', undefined, Buffer.from(SCRIPT)],
    ['', undefined, Buffer.from(SCRIPT)],
  ])('for %j comes as %s', (accepted, encoding, bytes) => {
    const given = get(path, { 'accept-encoding': accepted })
    expect(given?.headers['Content-Encoding']).toBe(encoding)
    expect(given?.body.equals(bytes)).toBe(true)
    expect(given?.headers).toMatchObject({
      'Content-Type': 'text/javascript; charset=utf-8',
      'Content-Length': String(bytes.length),
      'Cache-Control': 'public, max-age=31536000, immutable',
      'X-Content-Type-Options': 'nosniff',
      Vary: 'Accept-Encoding',
    })
  })

  it('is not sent to who has it, in the form it is there', () => {
    const packed = get(path, { 'accept-encoding': 'br' })?.headers['ETag'] ?? ''
    const plain = get(path)?.headers['ETag'] ?? ''
    expect(packed).not.toBe(plain)
    for (const known of [plain, `W/${plain}`, `"other", ${plain}`, '*']) {
      const given = get(path, { 'if-none-match': known })
      expect([given?.status, given?.body.length, given?.headers['ETag']]).toEqual([304, 0, plain])
    }
    expect(get(path, { 'if-none-match': packed })?.status).toBe(200)
  })

  it('whose name stays the same is asked for again', () => {
    expect(get('/icon.svg?v=2')?.headers).toMatchObject({
      'Content-Type': 'image/svg+xml',
      'Cache-Control': 'no-cache',
    })
  })

  it.each([
    '/index.html',
    '/assets/index-1a2b.js.br',
    '/assets/../index.html',
    '/assets',
    '/__proto__',
    '//etc/passwd',
  ])('%s is none', (other) => {
    expect(get(other)).toBeUndefined()
  })
})
