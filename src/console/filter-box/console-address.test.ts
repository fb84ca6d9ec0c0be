import { expect, test } from 'vitest'
import { readConsoleAddress } from './console-address.ts'

const XRAY = 'https://console.aws.amazon.com/xray/home'
const CLOUDWATCH = 'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1'

test.each([
  [`${XRAY}?region=eu-west-1#/traces?timeRange=PT15M&filter=fault`, { filter: 'fault', t: '15m' }],
  [
    `${XRAY}#/traces?filter=http.url%20CONTAINS%20%22a%26b%22&timeRange=PT1H`,
    { filter: 'http.url CONTAINS "a&b"', t: '1h' },
  ],
  [
    `${XRAY}#/traces?filter=service("a") { fault = true } AND annotation.foo = "bar"`,
    {
      filter: 'service("a") { fault = true } AND annotation.foo = "bar"',
    },
  ],
  [
    `${XRAY}#/traces?timeRange=2018-9-01T20:00~2018-9-01T22:00`,
    {
      filter: '',
      t: '2018-09-01T20:00:00.000Z~2018-09-01T22:00:00.000Z',
    },
  ],
  [`${XRAY}#/traces?filter=ok&timeRange=P1DT6H`, { filter: 'ok', t: '30h' }],
  [
    `${CLOUDWATCH}#xray:traces/query?~(query~(expression~'Annotation.x_id*20*3d*20*22r*22)~context~(timeRange~(delta~21600000)))`,
    {
      filter: 'Annotation.x_id = "r"',
      t: '6h',
    },
  ],
  [
    `${CLOUDWATCH}#xray:traces/query?~(query~(expression~'service*28id*28name*3a*20*22wfs*22*29*29)~context~())`,
    {
      filter: 'service(id(name: "wfs"))',
    },
  ],
  [`${CLOUDWATCH}#xray:service-map/map`, undefined],
  ['https://example.com/xray/home', undefined],
  ['fault', undefined],
])('%s', (address, read) => {
  expect(readConsoleAddress(address)).toEqual(read)
})
