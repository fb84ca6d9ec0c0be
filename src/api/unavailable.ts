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

/** The operations that this version leaves out. Each answers an error that it declares, so that clients can read it. */
export const unavailableOperations: Omit<Operations, Available> = {
  CancelTraceRetrieval: unavailable('CancelTraceRetrieval', 'InvalidRequestException'),
  DeleteResourcePolicy: unavailable('DeleteResourcePolicy', 'InvalidRequestException'),
  GetEncryptionConfig: unavailable('GetEncryptionConfig', 'InvalidRequestException'),
  GetIndexingRules: unavailable('GetIndexingRules', 'InvalidRequestException'),
  GetInsight: unavailable('GetInsight', 'InvalidRequestException'),
  GetInsightEvents: unavailable('GetInsightEvents', 'InvalidRequestException'),
  GetInsightImpactGraph: unavailable('GetInsightImpactGraph', 'InvalidRequestException'),
  GetInsightSummaries: unavailable('GetInsightSummaries', 'InvalidRequestException'),
  GetRetrievedTracesGraph: unavailable('GetRetrievedTracesGraph', 'InvalidRequestException'),
  GetTraceSegmentDestination: unavailable('GetTraceSegmentDestination', 'InvalidRequestException'),
  ListResourcePolicies: unavailable('ListResourcePolicies', 'InvalidRequestException'),
  ListRetrievedTraces: unavailable('ListRetrievedTraces', 'InvalidRequestException'),
  PutEncryptionConfig: unavailable('PutEncryptionConfig', 'InvalidRequestException'),
  // It declares no InvalidRequestException; to its caller the document is what is not taken.
  PutResourcePolicy: unavailable('PutResourcePolicy', 'MalformedPolicyDocumentException'),
  StartTraceRetrieval: unavailable('StartTraceRetrieval', 'InvalidRequestException'),
  UpdateIndexingRule: unavailable('UpdateIndexingRule', 'InvalidRequestException'),
  UpdateTraceSegmentDestination: unavailable('UpdateTraceSegmentDestination', 'InvalidRequestException'),
}

function unavailable<Op extends OperationName>(operation: Op, code: DeclaredError<Op>): Handler<Op> {
  return async () => fail(code, `${operation} is not part of this version of Radiograph yet.`)
}
