import { describe, expect, it } from 'vitest'

import { defaultDataDir, isLoopback, resolveConfig, type Config, type Environment, type Flags } from './config.ts'
import { OPTION_KEYS, OPTIONS, type OptionKey } from './options.ts'
import { StartError } from './start-error.ts'

const HOME = { HOME: '/home/ada' }

function resolve(flags: Flags, environment: Environment = {}, file = '{}'): Config {
  return resolveConfig(flags, { ...HOME, ...environment }, () => file)
}

function errorOf(flags: Flags, environment: Environment = {}, file = '{}'): string {
  try {
    resolve(flags, environment, file)
  } catch (error) {
    if (error instanceof StartError) return error.message
    throw error
  }
  return 'no error'
}

describe('resolveConfig', () => {
  it('fills every default', () => {
    expect(resolveConfig({}, { HOME: '/home/ada', XDG_DATA_HOME: '/data/ada' }, () => '')).toEqual({
      host: '127.0.0.1',
      port: 2000,
      basePath: '/',
      frameAncestors: "'self'",
      allowedHosts: [],
      dataDir: '/data/ada/radiograph',
      ephemeral: false,
      store: { kind: 'chdb' },
      auth: 'off',
      envelope: 'auto',
      names: 'reject',
      account: '000000000000',
      region: 'us-east-1',
      spoolLimitBytes: 4_294_967_296,
      traceLimitBytes: 5_242_880,
      segmentsPerSecond: Infinity,
      maxPastSeconds: 2_592_000,
      maxFutureSeconds: 86_400,
      strictJson: false,
      doubleEncoding: false,
      traceIdEpochCheck: false,
      logLevel: 'info',
    } satisfies Config)
  })

  const file = '{"port": 1, "region": "eu-west-1", "account": "123456789012"}'
  it.each<[string, Flags, Environment, Partial<Config>]>([
    ['the file wins over the default', {}, {}, { port: 1, region: 'eu-west-1' }],
    ['a variable wins over the file', {}, { RADIOGRAPH_PORT: '2' }, { port: 2, region: 'eu-west-1' }],
    ['a flag wins over all', { port: '3' }, { RADIOGRAPH_PORT: '2' }, { port: 3, account: '123456789012' }],
    ['an empty variable is not set', {}, { RADIOGRAPH_PORT: '' }, { port: 1 }],
  ])('%s', (_, flags, environment, expected) => {
    expect(resolve({ config: 'r.json', ...flags }, environment, file)).toMatchObject(expected)
  })

  it('takes the file from a variable, too', () => {
    expect(resolve({}, { RADIOGRAPH_CONFIG: 'r.json' }, '{"port": 7}').port).toBe(7)
  })

  it.each<[Flags, Partial<Config>]>([
    [
      { port: '0', udpPort: '2001' },
      { port: 0, udpPort: 2001 },
    ],
    [{ spoolLimit: '512MiB' }, { spoolLimitBytes: 536_870_912 }],
    [{ spoolLimit: '1.5 GiB' }, { spoolLimitBytes: 1_610_612_736 }],
    [{ traceLimit: '500KiB' }, { traceLimitBytes: 512_000 }],
    [{ traceLimit: '1000' }, { traceLimitBytes: 1000 }],
    [{ awsParity: true }, { traceLimitBytes: 512_000, segmentsPerSecond: 2600, traceIdEpochCheck: false }],
    [
      { awsParity: true, traceLimit: '1MiB', segmentsPerSecond: '0' },
      { traceLimitBytes: 1_048_576, segmentsPerSecond: Infinity },
    ],
    [{ segmentsPerSecond: '100' }, { segmentsPerSecond: 100 }],
    [{ maxPast: '0' }, { maxPastSeconds: Infinity }],
    [
      { maxPast: '0.5', maxFuture: '2' },
      { maxPastSeconds: 43_200, maxFutureSeconds: 7200 },
    ],
    [{ store: 'memory' }, { store: { kind: 'memory' } }],
    [{ store: 'http://u:p@h:8123/d' }, { store: { kind: 'clickhouse', url: 'http://u:p@h:8123/d' } }],
    [
      { ephemeral: true, strictJson: true },
      { ephemeral: true, strictJson: true },
    ],
    [
      { host: '0.0.0.0', auth: 'off' },
      { host: '0.0.0.0', auth: 'off' },
    ],
    [{ host: '0.0.0.0', auth: 'off' }, { allowedHosts: ['*'] }],
    [{ host: '0.0.0.0', auth: 'off', allowedHosts: 'a.example' }, { allowedHosts: ['a.example'] }],
    [
      { allowedHosts: 'Tracing.example.com, *.internal [FD00::5]' },
      { allowedHosts: ['tracing.example.com', '*.internal', 'fd00::5'] },
    ],
    [{ allowedHosts: '*' }, { allowedHosts: ['*'] }],
    [{ host: '::1' }, { host: '::1', allowedHosts: [] }],
    [{ data: '/srv/traces' }, { dataDir: '/srv/traces' }],
    [{ basePath: '/tracing' }, { basePath: '/tracing/' }],
    [{ insightsWebhook: 'https://h/hook?t=1' }, { insightsWebhook: 'https://h/hook?t=1' }],
    [{ frameAncestors: 'none' }, { frameAncestors: "'none'" }],
    [
      { frameAncestors: 'self https://wiki.example.com https://*.example.org:8443' },
      { frameAncestors: "'self' https://wiki.example.com https://*.example.org:8443" },
    ],
  ])('%o is %o', (flags, expected) => {
    expect(resolve(flags)).toMatchObject(expected)
  })

  it.each<[string, Flags, Environment, string, boolean]>([
    ['a flag', { ephemeral: true }, { RADIOGRAPH_DATA: '/srv' }, '{}', true],
    ['a flag', { data: '/srv' }, { RADIOGRAPH_EPHEMERAL: 'true' }, '{}', false],
    ['a variable', {}, { RADIOGRAPH_EPHEMERAL: 'on' }, '{"data": "/srv"}', true],
    ['a variable', {}, { RADIOGRAPH_EPHEMERAL: 'off' }, '{"ephemeral": true}', false],
    ['the file', {}, {}, '{"ephemeral": true}', true],
  ])('%s decides whether data is kept: %o %o %s', (_, flags, environment, json, ephemeral) => {
    expect(resolve({ config: 'r.json', ...flags }, environment, json).ephemeral).toBe(ephemeral)
  })
})

