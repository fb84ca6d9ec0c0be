import { expect, it } from 'vitest'

import { resolveConfig, type Flags } from './config.ts'
import { authorities, readyScreen, type ServerAddress } from './ready-screen.ts'

function screen(flags: Flags, address: ServerAddress): readonly string[] {
  return readyScreen(
    resolveConfig(flags, { HOME: '/h' }, () => '{}'),
    address,
    '0.1.0',
    '/srv/traces',
  )
}

const here = { host: '127.0.0.1', port: 2000, udpPort: 2000 }

it('says where it is, how to call it, where the data is and how to stop', () => {
  expect(screen({}, here)).toEqual([
    'Radiograph is listening on http://127.0.0.1:2000',
    '',
    '  Console            http://127.0.0.1:2000/',
    '  X-Ray SDKs (UDP)   AWS_XRAY_DAEMON_ADDRESS=127.0.0.1:2000 (their default: nothing to set)',
    '  AWS SDKs and CLI   AWS_ENDPOINT_URL_XRAY=http://127.0.0.1:2000',
    '                     with any credentials, region us-east-1',
    '  Traces             ClickHouse inside this process',
    '  Data               /srv/traces',
    '  Version            0.1.0',
    '',
    'Stop with Ctrl-C',
  ])
})

it.each<[string, Flags, ServerAddress, string]>([
  ['the console has its path', { basePath: '/tracing' }, here, 'Console            http://127.0.0.1:2000/tracing/'],
  ['a wildcard is opened by loopback', {}, { ...here, host: '0.0.0.0' }, 'Console            http://127.0.0.1:2000/'],
  ['another port is to be set', {}, { ...here, port: 2100, udpPort: 2100 }, 'AWS_XRAY_DAEMON_ADDRESS=127.0.0.1:2100'],
  [
    'two ports are told apart',
    {},
    { ...here, udpPort: 2001 },
    "AWS_XRAY_DAEMON_ADDRESS='tcp:127.0.0.1:2000 udp:127.0.0.1:2001'",
  ],
  ['IPv6 has brackets', {}, { ...here, host: '::1' }, 'Radiograph is listening on http://[::1]:2000'],
  ['a wildcard is listened on', {}, { ...here, host: '0.0.0.0' }, 'Radiograph is listening on http://0.0.0.0:2000'],
  ['a wildcard is called by loopback', {}, { ...here, host: '::' }, 'AWS_ENDPOINT_URL_XRAY=http://[::1]:2000'],
  ['no password is shown', { store: 'https://ada:secret@db:8443/x' }, here, 'ClickHouse at https://db:8443/x'],
  ['memory forgets', { store: 'memory' }, here, 'in memory (forgotten at exit)'],
  ['ephemeral data goes away', { ephemeral: true }, here, '/srv/traces (ephemeral: removed at exit)'],
  ['the region is the configured one', { region: 'eu-west-1' }, here, 'region eu-west-1'],
])('%s', (_, flags, address, part) => {
  const text = screen(flags, address).join('\n')
  expect(text).toContain(part)
  expect(text).not.toContain('secret')
})

it('addresses are those that were opened', () => {
  const address = { host: '::', port: 2000, udpPort: 2001 }
  expect(authorities(address)).toEqual({ http: '[::]:2000', udp: '[::]:2001' })
})
