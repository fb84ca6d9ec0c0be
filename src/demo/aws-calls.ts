import type { JsonObject } from '../model/json.ts'
import { causeOf, newId, type Scene, type Span } from './span.ts'

/** The account that the shop is in. */
export const ACCOUNT = '123456789012'
/** The region that it is in. */
export const REGION = 'eu-central-1'

/** A call of an AWS service. */
export type AwsCall = {
  readonly name: 'DynamoDB' | 'S3' | 'SQS'
  readonly start: number
  /** How long it takes as a rule. */
  readonly medianSeconds: number
  /** Operation and resource. */
  readonly aws: JsonObject
}

/** A call of an AWS service that goes well. */
export function callAws(scene: Scene, { name, start, medianSeconds, aws }: AwsCall): Span {
  return {
    id: newId(scene),
    name,
    start,
    end: start + scene.chance.seconds(medianSeconds, 0.5),
    fields: { namespace: 'aws', aws: { region: REGION, request_id: requestId(scene), retries: 0, ...aws } },
    status: 200,
  }
}

/** The same call as it goes when the table has no capacity left: the SDK tries a few times by itself. */
export function throttledCall(scene: Scene, call: AwsCall): Span {
  const { fields = {}, ...span } = callAws(scene, { ...call, medianSeconds: call.medianSeconds * 12 })
  const cause = causeOf(
    scene,
    'ProvisionedThroughputExceededException',
    'The level of configured provisioned throughput for the table was exceeded',
  )
  const aws = { region: REGION, request_id: requestId(scene), ...call.aws, retries: 3 }
  return { ...span, fields: { ...fields, aws }, status: 400, outcome: { error: true, throttle: true, ...cause } }
}

/** In the form of DynamoDB's. */
function requestId({ chance }: Scene): string {
  return chance.hex(26).toUpperCase()
}
