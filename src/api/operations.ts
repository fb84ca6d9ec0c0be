import type { Groups } from '../control/groups.ts'
import type { Insights } from '../control/insights.ts'
import type { Sampling } from '../control/sampling.ts'
import type { Settings } from '../control/settings.ts'
import type { Tags } from '../control/tags.ts'
import type { Telemetry } from '../ingest/collectors.ts'
import type { Ingest } from '../ingest/ingest.ts'
import type { GraphQueries } from '../query/graphs.ts'
import type { TraceQueries } from '../query/traces.ts'
import type { WriteDocument } from './batch-get-traces.ts'
import { batchGetTraces, checkBatchGetTraces } from './batch-get-traces.ts'
import { destinationOperations } from './trace-destination.ts'
import { encryptionOperations } from './encryption-config.ts'
import { getServiceGraph } from './get-service-graph.ts'
import { getTimeSeries } from './get-time-series.ts'
import { getTraceGraph } from './get-trace-graph.ts'
import { getTraceSummaries } from './get-trace-summaries.ts'
import { groupOperations } from './groups.ts'
import type { FirstChecks, Operations } from './handler.ts'
import { createIsIndexed, indexingOperations } from './indexing-rules.ts'
import { checkPutResourcePolicy, policyOperations } from './resource-policies.ts'
import { insightOperations } from './insights.ts'
import type { RetrievalJobs } from './retrieval-jobs.ts'
import { retrievalOperations } from './trace-retrieval.ts'
import { putTelemetryRecords } from './put-telemetry-records.ts'
import { putTraceSegments } from './put-trace-segments.ts'
import { samplingRuleOperations } from './sampling-rules.ts'
import { samplingTargetOperations } from './sampling-targets.ts'
import { tagOperations } from './tags.ts'

/** What the operations work with. */
export type Services = {
  readonly ingest: Ingest
  readonly telemetry: Telemetry
  readonly queries: TraceQueries
  readonly graphs: GraphQueries
  readonly groups: Groups
  readonly tags: Tags
  readonly sampling: Sampling
  readonly settings: Settings
  readonly insights: Insights
  readonly retrievalJobs: RetrievalJobs
  readonly writeDocument: WriteDocument
  /** The size at which a trace takes no more documents (spec/ingest §1.7). */
  readonly traceLimitBytes?: number
  /** Epoch milliseconds; bounds the time that a page may take. */
  readonly clock: () => number
}

/** The table of all operations over these services; each family is one file. */
export function createOperations(services: Services): Operations {
  const { queries, graphs, writeDocument, settings, retrievalJobs: jobs } = services
  const isIndexed = createIsIndexed(settings.indexing)
  return {
    PutTraceSegments: putTraceSegments(services.ingest),
    BatchGetTraces: batchGetTraces(queries, writeDocument, services.traceLimitBytes ?? Infinity, isIndexed),
    GetTraceSummaries: getTraceSummaries(queries, services.groups, isIndexed),
    GetServiceGraph: getServiceGraph(services.graphs, services.groups),
    GetTraceGraph: getTraceGraph(services.graphs),
    GetTimeSeriesServiceStatistics: getTimeSeries(services.graphs, services.groups, services.insights),
    PutTelemetryRecords: putTelemetryRecords(services.telemetry),
    ...groupOperations(services.groups),
    ...tagOperations(services.tags),
    ...samplingRuleOperations(services.sampling.rules),
    ...samplingTargetOperations(services.sampling.rules, services.sampling.samplers),
    ...encryptionOperations(settings.encryption),
    ...policyOperations(settings.policies),
    ...destinationOperations(settings.destinations),
    ...indexingOperations(settings.indexing),
    ...insightOperations(services),
    ...retrievalOperations({ retrievals: settings.retrievals, queries, jobs, graphs, writeDocument }),
  }
}

/** The checks that go before bounds, enums and patterns. */
export const firstChecks: FirstChecks = {
  BatchGetTraces: checkBatchGetTraces,
  PutResourcePolicy: checkPutResourcePolicy,
}
