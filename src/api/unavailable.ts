import { fail } from '../wire/aws/error-catalogue.ts'
import type { OperationName } from '../wire/xray/shapes.generated.ts'
import type { DeclaredError, Handler, Operations } from './handler.ts'

type Available =
  | 'PutTraceSegments'
  | 'BatchGetTraces'
  | 'GetTraceSummaries'
  | 'GetServiceGraph'
  | 'GetTraceGraph'
  | 'GetTimeSeriesServiceStatistics'
  | 'GetSamplingRules'
  | 'GetSamplingTargets'
  | 'GetSamplingStatisticSummaries'
  | 'CreateSamplingRule'
  | 'DeleteSamplingRule'
  | 'UpdateSamplingRule'
  | 'PutTelemetryRecords'
  | 'CreateGroup'
  | 'DeleteGroup'
  | 'GetGroup'
  | 'GetGroups'
  | 'UpdateGroup'
  | 'ListTagsForResource'
  | 'TagResource'
  | 'UntagResource'
  | 'GetEncryptionConfig'
  | 'PutEncryptionConfig'
  | 'PutResourcePolicy'
  | 'ListResourcePolicies'
  | 'DeleteResourcePolicy'
  | 'GetTraceSegmentDestination'
  | 'UpdateTraceSegmentDestination'
  | 'GetIndexingRules'
  | 'UpdateIndexingRule'
  | 'StartTraceRetrieval'
  | 'ListRetrievedTraces'
  | 'GetRetrievedTracesGraph'
  | 'CancelTraceRetrieval'

/** The operations that this version leaves out. Each answers an error that it declares, so that clients can read it. */
export const unavailableOperations: Omit<Operations, Available> = {
  GetInsight: unavailable('GetInsight', 'InvalidRequestException'),
  GetInsightEvents: unavailable('GetInsightEvents', 'InvalidRequestException'),
  GetInsightImpactGraph: unavailable('GetInsightImpactGraph', 'InvalidRequestException'),
  GetInsightSummaries: unavailable('GetInsightSummaries', 'InvalidRequestException'),
}

function unavailable<Op extends OperationName>(operation: Op, code: DeclaredError<Op>): Handler<Op> {
  return async () => fail(code, `${operation} is not part of this version of Radiograph yet.`)
}
