import { expect, test } from 'vitest'
import { describeConsole } from '../fixtures/console-suite.ts'
import { send } from '../fixtures/raw-http.ts'

const HTML = { accept: 'text/html' }
const PAGES = ['/map', '/traces', '/traces/1-6553f100-a006649127e371903a2de979', '/no/such/page']

/** One of the pages is of a trace that is not there. */
const NO_SUCH_TRACE = /status of 404/

describeConsole('under the root', {}, ({ open, server }) => {
  test.each(PAGES)('%s is a page of the console', async (path) => {
    const page = await open(path)
    page.expectComplaint(NO_SUCH_TRACE)
    await page.getByRole('main').waitFor()
    expect(await page.getByRole('navigation').count()).toBeGreaterThan(0)
  })

  test('the root leads to the map', async () => {
    const page = await open('/')
    await page.waitForURL('**/map')
    await page.getByRole('heading', { level: 1 }).waitFor()
  })

  test('the page is never kept, and its files are kept forever', async () => {
    const { headers, text } = await send(server().url, { method: 'GET', path: '/map', headers: HTML })
    expect(headers['cache-control']).toBe('no-cache')
    expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self';")
    const assets = [...text.matchAll(/(?:src|href)="\.(\/assets\/[^"]+)"/g)].map((match) => match[1])
    expect(assets.length).toBeGreaterThanOrEqual(2)
    for (const path of assets) {
      const answer = await send(server().url, {
        method: 'GET',
        path: path ?? '',
        headers: { 'accept-encoding': 'br' },
      })
      expect(answer.headers).toMatchObject({
        'cache-control': 'public, max-age=31536000, immutable',
        'x-content-type-options': 'nosniff',
      })
      const isTiny = Number(answer.headers['content-length']) < 512
      expect([isTiny ? 'br' : answer.headers['content-encoding'], path]).toEqual(['br', path])
    }
  })

  test('the API is where it was, and what browsers load does not count as a call', async () => {
    const read = (path: string) => send(server().url, { method: 'GET', path, headers: HTML })
    const { text } = await send(server().url, { method: 'GET', path: '/' })
    expect(JSON.parse(text)).toMatchObject({ name: 'Radiograph' })
    const answersOf = (metrics: string) => metrics.match(/^radiograph_http_answer_seconds_count{operation="none".*$/gm)
    const before = await read('/metrics')
    expect(before.headers['content-type']).toContain('text/plain')
    for (const path of ['/map', '/icon.svg', '/map']) expect((await read(path)).status).toBe(200)
    expect(answersOf((await read('/metrics')).text)).toEqual(answersOf(before.text))
    expect(answersOf(before.text)).not.toBeNull()
  })
})

const INTRUDER = 'intruder.example:2000'

describeConsole('to names of others', {}, ({ server }) => {
  test.each<[method: string, path: string, headers: Record<string, string>, status: number]>([
    ['GET', '/map', HTML, 421],
    ['GET', '/icon.svg', {}, 421],
    ['GET', '/api/status', {}, 421],
    ['POST', '/api/demo', { origin: `http://${INTRUDER}` }, 421],
    ['POST', '/GetTraceSummaries', { origin: `http://${INTRUDER}` }, 421],
    ['POST', '/TraceSegments', {}, 200],
    ['GET', '/healthz', {}, 200],
  ])('%s %s %j is answered %d', async (method, path, headers, status) => {
    const body = method === 'POST' ? { body: '{"TraceSegmentDocuments":[]}' } : {}
    const answer = await send(server().url, { method, path, headers: { ...headers, host: INTRUDER }, ...body })
    expect(answer.status, answer.text).toBe(status)
    if (status !== 421) return
    expect(answer.headers['content-type']).toMatch(/^application\/json/)
    expect(JSON.parse(answer.text)).toMatchObject({
      __type: 'MisdirectedRequestException',
      message: expect.stringMatching(/'intruder\.example'.*--allowed-hosts/),
    })
  })
})

describeConsole('to names that were allowed', { args: ['--allowed-hosts', '*.example'] }, ({ server }) => {
  test('it answers', async () => {
    const answer = await send(server().url, { method: 'GET', path: '/map', headers: { ...HTML, host: INTRUDER } })
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
  })
})

describeConsole('under a prefix', { args: ['--base-path', '/tracing/'] }, ({ open, server }) => {
  test.each(PAGES)('/tracing%s is a page of the console', async (path) => {
    const page = await open(`/tracing${path}`)
    page.expectComplaint(NO_SUCH_TRACE)
    const asked: string[] = []
    page.on('request', (request) => asked.push(new URL(request.url()).pathname))
    await page.reload()
    await page.getByRole('main').waitFor()
    expect(new URL(page.url()).pathname).toBe(`/tracing${path}`)
    expect(asked.length).toBeGreaterThan(2)
    expect(asked.filter((one) => !one.startsWith('/tracing/'))).toEqual([])
  })

  test('links stay below it', async () => {
    const page = await open('/tracing/')
    await page.waitForURL('**/tracing/map')
    await page.getByRole('link', { name: 'Traces' }).first().click()
    await page.waitForURL('**/tracing/traces')
    await page.getByRole('heading', { level: 1 }).waitFor()
  })

  test('a proxy names another', async () => {
    const page = await open('/tracing/map', { extraHTTPHeaders: { 'x-forwarded-prefix': '/elsewhere' } })
    expect(await page.evaluate('document.baseURI')).toBe(`${server().url}/elsewhere/`)
    await page.getByRole('main').waitFor()
  })
})
