import type { AnnotationValue } from '../../model/entity.ts'
import { readEntityId } from '../../model/ids.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import {
  addAnnotation,
  addAwsTerms,
  addCalledNames,
  addOutcome,
  type SearchFacts,
  searchTerm,
} from '../../model/search-facts.ts'
import { isAnnotation } from './annotation-key.ts'
import { legalName } from './entity-name.ts'
import { booleanOf, isList, isSubsegment, looseTextOf, numberOf, objectOf, textOf } from './fields.ts'
import { parseJson } from './parse-json.ts'
import { required } from './read-entity.ts'

type GrowingFacts = { readonly isRoot: boolean; names: string[]; terms: string[]; urls: string[]; lastEnd: number }

/** `findSearchFacts` of a stored text. Throws for text that was never accepted. */
export function searchFactsOfText(raw: string): SearchFacts {
  return findSearchFacts(required(objectOf(parseJson(raw, true)), 'JSON object'))
}

/**
 * What searches narrow by, of an accepted document: all that `searchFactsOf` finds in the whole tree of it, and what is
 * said by subsegments that are left out there because they repeat. This is the hot path of ingest: one walk over the
 * members that are there, without any object in between. Recursive: an accepted document nests 256 levels at most.
 */
export function findSearchFacts(document: JsonObject): SearchFacts {
  const isSegment = !isSubsegment(document)
  const isRoot = isSegment && readEntityId(textOf(document['parent_id']) ?? '') === undefined
  const facts: GrowingFacts = { isRoot, names: [], terms: [], urls: [], lastEnd: -Infinity }
  addEntity(document, facts, isSegment)
  return facts
}

function addEntity(fields: JsonObject, to: GrowingFacts, isSegment: boolean): void {
  const { terms } = to
  let name = ''
  let isAwsCall = false
  let isCall = false
  let fault: boolean | undefined
  let error: boolean | undefined
  let throttle: boolean | undefined
  let http: JsonObject | undefined
  let aws: JsonObject | undefined
  let user: string | undefined
  let subsegments: Json | undefined
  for (const key in fields) {
    const value = fields[key]
    if (key === 'name') name = legalName(textOf(value) ?? '')
    else if (key === 'end_time') addEnd(numberOf(value), to)
    else if (key === 'namespace') {
      isAwsCall = value === 'aws'
      isCall = isAwsCall || value === 'remote'
    } else if (key === 'http') http = objectOf(value)
    else if (key === 'aws') aws = objectOf(value)
    else if (key === 'annotations') addAnnotations(objectOf(value), terms)
    else if (key === 'subsegments') subsegments = value
    else if (key === 'fault') fault = booleanOf(value)
    else if (key === 'error') error = booleanOf(value)
    else if (key === 'throttle') throttle = booleanOf(value)
    else if (key === 'user') user = looseTextOf(value)
  }
  let status: number | undefined
  if (http !== undefined) {
    status = numberOf(objectOf(http['response'])?.['status'])
    const url = isSegment ? looseTextOf(objectOf(http['request'])?.['url']) : undefined
    if (url !== undefined) to.urls.push(url)
  }
  if (status !== undefined || fault !== undefined || error !== undefined || throttle !== undefined) {
    addOutcome(terms, effective(status, fault, error, throttle), status, isSegment && to.isRoot)
  }
  if (isSegment) to.names.push(name)
  else if (isCall) addCalledNames(to.names, name, isAwsCall, aws)
  if (aws !== undefined) addAwsTerms(terms, aws)
  if (user !== undefined) terms.push(searchTerm.user(user))
  if (!isList(subsegments)) return
  for (const element of subsegments) {
    const subsegment = objectOf(element)
    if (subsegment !== undefined) addEntity(subsegment, to, false)
  }
}

function addEnd(end: number | undefined, to: GrowingFacts): void {
  if (end !== undefined && end > 0 && end > to.lastEnd) to.lastEnd = end
}

function addAnnotations(fields: JsonObject | undefined, terms: string[]): void {
  for (const key in fields) {
    const value: Json | AnnotationValue | undefined = fields[key]
    if (isAnnotation(key, value)) addAnnotation(terms, key, value)
  }
}

type Flags = Parameters<typeof addOutcome>[1]

/** The rule of `effectiveFlags`. */
function effective(
  status: number | undefined,
  fault: boolean | undefined,
  error: boolean | undefined,
  throttle: boolean | undefined,
): Flags {
  const isThrottle = throttle ?? status === 429
  return {
    fault: fault ?? isWithin(status, 500, 599),
    error: error ?? (isWithin(status, 400, 499) || isThrottle),
    throttle: isThrottle,
  }
}

function isWithin(status: number | undefined, least: number, most: number): boolean {
  return status !== undefined && status >= least && status <= most
}
