import type { JsonObject } from '../model/json.ts'
import { ACCOUNT, callAws, REGION } from './aws-calls.ts'
import type { Placed } from './checkout.ts'
import { newId, send, type Scene, type Span } from './span.ts'

const NAME = 'send-receipt'
const ARN = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${NAME}`
const COLD = 0.08

/**
 * A Lambda function receives the order, in a trace of its own that is linked to the sender's: two segments of one name,
 * that of the Lambda service and that of the function (spec/ingest §3.6).
 */
export function receipts(scene: Scene, sender: { readonly traceId: string; readonly placed: Placed }): void {
  const { chance } = scene
  const start = sender.placed.sentSeconds + chance.seconds(0.4, 0.9)
  const isCold = chance.happens(COLD)
  const ready = start + 0.01 + (isCold ? chance.seconds(0.42) : 0)
  const inner = invocation(scene, ready, isCold)
  const end = inner.at(-1)?.end ?? ready
  const request = {
    request_id: `${chance.hex(8)}-${chance.hex(4)}-4${chance.hex(3)}-a${chance.hex(3)}-${chance.hex(12)}`,
  }
  const service = {
    id: newId(scene),
    name: NAME,
    start,
    end: end + 0.002,
    fields: {
      origin: 'AWS::Lambda',
      resource_arn: ARN,
      aws: { ...request, resource_names: [NAME] },
      links: [{ trace_id: sender.traceId, id: sender.placed.messageId, attributes: REFERENCE }],
    },
    status: 200,
  }
  const lambda = {
    id: newId(scene),
    name: NAME,
    start: ready,
    end,
    fields: {
      origin: 'AWS::Lambda::Function',
      resource_arn: ARN,
      aws: {
        ...request,
        account_id: ACCOUNT,
        function_arn: ARN,
        resource_names: [NAME],
        cloudwatch_logs: [{ log_group: `/aws/lambda/${NAME}` }],
      },
      annotations: { cold_start: isCold },
    },
    inner,
  }
  send(scene, lambda, { parentId: service.id })
  send(scene, service)
}

const REFERENCE: JsonObject = { 'aws.xray.reserved.reference_type': 'parent' }

/** What a function does, and what Lambda does around it. */
function invocation(scene: Scene, start: number, isCold: boolean): readonly Span[] {
  const { chance } = scene
  const read = callAws(scene, {
    name: 'DynamoDB',
    start: start + chance.seconds(0.004),
    medianSeconds: 0.008,
    aws: { operation: 'GetItem', table_name: 'customers' },
  })
  const write = callAws(scene, {
    name: 'S3',
    start: read.end + chance.seconds(0.03),
    medianSeconds: 0.045,
    aws: { operation: 'PutObject', bucket_name: 'shop-receipts' },
  })
  const end = write.end + chance.seconds(0.003)
  const cold = { id: newId(scene), name: 'Initialization', start: start - chance.seconds(0.38, 0.05), end: start }
  return [
    ...(isCold ? [cold] : []),
    { id: newId(scene), name: 'Invocation', start, end, inner: [read, write] },
    { id: newId(scene), name: 'Overhead', start: end, end: end + chance.seconds(0.001) },
  ]
}
