import type { Config } from './config.ts'

/** Where the sockets are, after they opened. */
export type ServerAddress = {
  readonly host: string
  readonly port: number
  readonly udpPort: number
}

/**
 * What a person reads when the server is ready, line by line. The first line is a promise to scripts, too:
 * `Radiograph is listening on http://HOST:PORT`.
 *
 * `dataDir` is the directory in use, also when it is a temporary one.
 */
export function readyScreen(
  config: Config,
  address: ServerAddress,
  version: string,
  dataDir: string,
): readonly string[] {
  const url = `http://${authority(address.host, address.port)}`
  const endpoint = `AWS_ENDPOINT_URL_XRAY=${reachable(url)}`
  return [
    `Radiograph is listening on ${url}`,
    '',
    `  Console            ${reachable(url)}${config.basePath}`,
    `  X-Ray SDKs (UDP)   ${daemonLine(address)}`,
    `  AWS SDKs and CLI   ${endpoint}`,
    `                     with any credentials, region ${config.region}`,
    `  Traces             ${storeLine(config)}`,
    `  Data               ${dataDir}${config.ephemeral ? ' (ephemeral: removed at exit)' : ''}`,
    `  Version            ${version}`,
    '',
    'Stop with Ctrl-C',
  ]
}

/** The address the SDKs use when nothing tells them otherwise. */
const DAEMON_DEFAULT = '127.0.0.1:2000'

function daemonLine({ host, port, udpPort }: ServerAddress): string {
  const tcp = reachable(authority(host, port))
  const udp = reachable(authority(host, udpPort))
  const value = tcp === udp ? tcp : `tcp:${tcp} udp:${udp}`
  return `AWS_XRAY_DAEMON_ADDRESS=${quoted(value)}${value === DAEMON_DEFAULT ? ' (their default: nothing to set)' : ''}`
}

function storeLine({ store }: Config): string {
  switch (store.kind) {
    case 'chdb':
      return 'ClickHouse inside this process'
    case 'clickhouse':
      return `ClickHouse at ${withoutPassword(store.url)}`
    case 'memory':
      return 'in memory (forgotten at exit)'
    default:
      return store satisfies never
  }
}

function withoutPassword(text: string): string {
  const url = new URL(text)
  return `${url.protocol}//${url.host}${url.pathname}`
}

/** `host:port` of both sockets. */
export function authorities({ host, port, udpPort }: ServerAddress): { readonly http: string; readonly udp: string } {
  return { http: authority(host, port), udp: authority(host, udpPort) }
}

/** IPv6 addresses stand in brackets before a port (RFC 3986 §3.2.2). */
const authority = (host: string, port: number): string => `${host.includes(':') ? `[${host}]` : host}:${port}`

/** A wildcard address can be listened on, but not called: clients on this machine use loopback. */
const reachable = (text: string): string => text.replace('0.0.0.0:', '127.0.0.1:').replace('[::]:', '[::1]:')

/** Ready to paste into a shell. */
const quoted = (value: string): string => (value.includes(' ') ? `'${value}'` : value)
