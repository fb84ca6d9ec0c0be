import { textAt, textsAt } from './aws-fields.ts'
import type { Entity } from './entity.ts'
import { nodeOf, type MakeNode } from './node.ts'
import { functionName, tableNames } from './resource-names.ts'
import type { ServiceId } from './summary.ts'

/** Services by their name, also in lower case (spec/query §3.2). */
const SERVICES: ReadonlyMap<string, string> = new Map([
  ...['DynamoDB', 'S3', 'SQS', 'SNS', 'Lambda', 'StepFunctions', 'Kinesis', 'Events', 'SecretsManager'].flatMap(
    inBothCases,
  ),
  ...['STS', 'KMS', 'SSM'].flatMap(inBothCases),
  ['states', 'StepFunctions'],
  ['sfn', 'StepFunctions'],
  ['eventbridge', 'Events'],
])

const PREFIX = /^(?:amazon|aws)\s*/i
const SUFFIX = /v2$/i

function inBothCases(name: string): [string, string][] {
  return [
    [name, name],
    [name.toLowerCase(), name],
  ]
}

/**
 * One name for each AWS service, whatever an SDK calls it: `dynamodb`, `AmazonDynamoDBv2` → `DynamoDB`. Services that
 * are not known keep what is left without the prefix and the version (spec/query §3.2).
 */
export function canonicalServiceName(sent: string): string {
  // Nearly all SDKs send a name as it is here.
  const known = SERVICES.get(sent) ?? SERVICES.get(sent.toLowerCase())
  if (known !== undefined) return known
  const bare = sent.replace(PREFIX, '').replace(SUFFIX, '')
  return bare === '' ? sent : (SERVICES.get(bare.toLowerCase()) ?? bare)
}

/** Whether a subsegment calls another service: only such calls lead to another node (spec/query §3.2). */
export function isCall({ namespace }: Entity): boolean {
  return namespace === 'aws' || namespace === 'remote'
}

/** Whether the called service reports a segment of its own; two spellings are in use (spec/ingest §2.4 `traced`). */
export function isTraced({ traced, http }: Entity): boolean {
  return traced === true || http?.traced === true
}

/**
 * The node that a call leads to as long as its other side does not report (spec/query §3.2): the resource, where the
 * call names one, else the service; a database; or a host, of type `remote`. The entity MUST be a call.
 */
export function calledNode(call: Entity): ServiceId {
  return calledNodeAs(call, nodeOf)
}

/** The same in the form of the caller's choice, for those who need no object for a node that they know. */
export function calledNodeAs<Node>(call: Entity, make: MakeNode<Node>): Node {
  if (call.namespace === 'aws') return awsNode(call, make)
  return make(call.name, call.sql === undefined ? 'remote' : 'Database::SQL', undefined)
}

function awsNode<Node>({ name, aws }: Entity, make: MakeNode<Node>): Node {
  const service = canonicalServiceName(name)
  const account = textAt(aws, 'account_id')
  switch (service) {
    case 'DynamoDB': {
      const table = textAt(aws, 'table_name') ?? tableNames(aws)[0] ?? textsAt(aws, 'resource_names')[0]
      return table === undefined
        ? make(service, 'AWS::DynamoDB', account)
        : make(table, 'AWS::DynamoDB::Table', account)
    }
    case 'SQS': {
      const queue = textAt(aws, 'queue_url')
      return queue === undefined ? make(service, 'AWS::SQS', account) : make(queue, 'AWS::SQS::Queue', account)
    }
    case 'S3': {
      const bucket = textAt(aws, 'bucket_name')
      return bucket === undefined ? make(service, 'AWS::S3', account) : make(bucket, 'AWS::S3::Bucket', account)
    }
    case 'Lambda': {
      const called = textAt(aws, 'function_name')
      return make(called === undefined ? service : functionName(called), 'AWS::Lambda', account)
    }
    default:
      return make(service, `AWS::${service}`, account)
  }
}
