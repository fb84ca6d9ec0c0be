import type { Retrieval } from '../control/retrievals.ts'
import { readTraceId } from '../model/ids.ts'
import { indexTrace } from '../model/trace-index.ts'
import { nodeKey, segmentNode } from '../model/node.ts'
import type { Tenant } from '../model/tenant.ts'
import type { GraphQueries } from '../query/graphs.ts'
import { fail } from '../wire/aws/error-catalogue.ts'
import { readPageToken, writePageToken } from '../wire/aws/page-token.ts'
import type { Wire } from '../wire/xray/shapes.generated.ts'
import { answered } from './answered.ts'
import type { WriteDocument } from './batch-get-traces.ts'
import type { Call, Operations } from './handler.ts'
import { readTraces } from './retrieval-jobs.ts'
import type { RetrievalJobs, RetrievalParts } from './retrieval-jobs.ts'
import { readSpanPage } from './retrieved-traces.ts'
import { createServicePages } from './service-pages.ts'

type RetrievalOperation =
  | 'CancelTraceRetrieval'
  | 'GetRetrievedTracesGraph'
  | 'ListRetrievedTraces'
  | 'StartTraceRetrieval'

type Parts = Pick<RetrievalParts, 'retrievals' | 'queries'> & {
  readonly jobs: RetrievalJobs
  readonly graphs: Pick<GraphQueries, 'traceGraph'>
  readonly writeDocument: WriteDocument
}

const MAX_LINKS = 100

/** The operations on retrieved traces; they see all traces, indexed or not (spec/query §4.11). */
export function retrievalOperations(parts: Parts): Pick<Operations, RetrievalOperation> {
  const { retrievals, queries, jobs, graphs, writeDocument } = parts
  const pages = createServicePages()

  /** The retrieval as it is, with its work under way where that has not ended. */
  async function look(token: string, { tenant, nowSeconds }: Call): Promise<Retrieval> {
    const retrieval = answered(await retrievals.find(tenant, token, nowSeconds))
    jobs.ensure(tenant, token, retrieval)
    return retrieval
  }

  const statusOf = (token: string, { status }: Retrieval) =>
    status === 'SCHEDULED' && jobs.isRunning(token) ? ('RUNNING' as const) : status

  return {
    async StartTraceRetrieval({ TraceIds, StartTime, EndTime }, { tenant, nowSeconds }) {
      if (TraceIds.length === 0) fail('InvalidRequestException', 'TraceIds must not be empty')
      if (StartTime > EndTime) fail('InvalidRequestException', 'StartTime must not be after EndTime')
      const traceIds = [...new Set(TraceIds.map(readTraceId).filter((id) => id !== undefined))]
      const request = { traceIds, fromSeconds: StartTime, toSeconds: EndTime }
      const token = await retrievals.start(tenant, request, nowSeconds)
      jobs.ensure(tenant, token, { ...request, status: 'SCHEDULED', startedSeconds: nowSeconds })
      return { RetrievalToken: token }
    },

    async ListRetrievedTraces({ RetrievalToken, TraceFormat = 'XRAY', NextToken }, call) {
      const retrieval = await look(RetrievalToken, call)
      const { tenant, nowSeconds, signal } = call
      const parameters = ['ListRetrievedTraces', tenant.account, tenant.region, RetrievalToken, TraceFormat]
      const from = readPosition(NextToken, parameters, nowSeconds)
      const RetrievalStatus = statusOf(RetrievalToken, retrieval)
      if (RetrievalStatus !== 'COMPLETE') return { RetrievalStatus, TraceFormat, Traces: [] }
      const { traceIds } = retrieval
      const page = { queries, writeDocument, tenant, traceIds, format: TraceFormat, nowSeconds, signal }
      const { traces, next } = await readSpanPage(page, from)
      const answer = { RetrievalStatus, TraceFormat, Traces: traces }
      if (next === undefined) return answer
      const position = { timeSeconds: next.trace, id: String(next.span) }
      return { ...answer, NextToken: writePageToken(parameters, position, nowSeconds) }
    },

    async GetRetrievedTracesGraph({ RetrievalToken, NextToken }, call) {
      const retrieval = await look(RetrievalToken, call)
      const { tenant, nowSeconds, signal } = call
      const RetrievalStatus = statusOf(RetrievalToken, retrieval)
      if (RetrievalStatus !== 'COMPLETE') {
        if (NextToken !== undefined) fail('InvalidRequestException', 'Invalid NextToken')
        return { RetrievalStatus, Services: [] }
      }
      const ids = retrieval.traceIds.map(readTraceId).filter((id) => id !== undefined)
      const { Services, ...more } = await pages({
        parameters: ['GetRetrievedTracesGraph', tenant.account, tenant.region, RetrievalToken],
        token: NextToken,
        nowSeconds,
        make: async () => (ids.length === 0 ? { nodes: [] } : graphs.traceGraph(tenant, ids, signal)),
      })
      const links = await linksByNode(queries, tenant, ids, signal)
      return {
        RetrievalStatus,
        Services: Services.map((Service) => ({ Service, Links: links.get(keyOf(Service)) ?? [] })),
        ...more,
      }
    },

    async CancelTraceRetrieval({ RetrievalToken }, { tenant, nowSeconds }) {
      answered(await retrievals.cancel(tenant, RetrievalToken, nowSeconds))
      jobs.stop(RetrievalToken)
      return {}
    },
  }
}

function readPosition(
  token: string | undefined,
  parameters: readonly unknown[],
  nowSeconds: number,
): { readonly trace: number; readonly span: number } {
  if (token === undefined) return { trace: 0, span: 0 }
  const position = readPageToken(token, parameters, nowSeconds)
  if (position === undefined) return fail('InvalidRequestException', 'Invalid NextToken')
  const [trace, span] = [position.timeSeconds, Number(position.id)]
  const isPosition = [trace, span].every((count) => Number.isSafeInteger(count) && count >= 0)
  return isPosition ? { trace, span } : fail('InvalidRequestException', 'Invalid NextToken')
}

/** What the segments of each node link to in other traces: one entry for each trace that has such links. */
async function linksByNode(
  queries: RetrievalParts['queries'],
  tenant: Tenant,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly Wire['GraphLink'][]>> {
  const links = new Map<string, Wire['GraphLink'][]>()
  for await (const trace of readTraces(queries, tenant, ids, signal)) {
    const { placedSegments, subsegments } = indexTrace(trace)
    const destinations = new Map<string, Set<string>>()
    for (const { entity, root } of [...placedSegments, ...subsegments]) {
      if (root.kind !== 'segment') continue
      for (const { traceId = '' } of entity.links ?? []) {
        const linked = readTraceId(traceId)
        if (linked === undefined) continue
        const key = nodeKey(segmentNode(root.entity))
        const known = destinations.get(key)
        if (known === undefined) destinations.set(key, new Set([linked]))
        else known.add(linked)
      }
    }
    for (const [key, linked] of destinations) {
      const ofNode = links.get(key) ?? []
      const link = { ReferenceType: 'link', SourceTraceId: trace.id, DestinationTraceIds: [...linked] }
      if (ofNode.length < MAX_LINKS) links.set(key, [...ofNode, link])
    }
  }
  return links
}

function keyOf({ Name = '', Type, AccountId }: Wire['Service']): string {
  return nodeKey({
    name: Name,
    names: [],
    ...(Type === undefined ? {} : { type: Type }),
    ...(AccountId === undefined ? {} : { accountId: AccountId }),
  })
}
