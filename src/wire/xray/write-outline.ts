import type { IncomingDocument } from '../../model/document.ts'
import type { AnnotationValue } from '../../model/entity.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import { addAnnotation, addAwsTerms, addCalledNames, addOutcome, searchTerm } from '../../model/search-facts.ts'
import { legalName } from './entity-name.ts'
import { booleanOf, isList, looseTextOf, numberOf, objectOf, objectsOf, textOf } from './fields.ts'
import * as outline from './outline-fields.ts'
import type { OutlinePart } from './outline-fields.ts'
import {
  writeOutlineAnnotations,
  writeOutlineAws,
  writeOutlineCause,
  writeOutlineHttp,
  writeOutlineLinks,
  writeText,
} from './write-outline-parts.ts'
import { repeatedEntities } from './repeated-entities.ts'

/** What the reader has found out about a document by the time it accepts it. */
export type OutlineHead = Pick<IncomingDocument, 'kind' | 'traceId' | 'parentId' | 'inferred' | 'startTime'>

/** An outline, and what searches narrow by, which is found in the same walk. */
export type Outlined = Pick<IncomingDocument, 'outline' | 'search'>

type GrowingFacts = { readonly isRoot: boolean; names: string[]; terms: string[]; urls: string[]; lastEnd: number }

/**
 * The outline of an accepted document: a short text of which `readOutline` makes the document again, without what no
 * summary, filter, root cause or graph asks for. The document MUST have been accepted, so its depth is bounded and
 * recursion is safe.
 */
export function writeOutline(document: JsonObject, head: OutlineHead): Outlined {
  const isRoot = head.kind === 'segment' && head.parentId === undefined
  const search: GrowingFacts = { isRoot, names: [], terms: [], urls: [], lastEnd: -Infinity }
  return { outline: JSON.stringify(partsOf(document, head, search, undefined)), search }
}

