import type { Json, JsonObject } from '../../model/json.ts'
import { booleanOf, looseTextOf, numberOf, objectOf, objectsOf } from './fields.ts'
import { freeFormObject } from './free-form.ts'

type Fields = Record<string, Json>
type Normalise = (value: Json | undefined) => Json | undefined

/** Readers by member. Looked up by keys from outside, so a Map. */
type Members = ReadonlyMap<string, Normalise>

const texts = (...keys: string[]): [string, Normalise][] => keys.map((key) => [key, looseTextOf])

/** The documented members of each documented object in `aws`; all others are free-form (spec/ingest §2.6). */
const PARTS: ReadonlyMap<string, Members> = new Map([
  ['ec2', new Map(texts('instance_id', 'availability_zone', 'instance_size', 'ami_id'))],
  ['ecs', new Map(texts('container', 'container_id', 'container_arn'))],
  ['eks', new Map(texts('pod', 'cluster_name', 'container_id'))],
  [
    'elastic_beanstalk',
    new Map<string, Normalise>([...texts('environment_name', 'version_label'), ['deployment_id', numberOf]]),
  ],
  [
    'xray',
    new Map<string, Normalise>([
      ...texts('sdk', 'sdk_version', 'rule_name', 'sampling_rule_name'),
      ['auto_instrumentation', booleanOf],
    ]),
  ],
])

/** The documented members of `aws` itself (spec/ingest §2.6, §2.7). */
const MEMBERS: Members = new Map<string, Normalise>([
  ...texts('account_id', 'region', 'request_id', 'queue_url', 'table_name'),
  ['operation', operationOf],
  ['cloudwatch_logs', logGroupsOf],
])

/** What Python and Node call a member, and what it is called in the end (spec/ingest §6.18). */
const ALIASES = [
  { part: 'ec2', from: 'instance_type', to: 'instance_size' },
  { part: 'elastic_beanstalk', from: 'environment', to: 'environment_name' },
]

/**
 * The `aws` object of any entity: a copy without prototypes and without nulls, with the documented members normalised
 * and everything else as it was (spec/ingest §2.6, §2.7).
 */
export function readAws(value: Json | undefined): JsonObject | undefined {
  const sent = objectOf(value)
  if (sent === undefined) return undefined
  const aws = freeFormObject(sent, 'drop')
  for (const name of Object.keys(aws)) {
    const members = PARTS.get(name)
    if (members === undefined) continue
    const part = ownObject(aws[name])
    if (part === undefined) delete aws[name]
    else {
      for (const alias of ALIASES) if (alias.part === name) rename(part, alias.from, alias.to)
      normalise(part, members)
    }
  }
  normalise(aws, MEMBERS)
  return aws
}

/** A part of the copy that `freeFormObject` made: ours to change. */
function ownObject(value: Json | undefined): Fields | undefined {
  return objectOf(value)
}

function normalise(fields: Fields, members: Members): void {
  for (const key of Object.keys(fields)) {
    const read = members.get(key)
    if (read === undefined) continue
    const value = read(fields[key])
    if (value === undefined) delete fields[key]
    else fields[key] = value
  }
}

function rename(fields: Fields, from: string, to: string): void {
  const value = fields[from]
  if (value === undefined) return
  delete fields[from]
  if (looseTextOf(fields[to]) === undefined) fields[to] = value
}

/** The services' own spelling; Node and Ruby know operations by camel case names (spec/ingest §2.7). */
function operationOf(value: Json | undefined): string | undefined {
  return looseTextOf(value)?.replace(/^[a-z]/, (letter) => letter.toUpperCase())
}

/** Ruby sends one object, often an empty one, where a list is due. */
function logGroupsOf(value: Json | undefined): Json | undefined {
  const groups = objectsOf(value)?.filter((group) => Object.keys(group).length > 0)
  return groups === undefined || groups.length === 0 ? undefined : groups
}
