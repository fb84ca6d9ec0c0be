import { expect, test } from 'vitest'
import { readOldLink, readTimeRange } from './read-old-link.ts'

const ID = '1-5759e988-bd862e3fe1be46a994272793'

test.for<[string, string | undefined, string]>([
  ['/#/service-map', '/map', 'the map'],
  ['/#/service-map?timeRange=PT6H', '/map?t=6h', 'the map at a time'],
  ['/#/traces', '/traces', 'the list'],
  ['/#/traces?filter=fault&timeRange=PT15M', '/traces?t=15m&q=fault', 'filter and time'],
  [
    '/#/traces?filter=service(%22api%22)%20%7B%20fault%20%7D',
    '/traces?q=service%28%22api%22%29+%7B+fault+%7D',
    'an escaped filter',
  ],
  [
    '/#/traces?timeRange=2026-11-21T10:00:00Z~2026-11-21T10:30:00Z',
    '/traces?t=2026-11-21T10%3A00%3A00.000Z%7E2026-11-21T10%3A30%3A00.000Z',
    'from and to',
  ],
  ['/#/traces?timeRange=nonsense&filter=error', '/traces?q=error', 'a time that is none is left out'],
  [`/#/traces/${ID}`, `/traces/${ID}`, 'a trace'],
  [`/#/traces/${ID}/raw`, `/traces/${ID}/raw`, 'its documents'],
  ['/#/traces/5759e988bd862e3fe1be46a994272793', `/traces/${ID}`, 'the other form of the id'],
  [`/xray/home?region=eu-west-1#/traces/${ID}`, `/traces/${ID}`, "the X-Ray console's whole path"],
  ['/xray/home?region=eu-west-1#/service-map', '/map', 'its map'],
  ['/xray/home?region=eu-west-1', '/', 'its start'],
  [`/cloudwatch/home?region=eu-west-1#xray:traces/${ID}`, `/traces/${ID}`, "CloudWatch's form"],
  ['/cloudwatch/home?region=eu-west-1#xray:service-map/map', '/map', "CloudWatch's map"],
  ['/#/analytics', '/', 'a page that there is none of'],
  ['/#/traces/%E0%A4%A', '/', 'a broken escape'],
  ['/', undefined, 'an address of ours'],
  [`/traces/${ID}`, undefined, 'a page of ours'],
  ['/traces#/service-map', undefined, 'not at a path of ours'],
  ['/#main', undefined, 'a place in the page'],
])('%s leads to %s: %s', ([link, expected]) => {
  const { pathname, search, hash } = new URL(link, 'http://127.0.0.1:2000')
  expect(readOldLink({ path: pathname, search, hash })).toBe(expected)
})

test.for<[string, string | undefined]>([
  ['PT15M', '15m'],
  ['PT1H30M', '90m'],
  ['P1D', '1d'],
  ['P1W', '7d'],
  ['PT30S', '30s'],
  ['P', undefined],
  ['PT0S', undefined],
  ['', undefined],
  ['1700000000~1700000900', '2023-11-14T22:13:20.000Z~2023-11-14T22:28:20.000Z'],
  ['1700000900~1700000000', undefined],
])('the time range %j is %j', ([text, expected]) => {
  expect(readTimeRange(text)).toBe(expected)
})
