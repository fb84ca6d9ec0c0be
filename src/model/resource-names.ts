import { textAt, textsAt } from './aws-fields.ts'
import type { Entity } from './entity.ts'
import type { Json, JsonObject } from './json.ts'

/** The names in `dict_keys(['t1', 't2'])`, which Python sends for the tables of a batch (spec/ingest §2.7). */
const QUOTED = /'([^']+)'|"([^"]+)"/g

/**
 * `aws` as it is returned: with the `resource_names` that the service adds to AWS calls, their inferred segments and
 * Lambda function segments (spec/ingest §2.8). Names that the client sent win, and the given object is not changed.
 */
export function withResourceNames(entity: Entity, kind: 'segment' | 'subsegment'): JsonObject | undefined {
  const { aws, namespace } = entity
  if (aws === undefined || Object.hasOwn(aws, 'resource_names')) return aws
  const names = kind === 'segment' ? functionOf(entity) : namespace === 'aws' ? calledResources(aws) : []
  if (names.length === 0) return aws
  // No prototype, so that `__proto__` is a key like any other.
  return Object.assign(Object.create(null) as Record<string, Json>, aws, { resource_names: names })
}

/** The tables of a call, as a list or as Python's text. */
export function tableNames(aws: JsonObject | undefined): readonly string[] {
  const sent = textAt(aws, 'table_names')
  if (sent === undefined) return textsAt(aws, 'table_names')
  const quoted = Array.from(sent.matchAll(QUOTED), ([, single, double]) => single ?? double ?? '')
  return quoted.length > 0 ? quoted : sent.startsWith('dict_keys(') ? [] : [sent]
}

/** The name of a Lambda function, from its name or its ARN, which may end in a version or an alias. */
export function functionName(sent: string): string {
  if (!sent.startsWith('arn:')) return sent
  const [, name] = /:function:([^:]+)/.exec(sent) ?? []
  return name ?? lastPart(sent)
}

function calledResources(aws: JsonObject): readonly string[] {
  const called = textAt(aws, 'function_name')
  const queue = textAt(aws, 'queue_url')
  const topic = textAt(aws, 'topic_arn')
  const names = [
    textAt(aws, 'table_name'),
    ...tableNames(aws),
    called === undefined ? undefined : functionName(called),
    textAt(aws, 'bucket_name'),
    queue === undefined ? undefined : lastPart(queue),
    topic === undefined ? undefined : lastPart(topic),
    textAt(aws, 'endpoint_name'),
  ]
  return [...new Set(names.filter((name) => name !== undefined))]
}

function functionOf({ origin, aws }: Entity): readonly string[] {
  if (origin !== 'AWS::Lambda::Function') return []
  const arn = textAt(aws, 'function_arn')
  return arn === undefined ? [] : [functionName(arn)]
}

/** What follows the last colon or slash of an ARN or URL. */
function lastPart(sent: string): string {
  return sent.slice(Math.max(sent.lastIndexOf(':'), sent.lastIndexOf('/')) + 1)
}
