import { expect, test } from 'vitest'
import { waysToSend } from './ways-to-send.ts'

const NOW = 1_700_000_000.25
const RANDOM = '0123456789abcdef0123456789abcdef01234567'

function codes(url: string, udp: string | undefined): readonly string[] {
  return waysToSend({ url, udp, region: 'eu-west-1' }, NOW, RANDOM).map(({ code }) => code)
}

test.for<[string, string | undefined, string, string]>([
  ['http://127.0.0.1:2000', '127.0.0.1:2000', '127.0.0.1:2000', 'one address for both'],
  ['http://tracing.local:2000', '0.0.0.0:2000', 'tracing.local:2000', 'listens everywhere'],
  ['http://tracing.local:2000', '[::]:2000', 'tracing.local:2000', 'listens everywhere by IPv6'],
  ['http://127.0.0.1:2000', '127.0.0.1:2001', 'tcp:127.0.0.1:2000 udp:127.0.0.1:2001', 'two ports'],
  ['https://example.com', '10.0.0.7:2000', 'tcp:example.com:443 udp:10.0.0.7:2000', 'behind a proxy'],
  ['http://127.0.0.1:2000', undefined, 'tcp:127.0.0.1:2000', 'UDP is off'],
])('%s and UDP at %s make %s: %s', ([url, udp, expected]) => {
  expect(codes(url, udp)[0]).toBe(`export AWS_XRAY_DAEMON_ADDRESS="${expected}"`)
})

test('curl posts a segment of a fresh trace that has just ended', () => {
  const curl = codes('http://127.0.0.1:2000/tracing', undefined)[2] ?? ''
  expect(curl).toContain('curl -X POST http://127.0.0.1:2000/tracing/TraceSegments \\')
  const body: unknown = JSON.parse(/-d '(.*)'$/.exec(curl)?.[1] ?? '')
  const [segment] = (body as { TraceSegmentDocuments: string[] }).TraceSegmentDocuments
  expect(JSON.parse(segment ?? '')).toMatchObject({
    trace_id: '1-6553f100-0123456789abcdef01234567',
    id: '89abcdef01234567',
    start_time: 1_700_000_000,
    end_time: NOW,
  })
})

test('no code has a quote that would end its own', () => {
  expect(codes('http://127.0.0.1:2000', undefined).map((code) => code.split("'").length % 2)).toEqual([1, 1, 1])
})
