import type { Intake } from '../ingest/count-intake.ts'
import type { Tenant } from '../model/tenant.ts'
import { jsonResponse } from '../wire/aws/http-message.ts'
import type { OwnStatus } from '../wire/own/status.ts'
import { OWN_HEADERS, type OwnEndpoint, type OwnEndpoints } from './own-endpoints.ts'

/** What the status is made of. */
export type StatusServices = {
  /** The version of this program. */
  readonly version: string
  /** Whose data unsigned calls are about. */
  readonly defaultTenant: Tenant
  readonly intake: () => Intake
  /** The greatest stamp of anything that was stored, 0 when nothing was. */
  readonly lastStamp: () => Promise<number>
  /** `host:port` of the sockets, as they were opened. */
  readonly addresses: () => { readonly http: string; readonly udp?: string }
}

/** The path by which the console knows what it stands before. docs/own-api.md describes it. */
export function createStatusEndpoint(services: StatusServices): OwnEndpoints {
  let hasData = false

  /** What was stored once stays stored, so the store is asked only until then. */
  async function everStored(): Promise<boolean> {
    hasData ||= services.intake().accepted > 0 || (await services.lastStamp()) > 0
    return hasData
  }

  async function status(): Promise<OwnStatus> {
    const stored = await everStored()
    const { accepted, rejected, lastSeconds } = services.intake()
    return {
      version: services.version,
      hasData: stored,
      accepted,
      rejected,
      ...(lastSeconds === undefined ? {} : { lastReceived: lastSeconds }),
      ...services.addresses(),
      account: services.defaultTenant.account,
      region: services.defaultTenant.region,
    }
  }

  return new Map<string, OwnEndpoint>([
    ['/api/status', async (_, id) => jsonResponse(200, id, JSON.stringify(await status()), OWN_HEADERS)],
  ])
}
