import type { Entity, SegmentDocument, Sql } from '../../model/entity.ts'
import { type EntityId, readEntityId, readTraceId } from '../../model/ids.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import { legalName } from './entity-name.ts'
import { booleanOf, isList, isSubsegment, looseTextOf, numberOf, objectOf, textOf } from './fields.ts'
import { parseJson } from './parse-json.ts'
import { outlineAnnotations, outlineAws, outlineCause, outlineHttp, outlineLinks } from './read-outline-parts.ts'
import { required } from './read-entity.ts'
import { repeatedEntities } from './repeated-entities.ts'

/**
 * The document of an accepted text as far as summaries, filters, root causes and graphs look at it: what
 * `readSegmentDocument` makes of it, but for what none of them asks for. Three times as fast. Throws for text that was
 * never accepted.
 *
 * Left out are metadata, `service`, `precursorIds`, stacks and the other facts of exceptions but type and message, the
 * members of `sql`, those of `aws` that neither names nodes nor resources, `xForwardedFor` and `contentLength`, links'
 * attributes but X-Ray's own; any namespace that is no call; and objects of which nothing is left. `traced` stands for
 * both of its spellings. Numbers in annotations are doubles, which is what they are searched by.
 */
export function readOutline(raw: string): SegmentDocument {
  const fields = required(objectOf(parseJson(raw, true)), 'JSON object')
  const kind = isSubsegment(fields) ? 'subsegment' : 'segment'
  const ids: string[] = []
  let entity = entityOf(fields, { ids, omitted: undefined })
  // A segment's own id is no repetition: it is another kind of entity.
  if (hasRepetition(ids, kind === 'segment' ? 1 : 0)) {
    entity = entityOf(fields, { ids: [], omitted: repeatedEntities(fields) })
  }
  const outline: Loose<SegmentDocument> = {
    kind,
    traceId: required(readTraceId(textOf(fields['trace_id']) ?? ''), 'trace_id'),
    parentId: readEntityId(textOf(fields['parent_id']) ?? ''),
    inferred: booleanOf(fields['inferred']) === true,
    entity,
  }
  return outline as SegmentDocument
}

/** Enough to compare each with each. */
const FEW_IDS = 12

function hasRepetition(ids: readonly string[], first: number): boolean {
  if (ids.length > FEW_IDS) return new Set(first === 0 ? ids : ids.slice(first)).size < ids.length - first
  for (let at = first + 1; at < ids.length; at++) {
    for (let before = first; before < at; before++) if (ids[before] === ids[at]) return true
  }
  return false
}

type Reading = {
  /** Of all entities, in the order of the document. */
  readonly ids: string[]
  readonly omitted: ReadonlySet<JsonObject> | undefined
}

/** Members that may be undefined, where the type says that they are absent. */
type Loose<T> = { -readonly [Key in keyof T]: T[Key] | undefined }

const NO_SUBSEGMENTS: readonly Entity[] = []
const SOME_SQL: Sql = Object.freeze({})

/** Recursive: an accepted document nests 256 levels at most. */
function entityOf(fields: JsonObject, reading: Reading): Entity {
  // All entities have all members, in one order, so that they are of one kind to the engine, which makes everything
  // that reads them faster.
  const entity: Loose<Entity> = {
    id: '' as EntityId,
    name: '',
    startTime: 0,
    endTime: undefined,
    inProgress: true,
    namespace: undefined,
    error: undefined,
    throttle: undefined,
    fault: undefined,
    http: undefined,
    aws: undefined,
    origin: undefined,
    annotations: undefined,
    user: undefined,
    cause: undefined,
    resourceArn: undefined,
    links: undefined,
    sql: undefined,
    traced: undefined,
    subsegments: NO_SUBSEGMENTS,
  }
  let subsegments: Json | undefined
  // A walk over the members that are there takes half the time of asking for each that may be. All keys of parsed JSON
  // are its own.
  for (const key in fields) {
    const value = fields[key]
    if (key === 'id') entity.id = lowerCaseId(textOf(value) ?? '') as EntityId
    else if (key === 'name') entity.name = legalName(textOf(value) ?? '')
    else if (key === 'start_time') entity.startTime = numberOf(value)
    else if (key === 'end_time') entity.endTime = endTimeOf(value)
    else if (key === 'namespace') entity.namespace = value === 'aws' || value === 'remote' ? value : undefined
    else if (key === 'http') entity.http = outlineHttp(value, entity)
    else if (key === 'aws') entity.aws = outlineAws(objectOf(value))
    else if (key === 'sql') entity.sql = objectOf(value) === undefined ? undefined : SOME_SQL
    else if (key === 'annotations') entity.annotations = outlineAnnotations(objectOf(value))
    else if (key === 'error') entity.error = booleanOf(value)
    else if (key === 'throttle') entity.throttle = booleanOf(value)
    else if (key === 'fault') entity.fault = booleanOf(value)
    else if (key === 'traced') entity.traced = booleanOf(value) === true ? true : entity.traced
    else if (key === 'cause') entity.cause = outlineCause(value)
    else if (key === 'user') entity.user = looseTextOf(value)
    else if (key === 'origin') entity.origin = looseTextOf(value)
    else if (key === 'resource_arn') entity.resourceArn = looseTextOf(value)
    else if (key === 'links') entity.links = outlineLinks(value)
    else if (key === 'subsegments') subsegments = value
  }
  entity.inProgress = entity.endTime === undefined
  reading.ids.push(entity.id ?? '')
  if (isList(subsegments)) entity.subsegments = subsegmentsOf(subsegments, reading)
  // Nobody asks whether a member is there: absent and undefined are the same to the model.
  return entity as Entity
}

/** What was accepted and has no end is open (`endOf`). */
function endTimeOf(value: Json | undefined): number | undefined {
  const end = numberOf(value)
  return end !== undefined && end > 0 ? end : undefined
}

function subsegmentsOf(list: readonly Json[], reading: Reading): readonly Entity[] {
  let subsegments: Entity[] | undefined
  for (const element of list) {
    const subsegment = objectOf(element)
    if (subsegment === undefined || reading.omitted?.has(subsegment) === true) continue
    subsegments ??= []
    subsegments.push(entityOf(subsegment, reading))
  }
  return subsegments ?? NO_SUBSEGMENTS
}

/** The id of an accepted entity, which is sixteen hex digits: nearly always lower case already. */
function lowerCaseId(id: string): string {
  for (let at = 0; at < id.length; at++) {
    const code = id.charCodeAt(at)
    if (code >= 0x41 && code <= 0x46) return id.toLowerCase()
  }
  return id
}
