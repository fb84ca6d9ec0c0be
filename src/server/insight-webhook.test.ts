import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { createWebhook } from './insight-webhook.ts'

type Answer = { readonly status: number; readonly location?: string }

/** A real server that answers in turn as it is told, and then 200. */
async function receiver(answers: readonly Answer[]) {
  const left = [...answers]
  const bodies: string[] = []
  const paths: (string | undefined)[] = []
  const server = createServer((request: IncomingMessage, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => (body += text))
    request.on('end', () => {
      bodies.push(body)
      paths.push(request.url)
      const { status, location } = left.shift() ?? { status: 200 }
      response.writeHead(status, location === undefined ? {} : { location }).end('answer')
    })
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/hook?token=secret`,
    bodies,
    paths,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  }
}

test.each<{ answers: readonly Answer[]; counts: readonly number[]; bodies: readonly string[]; reason: string }>([
  { answers: [], counts: [2, 0], bodies: ['1', '2'], reason: 'in order' },
  { answers: [{ status: 500 }], counts: [2, 0], bodies: ['1', '1', '2'], reason: 'tried again' },
  { answers: [{ status: 429 }, { status: 503 }], counts: [2, 0], bodies: ['1', '1', '1', '2'], reason: 'and again' },
  {
    answers: [{ status: 500 }, { status: 500 }, { status: 500 }],
    counts: [1, 1],
    bodies: ['1', '1', '1', '2'],
    reason: 'given up after three attempts',
  },
  { answers: [{ status: 404 }], counts: [1, 1], bodies: ['1', '2'], reason: 'an answer that will not change' },
  {
    answers: [{ status: 302, location: '/elsewhere' }],
    counts: [1, 1],
    bodies: ['1', '2'],
    reason: 'a redirect is not followed',
  },
])('$answers: $reason', async ({ answers, counts, bodies }) => {
  await using server = await receiver(answers)
  const reasons: string[] = []
  await using webhook = createWebhook({ url: server.url, onFailure: (why) => reasons.push(why), retryMs: [1, 1] })
  webhook.send('1')
  webhook.send('2')
  await expect.poll(() => [webhook.counts.delivered, webhook.counts.failed], { timeout: 10_000 }).toEqual(counts)
  expect(server.bodies).toEqual(bodies)
  expect(new Set(server.paths)).toEqual(new Set(['/hook?token=secret']))
  expect(reasons).toHaveLength(counts[1] ?? 0)
  expect(reasons.join()).not.toContain('secret')
})

test('nobody is kept waiting, and too many are dropped', async () => {
  const reasons: string[] = []
  // Nobody listens there.
  const webhook = createWebhook({
    url: 'http://127.0.0.1:9/',
    onFailure: (why) => reasons.push(why),
    retryMs: [60_000],
  })
  for (let number = 0; number < 150; number++) webhook.send(String(number))
  expect(reasons.filter((why) => why === 'too many notifications wait').length).toBeGreaterThanOrEqual(49)
  await webhook[Symbol.asyncDispose]()
  expect(webhook.counts).toEqual({ delivered: 0, failed: 150 })
  webhook.send('late')
  expect(webhook.counts.failed).toBe(150)
})
