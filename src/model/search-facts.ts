import { objectAt, textAt, textsAt } from './aws-fields.ts'
import { canonicalServiceName, isCall } from './called-node.ts'
import { type EffectiveFlags, effectiveFlags } from './effective-flags.ts'
import type { AnnotationValue, SegmentDocument } from './entity.ts'
import { indexedValue } from './indexed-annotations.ts'
import type { JsonObject } from './json.ts'
import type { RawNumber } from './raw-number.ts'
import { functionName, tableNames } from './resource-names.ts'
import { walk } from './walk.ts'

/**
 * What searches narrow by, of one document without the rest of its trace. A trace has at least the facts of its
 * documents taken together; it may have fewer when the documents are put together, so these facts can say that a trace
 * does not match, and never that it does.
 */
export type SearchFacts = {
  /** The names that nodes may have, or be called by, possibly more than once. */
  readonly names: readonly string[]
  /** Texts that `searchTerm` made, possibly more than once. */
  readonly terms: readonly string[]
  /** The URLs of requests that segments answered. */
  readonly urls: readonly string[]
  /** Whether it is a segment without a parent. */
  readonly isRoot: boolean
  /** The greatest end of any entity, epoch seconds; `-Infinity` when none has ended. */
  readonly lastEnd: number
}

/** One letter tells what a term is about, so that equal texts about different things differ. */
export const searchTerm = {
  account: (id: string): string => `c${id}`,
  user: (name: string): string => `u${name}`,
  zone: (name: string): string => `z${name}`,
  instance: (id: string): string => `i${id}`,
  /** Not for those that are usual. */
  status: (status: number): string => `s${status}`,
  /** Keys hold no control character, so the text can be taken apart again. */
  annotation: (key: string, value: string | number | boolean): string => {
    return typeof value === 'string'
      ? `a${key}\0s${value}`
      : `a${key}\0${typeof value === 'number' ? 'n' : 'b'}${value}`
  },
  /** There is a segment without a parent, so that the root is one of those (`rootSegment`). Said of rows only. */
  root: 'R',
  /** The same as another term, of a segment without a parent. */
  ofRoot: (term: string): string => `R${term}`,
  fault: 'F',
  error: 'E',
  throttle: 'T',
} as const

/** What the terms begin with of which only a part is known. */
export const searchTermStart = {
  annotation: (key: string): string => `a${key}\0`,
} as const

/** Statuses that nearly every trace has are no terms: they would narrow nothing. */
export function isUsual(status: number): boolean {
  return status >= 200 && status <= 299
}

/** The names that the other side of a call may have: its own, the service's, and those of resources it names. */
export function addCalledNames(names: string[], name: string, isAws: boolean, aws: JsonObject | undefined): void {
  names.push(name)
  if (!isAws) return
  const service = canonicalServiceName(name)
  if (service !== name) names.push(service)
  if (aws !== undefined) for (const text of calledTexts(aws)) if (text !== undefined) names.push(text)
}

/** The facts of a whole document; `findSearchFacts` finds them in what was sent. */
export function searchFactsOf({ kind, parentId, entity: top }: SegmentDocument): SearchFacts {
  const isRoot = kind === 'segment' && parentId === undefined
  const names: string[] = []
  const terms: string[] = []
  const urls: string[] = []
  let lastEnd = -Infinity
  for (const entity of walk(top)) {
    if (entity.endTime !== undefined && entity.endTime > lastEnd) lastEnd = entity.endTime
    const isSegment = entity === top && kind === 'segment'
    addOutcome(terms, effectiveFlags(entity), entity.http?.status, entity === top && isRoot)
    if (isSegment) names.push(entity.name)
    else if (isCall(entity)) addCalledNames(names, entity.name, entity.namespace === 'aws', entity.aws)
    if (isSegment && entity.http?.url !== undefined) urls.push(entity.http.url)
    if (entity.aws !== undefined) addAwsTerms(terms, entity.aws)
    for (const [key, value] of entity.annotations ?? []) addAnnotation(terms, key, value)
    if (entity.user !== undefined) terms.push(searchTerm.user(entity.user))
  }
  return { names, terms, urls, isRoot, lastEnd }
}

/** Adds how an entity went, and for a root segment that it was the root. */
export function addOutcome(
  terms: string[],
  { fault, error, throttle }: EffectiveFlags,
  status: number | undefined,
  isRoot: boolean,
): void {
  const add = (term: string): void => {
    terms.push(term)
    if (isRoot) terms.push(searchTerm.ofRoot(term))
  }
  if (fault) add(searchTerm.fault)
  if (error) add(searchTerm.error)
  if (throttle) add(searchTerm.throttle)
  if (status !== undefined && !isUsual(status)) add(searchTerm.status(status))
}

/** Adds an annotation. */
export function addAnnotation(terms: string[], key: string, value: AnnotationValue | RawNumber): void {
  terms.push(searchTerm.annotation(key, indexedValue(value)))
}

function calledTexts(aws: JsonObject): readonly (string | undefined)[] {
  const called = textAt(aws, 'function_name')
  return [
    documentedText(aws, 'table_name'),
    ...tableNames(aws),
    ...textsAt(aws, 'resource_names'),
    documentedText(aws, 'queue_url'),
    textAt(aws, 'bucket_name'),
    called === undefined ? undefined : functionName(called),
  ]
}

/** Adds what `aws` says of accounts and of where it ran, as it was sent or as it was read. */
export function addAwsTerms(terms: string[], aws: JsonObject): void {
  const ec2 = objectAt(aws, 'ec2')
  const account = documentedText(aws, 'account_id')
  const zone = documentedText(ec2, 'availability_zone')
  const instance = documentedText(ec2, 'instance_id')
  if (account !== undefined) terms.push(searchTerm.account(account))
  if (zone !== undefined) terms.push(searchTerm.zone(zone))
  if (instance !== undefined) terms.push(searchTerm.instance(instance))
}

/** A member that whoever reads a document makes text of, whatever was sent; `textAt` has what was read (spec/ingest §2.0). */
function documentedText(object: JsonObject | undefined, key: string): string | undefined {
  const value = object?.[key]
  if (typeof value === 'boolean') return String(value)
  return typeof value === 'number' && !Number.isFinite(value) ? undefined : textAt(object, key)
}
