import type { FlagKeyword, NumberKeyword, RootCausePredicate, TextKeyword } from './ast.ts'

/** What a keyword can be asked of. `slowEntity` is an entity of a response time root cause. */
export type Scope = 'trace' | 'service' | 'edge' | 'causeService' | 'causeEntity' | 'slowEntity' | 'causeException'

const TRACE_SERVICE = ['trace', 'service'] as const
const WHOLE = [...TRACE_SERVICE, 'edge'] as const
const ENTITIES = ['causeEntity', 'slowEntity'] as const
const CAUSES = ['causeService', ...ENTITIES, 'causeException'] as const

/** Where each keyword may stand: the table of spec/query §1.3. */
export const FLAG_SCOPES = {
  ok: WHOLE,
  error: WHOLE,
  throttle: WHOLE,
  fault: WHOLE,
  partial: TRACE_SERVICE,
  inferred: [...WHOLE, 'causeService'],
  first: CAUSES,
  last: CAUSES,
  remote: ['service', 'edge', ...ENTITIES],
  root: ['service'],
} as const satisfies Readonly<Record<FlagKeyword, readonly Scope[]>>

export const NUMBER_SCOPES = {
  responsetime: WHOLE,
  duration: WHOLE,
  'http.status': WHOLE,
  index: CAUSES,
  coverage: ['slowEntity'],
} as const satisfies Readonly<Record<NumberKeyword, readonly Scope[]>>

export const TEXT_SCOPES = {
  'http.url': WHOLE,
  'http.method': WHOLE,
  'http.useragent': WHOLE,
  'http.clientip': WHOLE,
  user: WHOLE,
  name: ['service', 'edge', ...CAUSES],
  type: ['service', 'edge', 'causeService'],
  message: ['causeException'],
  availabilityzone: TRACE_SERVICE,
  'instance.id': TRACE_SERVICE,
  'resource.arn': WHOLE,
  'account.id': [...WHOLE, 'causeService'],
} as const satisfies Readonly<Record<TextKeyword, readonly Scope[]>>

export const ANNOTATION_SCOPES: readonly Scope[] = WHOLE

/** The keywords that may stand in a scope. */
export type FlagOf<S extends Scope> = KeywordOf<typeof FLAG_SCOPES, S>
export type NumberOf<S extends Scope> = KeywordOf<typeof NUMBER_SCOPES, S>
export type TextOf<S extends Scope> = KeywordOf<typeof TEXT_SCOPES, S>

type KeywordOf<Table extends Readonly<Record<string, readonly Scope[]>>, S extends Scope> = {
  [Keyword in keyof Table]: S extends Table[Keyword][number] ? Keyword : never
}[keyof Table]

type RootCauseHead = RootCausePredicate extends infer P
  ? P extends RootCausePredicate
    ? Pick<P, 'kind' | 'cause' | 'list'>
    : never
  : never

/** The keywords of root causes, and what may stand in their braces. */
export const ROOT_CAUSES: ReadonlyMap<string, { readonly head: RootCauseHead; readonly scope: Scope }> = new Map([
  rootCause({ kind: 'rootcause', cause: 'fault', list: 'service' }, 'causeService'),
  rootCause({ kind: 'rootcause', cause: 'fault', list: 'entity' }, 'causeEntity'),
  rootCause({ kind: 'rootcause', cause: 'fault', list: 'exception' }, 'causeException'),
  rootCause({ kind: 'rootcause', cause: 'error', list: 'service' }, 'causeService'),
  rootCause({ kind: 'rootcause', cause: 'error', list: 'entity' }, 'causeEntity'),
  rootCause({ kind: 'rootcause', cause: 'error', list: 'exception' }, 'causeException'),
  rootCause({ kind: 'rootcause', cause: 'responsetime', list: 'service' }, 'causeService'),
  rootCause({ kind: 'rootcause', cause: 'responsetime', list: 'entity' }, 'slowEntity'),
])

function rootCause(
  head: RootCauseHead,
  scope: Scope,
): [string, { readonly head: RootCauseHead; readonly scope: Scope }] {
  return [`rootcause.${head.cause}.${head.list}`, { head, scope }]
}

/** Words that are no predicates of their own. */
const OTHER_WORDS = [
  'and',
  'or',
  'true',
  'false',
  'contains',
  'beginswith',
  'endswith',
  'service',
  'edge',
  'id',
  'group.name',
  'group.arn',
  'rootcause.json',
] as const

/** Every keyword, in lower case, without what begins an annotation. */
export const WORDS: ReadonlySet<string> = new Set([
  ...Object.keys(FLAG_SCOPES),
  ...Object.keys(NUMBER_SCOPES),
  ...Object.keys(TEXT_SCOPES),
  ...ROOT_CAUSES.keys(),
  ...OTHER_WORDS,
])

/** What the extended dialect has besides, without what begins metadata. */
export const EXTENDED_WORDS: ReadonlySet<string> = new Set(['matches', 'segments', 'path'])

/** Whether this is a keyword of the kind. They narrow, and they do not fall for `constructor`. */
export function isFlagKeyword(word: string): word is FlagKeyword {
  return Object.hasOwn(FLAG_SCOPES, word)
}

export function isNumberKeyword(word: string): word is NumberKeyword {
  return Object.hasOwn(NUMBER_SCOPES, word)
}

export function isTextKeyword(word: string): word is TextKeyword {
  return Object.hasOwn(TEXT_SCOPES, word)
}