describe('documented defaults', () => {
  const inWords: readonly OptionKey[] = ['udpPort', 'allowedHosts', 'data', 'store', 'auth', 'insightsWebhook']
  it.each(OPTION_KEYS.filter((key) => !inWords.includes(key)))('%s: the text in the table is the default', (key) => {
    expect(resolve({ [key]: OPTIONS[key].fallback })).toEqual(resolve({}))
  })
})

describe('errors name the culprit and what is expected', () => {
  it.each<[Flags, string]>([
    [{ port: '99999' }, '--port is "99999", expected a port number from 0 to 65535'],
    [{ port: 'http' }, '--port is "http", expected a port number from 0 to 65535'],
    [{ udpPort: '-1' }, '--udp-port is "-1", expected a port number from 0 to 65535'],
    [
      { insightsWebhook: 'ftp://h/' },
      '--insights-webhook cannot be used, expected an http or https URL without a user',
    ],
    [
      { insightsWebhook: 'http://u:p@h/' },
      '--insights-webhook cannot be used, expected an http or https URL without a user',
    ],
    [{ host: '' }, '--host is "", expected a host name or an IP address to listen on, such as 127.0.0.1'],
    [{ spoolLimit: '4GB' }, '--spool-limit is "4GB", expected a size such as 512MiB or 4GiB'],
    [
      { basePath: 'https://example.com/tracing' },
      '--base-path is "https://example.com/tracing", expected a path such as /tracing/, of letters, digits and .-_~',
    ],
    [
      { frameAncestors: "https://a.example; script-src 'unsafe-inline'" },
      `--frame-ancestors is ${JSON.stringify("https://a.example; script-src 'unsafe-inline'")}, ` +
        'expected none, self, or origins such as https://wiki.example.com, separated by spaces',
    ],
    ...['https://a.example', 'a.example:80', '', '*.*', 'a/b', 'a.*'].map((allowedHosts): [Flags, string] => [
      { allowedHosts },
      `--allowed-hosts is "${allowedHosts}", expected host names without a port, such as tracing.example.com or ` +
        '*.example.com, separated by spaces, or *',
    ]),
    [{ account: '42' }, '--account is "42", expected an account id of twelve digits, as text'],
    [{ auth: 'sigv4' }, '--auth is "sigv4", expected off (nothing else is supported yet)'],
    [
      { store: 'clickhouse://u:secret@h' },
      '--store cannot be used, expected http(s)://user:password@host:8123/database, or memory',
    ],
    [
      { data: '/srv', ephemeral: true },
      'data cannot be kept in /srv and be ephemeral: leave out --data or --ephemeral',
    ],
    [
      { host: '0.0.0.0' },
      'refusing to listen on 0.0.0.0 without authentication: say --auth off to allow it, or use --host 127.0.0.1',
    ],
  ])('flags %o', (flags, message) => {
    expect(errorOf(flags)).toBe(message)
  })

  it.each<[Environment, string]>([
    [{ RADIOGRAPH_PORT: 'x' }, 'RADIOGRAPH_PORT is "x", expected a port number from 0 to 65535'],
    [{ RADIOGRAPH_PROT: '1' }, 'unknown environment variable RADIOGRAPH_PROT, did you mean RADIOGRAPH_PORT?'],
    [{ RADIOGRAPH_STRICT_JSON: 'maybe' }, 'RADIOGRAPH_STRICT_JSON is "maybe", expected true or false'],
  ])('variables %o', (environment, message) => {
    expect(errorOf({}, environment)).toBe(message)
  })

  it.each<[string, string]>([
    ['{"port": "x"}', '"port" in r.json is "x", expected a port number from 0 to 65535'],
    ['{"port": 1.5}', '"port" in r.json is 1.5, expected a port number from 0 to 65535'],
    ['{"port": null}', '"port" in r.json is null, expected a port number from 0 to 65535'],
    [
      '{"account": 123456789012}',
      '"account" in r.json is 123456789012, expected an account id of twelve digits, as text',
    ],
    ['{"udp-port": 1}', 'unknown key "udp-port" in r.json, did you mean udpPort?'],
    ['{"__proto__": 1}', 'unknown key "__proto__" in r.json'],
    ['[]', 'the configuration file r.json must hold one JSON object, such as {"port": 2000}'],
  ])('file %s', (json, message) => {
    expect(errorOf({ config: 'r.json' }, {}, json)).toBe(message)
  })

  it('a file that is not JSON', () => {
    expect(errorOf({ config: 'r.json' }, {}, '{port')).toMatch(/^cannot read the configuration file r\.json: .+/)
  })

  it('a file that cannot be read', () => {
    const read = () =>
      resolveConfig({ config: 'none.json' }, HOME, () => {
        throw new Error('ENOENT')
      })
    expect(read).toThrow(new StartError('cannot read the configuration file none.json: ENOENT'))
  })
})

it.each<[Environment, NodeJS.Platform, string]>([
  [{ HOME: '/h' }, 'linux', '/h/.local/share/radiograph'],
  [{ HOME: '/h', XDG_DATA_HOME: '/x' }, 'linux', '/x/radiograph'],
  [{ HOME: '/h', XDG_DATA_HOME: 'relative' }, 'linux', '/h/.local/share/radiograph'],
  [{ HOME: '/h', XDG_DATA_HOME: '/x' }, 'darwin', '/h/Library/Application Support/radiograph'],
])('defaultDataDir of %o on %s', (environment, platform, expected) => {
  expect(defaultDataDir(environment, platform)).toBe(expected)
})

it.each([
  ['127.0.0.1', true],
  ['127.9.9.9', true],
  ['localhost', true],
  ['::1', true],
  ['0.0.0.0', false],
  ['::', false],
  ['127.0.0.1.example.com', false],
  ['10.0.0.1', false],
])('isLoopback(%s) is %s', (host, expected) => {
  expect(isLoopback(host)).toBe(expected)
})
