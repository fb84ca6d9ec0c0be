import { batchesOf } from '../demo/batches.ts'
import { demoDocuments } from '../demo/demo-documents.ts'
import { OverloadError, type Ingest } from '../ingest/ingest.ts'
import type { Tenant } from '../model/tenant.ts'
import { fail } from '../wire/aws/error-catalogue.ts'
import { jsonResponse } from '../wire/aws/http-message.ts'
import { OWN_HEADERS, type OwnEndpoint, type OwnEndpoints } from './own-endpoints.ts'

/** What the demo needs of the rest of the program. */
export type DemoServices = {
  readonly ingest: Ingest
  /** Whose the traces will be. */
  readonly defaultTenant: Tenant
  /** Epoch milliseconds. */
  readonly clock: () => number
}

const STORY = { minutes: 30, perMinute: 20 }

/**
 * `POST /api/demo`: takes in the traces of `radiograph demo`, and answers how many they were. One at a time: who presses
 * the button twice gets one story. docs/own-api.md describes it.
 */
export function createDemoEndpoint({ ingest, defaultTenant, clock }: DemoServices): OwnEndpoints {
  let isTelling = false

  async function tell(signal: AbortSignal): Promise<{ readonly traces: number; readonly documents: number }> {
    const nowSeconds = clock() / 1000
    let traces = 0
    let documents = 0
    for (const batch of batchesOf(demoDocuments({ ...STORY, nowSeconds, seed: Math.floor(nowSeconds) }))) {
      signal.throwIfAborted()
      const { rejections } = await ingest.accept(defaultTenant, batch.texts, 'http')
      traces += batch.traces
      documents += batch.texts.length - rejections.length
    }
    return { traces, documents }
  }

  const endpoint: OwnEndpoint = async (_, requestId, signal) => {
    if (isTelling) fail('InvalidRequestException', 'Demo traces are being loaded already')
    isTelling = true
    try {
      return jsonResponse(200, requestId, JSON.stringify(await tell(signal)), OWN_HEADERS)
    } catch (error) {
      if (error instanceof OverloadError) fail('ThrottledException', 'Rate exceeded')
      throw error
    } finally {
      isTelling = false
    }
  }
  return new Map([['/api/demo', endpoint]])
}
