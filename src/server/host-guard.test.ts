import { describe, expect, it } from 'vitest'

import { createHostGuard } from './host-guard.ts'

type Row = readonly [host: string | undefined, allowed: boolean]

const reads = (host: string | undefined, allowedHosts: readonly string[] = []): boolean =>
  createHostGuard(allowedHosts)({ method: 'GET', path: '/api/status', headers: host === undefined ? {} : { host } }) ===
  undefined

describe('a server of this machine answers under', () => {
  it.each<Row>([
    ['127.0.0.1:2000', true],
    ['127.0.0.1', true],
    ['127.8.9.10:80', true],
    ['localhost:2000', true],
    ['LOCALHOST', true],
    ['localhost.:2000', true],
    ['tracing.localhost:2000', true],
    ['[::1]:2000', true],
    ['[::1]', true],
    [undefined, true],
    ['', true],
    ['evil.example', false],
    ['evil.example:2000', false],
    ['127.0.0.1.evil.example', false],
    ['localhost.evil.example', false],
    ['evillocalhost', false],
    ['127.evil', false],
    ['10.0.0.5:2000', false],
    ['[::2]:2000', false],
    ['[fe80::1]', false],
    ['radiograph:2000', false],
  ])('%j: %j', (host, allowed) => {
    expect(reads(host)).toBe(allowed)
  })

  it.each<readonly [allowedHosts: readonly string[], host: string, allowed: boolean]>([
    [['tracing.example.com'], 'tracing.example.com', true],
    [['tracing.example.com'], 'Tracing.Example.com:8443', true],
    [['tracing.example.com'], 'localhost:2000', true],
    [['tracing.example.com'], 'other.example.com', false],
    [['tracing.example.com'], 'a.tracing.example.com', false],
    [['*.example.com'], 'a.b.example.com', true],
    [['*.example.com'], 'example.com', false],
    [['*.example.com'], 'evilexample.com', false],
    [['fd00::5'], '[fd00::5]:2000', true],
    [['*'], 'anything.example', true],
  ])('with %j: %j: %j', (allowedHosts, host, allowed) => {
    expect(reads(host, allowedHosts)).toBe(allowed)
  })
})

describe('under another name it answers', () => {
  const from = { host: 'radiograph:2000' }
  const page = { ...from, origin: 'http://radiograph:2000' }

  it.each<readonly [method: string, path: string, headers: Record<string, string>, allowed: boolean]>([
    ['POST', '/TraceSegments', from, true],
    ['POST', '/TraceSummaries', from, true],
    ['POST', 'http://xray.us-east-1.amazonaws.com/TraceSegments', from, true],
    ['POST', '/TraceSegments', page, false],
    ['POST', '/TraceSegments', { ...from, origin: 'null' }, false],
    ['POST', '/api/demo', from, false],
    ['POST', 'http://radiograph/api/demo', from, false],
    ['GET', '/', from, false],
    ['GET', '/map', from, false],
    ['GET', '/assets/index-1a2b.js', from, false],
    ['GET', '/api/traces?from=6h', from, false],
    ['GET', '/metrics', from, false],
    ['OPTIONS', '/TraceSegments', page, false],
    ['GET', '/healthz', from, true],
    ['HEAD', '/readyz?x=1', from, true],
    ['GET', '/healthz', page, false],
    ['GET', '/healthz/../api/traces', from, false],
    ['GET', '/map', { ...from, 'x-forwarded-host': 'localhost' }, false],
  ])('%s %s of %j: %j', (method, path, headers, allowed) => {
    expect(createHostGuard([])({ method, path, headers }) === undefined).toBe(allowed)
  })

  it('says what to do', () => {
    const message = createHostGuard([])({ method: 'GET', path: '/map', headers: { host: 'tracing.example.com:80' } })
    expect(message).toBe(
      "This server does not answer to the host 'tracing.example.com': to allow it, start the server with --allowed-hosts",
    )
  })
})