function partsOf(
  document: JsonObject,
  head: OutlineHead,
  search: GrowingFacts,
  omitted: ReadonlySet<JsonObject> | undefined,
): OutlinePart[] {
  const isSubsegment = head.kind === 'subsegment'
  const parts: OutlinePart[] = [outline.OUTLINE_VERSION]
  const bits =
    (isSubsegment ? outline.IS_SUBSEGMENT : 0) |
    (head.parentId === undefined ? 0 : outline.HAS_PARENT) |
    (head.inferred ? outline.IS_INFERRED : 0)
  parts.push(bits, head.traceId)
  if (head.parentId !== undefined) parts.push(head.parentId)
  const ids: string[] = []
  writeEntity(
    document,
    { parts, ids, base: outline.baseTicks(head.startTime), search, isSegment: !isSubsegment, omitted },
    true,
  )
  // A segment's own id is no repetition: it is another kind of entity.
  if (omitted !== undefined || !hasRepetition(ids, isSubsegment ? 0 : 1)) return parts
  search.names = []
  search.terms = []
  search.urls = []
  search.lastEnd = -Infinity
  return partsOf(document, head, search, repeatedEntities(document))
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

type Writing = {
  readonly parts: OutlinePart[]
  /** Of all entities, in the order of the document. */
  readonly ids: string[]
  readonly base: number
  readonly search: GrowingFacts
  /** Whether the document is a segment, and so its uppermost entity. */
  readonly isSegment: boolean
  readonly omitted: ReadonlySet<JsonObject> | undefined
}

function writeEntity(fields: JsonObject, to: Writing, isTop: boolean): void {
  const { parts } = to
  let id = ''
  let name = ''
  let start: number | undefined
  let end: number | undefined
  let bits = 0
  let http: JsonObject | undefined
  let aws: JsonObject | undefined
  let annotations: JsonObject | undefined
  let origin: string | undefined
  let user: string | undefined
  let resourceArn: string | undefined
  let cause: Json | undefined
  let links: Json | undefined
  let subsegments: Json | undefined
  // A walk over the members that are there takes half the time of asking for each that may be. All keys of parsed JSON
  // are its own.
  for (const key in fields) {
    const value = fields[key]
    if (key === 'id') id = lowerCaseId(textOf(value) ?? '')
    else if (key === 'name') name = legalName(textOf(value) ?? '')
    else if (key === 'start_time') start = numberOf(value)
    else if (key === 'end_time') end = numberOf(value)
    else if (key === 'namespace')
      bits |= value === 'aws' ? outline.CALLS_AWS : value === 'remote' ? outline.CALLS_REMOTE : 0
    else if (key === 'http') http = objectOf(value)
    else if (key === 'aws') aws = objectOf(value)
    else if (key === 'sql') bits |= objectOf(value) === undefined ? 0 : outline.HAS_SQL
    else if (key === 'origin') origin = looseTextOf(value)
    else if (key === 'annotations') annotations = objectOf(value)
    else if (key === 'subsegments') subsegments = value
    else if (key === 'fault') bits |= flagOf(value, outline.HAS_FAULT, outline.HAS_NO_FAULT)
    else if (key === 'error') bits |= flagOf(value, outline.HAS_ERROR, outline.HAS_NO_ERROR)
    else if (key === 'throttle') bits |= flagOf(value, outline.HAS_THROTTLE, outline.HAS_NO_THROTTLE)
    else if (key === 'traced') bits |= flagOf(value, outline.IS_TRACED, 0)
    else if (key === 'cause') cause = value
    else if (key === 'user') user = looseTextOf(value)
    else if (key === 'resource_arn') resourceArn = looseTextOf(value)
    else if (key === 'links') links = value
  }
  const place = parts.length
  to.ids.push(id)
  parts.push(0, id, name, isTop ? (start ?? 0) : outline.timePart(start ?? 0, to.base))
  // What was accepted and has no end is open (`endOf`).
  if (end !== undefined && end > 0) parts.push(outline.timePart(end, to.base))
  else bits |= outline.IS_OPEN
  if (http !== undefined) bits |= writeOutlineHttp(http, parts)
  if (aws !== undefined) bits |= writeOutlineAws(aws, parts)
  if (origin !== undefined) bits |= writeText(origin, outline.HAS_ORIGIN, parts)
  if (annotations !== undefined) {
    const before = parts.length
    bits |= writeOutlineAnnotations(annotations, parts)
    for (let at = before + 1; at < parts.length; at += 2) {
      // Keys and values in turn, as they have just been written.
      addAnnotation(to.search.terms, parts[at] as string, parts[at + 1] as AnnotationValue)
    }
  }
  if (user !== undefined) bits |= writeText(user, outline.HAS_USER, parts)
  if (cause !== undefined) bits |= writeOutlineCause(cause, parts)
  if (resourceArn !== undefined) bits |= writeText(resourceArn, outline.HAS_RESOURCE_ARN, parts)
  if (links !== undefined) bits |= writeOutlineLinks(objectsOf(links), parts)
  addFacts(to.search, { name, bits, end, http, aws, user, isSegment: isTop && to.isSegment })
  if (subsegments !== undefined && isList(subsegments)) bits |= writeSubsegments(subsegments, to)
  parts[place] = bits
}

type EntityFacts = {
  readonly name: string
  readonly bits: number
  readonly end: number | undefined
  readonly http: JsonObject | undefined
  readonly aws: JsonObject | undefined
  readonly user: string | undefined
  readonly isSegment: boolean
}

/** What `searchFactsOf` finds in an entity, but for its annotations. */
function addFacts(to: GrowingFacts, { name, bits, end, http, aws, user, isSegment }: EntityFacts): void {
  const { terms } = to
  if (end !== undefined && end > 0 && end > to.lastEnd) to.lastEnd = end
  let status: number | undefined
  if (http !== undefined) {
    status = numberOf(objectOf(http['response'])?.['status'])
    const url = isSegment ? looseTextOf(objectOf(http['request'])?.['url']) : undefined
    if (url !== undefined) to.urls.push(url)
  }
  const throttle = hasFlag(bits, outline.HAS_THROTTLE, outline.HAS_NO_THROTTLE, status, 429, 429)
  const error =
    hasFlag(bits, outline.HAS_ERROR, outline.HAS_NO_ERROR, status, 400, 499) ||
    (throttle && (bits & outline.HAS_NO_ERROR) === 0)
  const fault = hasFlag(bits, outline.HAS_FAULT, outline.HAS_NO_FAULT, status, 500, 599)
  addOutcome(terms, { fault, error, throttle }, status, isSegment && to.isRoot)
  const isAwsCall = (bits & outline.CALLS_AWS) !== 0
  if (isSegment) to.names.push(name)
  else if (isAwsCall || (bits & outline.CALLS_REMOTE) !== 0) addCalledNames(to.names, name, isAwsCall, aws)
  if (aws !== undefined) addAwsTerms(terms, aws)
  if (user !== undefined) terms.push(searchTerm.user(user))
}

/** The rule of `effectiveFlags`, from the bits that say what a document claims. */
function hasFlag(
  bits: number,
  yes: number,
  no: number,
  status: number | undefined,
  lowest: number,
  highest: number,
): boolean {
  if ((bits & yes) !== 0) return true
  return (bits & no) === 0 && status !== undefined && status >= lowest && status <= highest
}

function writeSubsegments(subsegments: readonly Json[], to: Writing): number {
  const { parts, omitted } = to
  const place = parts.length
  let count = 0
  for (const element of subsegments) {
    const subsegment = objectOf(element)
    if (subsegment === undefined || omitted?.has(subsegment) === true) continue
    if (count === 0) parts.push(0)
    count++
    writeEntity(subsegment, to, false)
  }
  if (count === 0) return 0
  parts[place] = count
  return outline.HAS_SUBSEGMENTS
}

function flagOf(value: Json | undefined, yes: number, no: number): number {
  const flag = booleanOf(value)
  return flag === undefined ? 0 : flag ? yes : no
}

/** The id of an accepted entity, which is sixteen hex digits: nearly always lower case already. */
function lowerCaseId(id: string): string {
  for (let at = 0; at < id.length; at++) {
    const code = id.charCodeAt(at)
    if (code >= 0x41 && code <= 0x46) return id.toLowerCase()
  }
  return id
}
