import type { Config } from './config.ts'
import type { HttpServer } from './http-server.ts'
import type { ServerAddress } from './ready-screen.ts'
import { StartError } from './start-error.ts'
import type { UdpListener } from './udp-listener.ts'

/** How often another free port is tried when the one that UDP got is taken on TCP. */
const TWIN_ATTEMPTS = 20

/**
 * Opens both sockets. UDP gets the port of TCP unless another was asked for, since clients know only one address
 * (`AWS_XRAY_DAEMON_ADDRESS`). Throws a `StartError` when an address cannot be had.
 */
export async function listenBoth(http: HttpServer, udp: UdpListener, config: Config): Promise<ServerAddress> {
  if (config.port === 0 && config.udpPort === undefined) return listenOnTwins(http, udp, config.host)
  const { host } = config
  const { port } = await orStartError('TCP', host, config.port, () => http.listen(host, config.port))
  const wanted = config.udpPort ?? port
  return { host, port, udpPort: await orStartError('UDP', host, wanted, () => udp.listen(host, wanted)) }
}

/** A free port that is free on both. */
async function listenOnTwins(http: HttpServer, udp: UdpListener, host: string): Promise<ServerAddress> {
  for (let attempt = 1; ; attempt++) {
    const udpPort = await orStartError('UDP', host, 0, () => udp.listen(host, 0))
    try {
      const { port } = await orStartError('TCP', host, udpPort, () => http.listen(host, udpPort))
      return { host, port, udpPort }
    } catch (error) {
      await udp.close()
      if (attempt === TWIN_ATTEMPTS) throw error
    }
  }
}

async function orStartError<T>(
  protocol: 'TCP' | 'UDP',
  host: string,
  port: number,
  listen: () => Promise<T>,
): Promise<T> {
  try {
    return await listen()
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    const flag = protocol === 'TCP' ? '--port' : '--udp-port'
    const remedy = code.startsWith('EADDRN') || code === 'ENOTFOUND' ? '--host' : `${flag} (0 picks a free one)`
    throw new StartError(
      `cannot listen on ${protocol} ${host}:${port}, ${REASONS[code] ?? message}: choose another with ${remedy}`,
      { cause: error },
    )
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'which is in use',
  EACCES: 'which needs more rights',
  EADDRNOTAVAIL: 'which is no address of this machine',
  ENOTFOUND: 'whose host name is unknown',
}
