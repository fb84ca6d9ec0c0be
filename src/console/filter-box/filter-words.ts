import { FLAG_SCOPES, NUMBER_SCOPES, ROOT_CAUSES, TEXT_SCOPES, type Scope } from '../../filter/keywords.ts'

/** What a word means, said in the list of completions. */
const MEANINGS: Readonly<Record<string, string>> = {
  ok: 'neither fault nor error',
  error: 'a client’s mistake, 4xx',
  fault: 'a server’s fault, 5xx',
  throttle: 'throttled, 429',
  partial: 'in progress',
  inferred: 'known from calls alone',
  first: 'the first of the list',
  last: 'the last of the list',
  remote: 'a host outside',
  root: 'the trace begins here',
  responsetime: 'seconds until it answered',
  duration: 'seconds until all was done',
  'http.status': 'such as 502',
  index: 'place in the list, from 0',
  coverage: 'share of the time, 0 to 1',
  'http.url': 'whole URL',
  'http.method': 'such as "POST"',
  'http.useragent': 'who asked',
  'http.clientip': 'from where',
  user: 'user of a segment',
  name: 'of the node',
  type: 'such as "AWS::Lambda::Function"',
  message: 'of the exception',
  availabilityzone: 'such as "us-west-2c"',
  'instance.id': 'of EC2',
  'resource.arn': 'ARN that a segment names',
  'account.id': '12 digits',
}

/** How a predicate goes on after its first word. */
export type Form = 'flag' | 'number' | 'text' | 'call' | 'body' | 'key'
export type FilterWord = { readonly word: string; readonly form: Form; readonly meaning: string }

/** The first words of predicates that may stand in a scope, the usual ones first. */
export function predicateWords(scope: Scope): readonly FilterWord[] {
  const fields = [
    ...fieldWords(FLAG_SCOPES, 'flag', scope),
    ...fieldWords(NUMBER_SCOPES, 'number', scope),
    ...fieldWords(TEXT_SCOPES, 'text', scope),
  ]
  const keys: readonly FilterWord[] = ['trace', 'service', 'edge'].includes(scope)
    ? [{ word: 'annotation.', form: 'key', meaning: 'by its key' }]
    : []
  return scope === 'trace' ? [...TRACE_WORDS, ...keys, ...fields, ...REST_OF_TRACE] : [...fields, ...keys]
}

const TRACE_WORDS: readonly FilterWord[] = [
  { word: 'service(', form: 'call', meaning: 'a segment of a service' },
  { word: 'edge(', form: 'call', meaning: 'a call between two' },
]

const REST_OF_TRACE: readonly FilterWord[] = [
  { word: 'group.name', form: 'text', meaning: 'traces of a group' },
  ...[...ROOT_CAUSES.keys()].map((word): FilterWord => ({ word, form: 'body', meaning: 'on the way to the cause' })),
  { word: 'segments(', form: 'call', meaning: 'how many segments (ours, not AWS’s)' },
  { word: 'path(', form: 'call', meaning: 'one below another (ours, not AWS’s)' },
  { word: 'metadata.', form: 'key', meaning: 'by its key (ours, not AWS’s)' },
]

function fieldWords(
  table: Readonly<Record<string, readonly Scope[]>>,
  form: Form,
  scope: Scope,
): readonly FilterWord[] {
  return Object.entries(table).flatMap(([word, scopes]) =>
    scopes.includes(scope) ? [{ word, form, meaning: MEANINGS[word] ?? '' }] : [],
  )
}

/** Operators that a field of a form takes. */
export const OPERATORS: Readonly<Record<'flag' | 'number' | 'text' | 'annotation', readonly string[]>> = {
  flag: ['=', '!='],
  number: ['>', '>=', '<', '<=', '=', '!='],
  text: ['=', '!=', 'CONTAINS', 'BEGINSWITH', 'ENDSWITH', 'MATCHES'],
  annotation: ['=', '!=', '>', '>=', '<', '<=', 'CONTAINS', 'BEGINSWITH', 'ENDSWITH', 'MATCHES'],
}

/** What the empty box offers. */
export const EXAMPLES: readonly { readonly filter: string; readonly meaning: string }[] = [
  { filter: 'fault', meaning: 'failed at the server' },
  { filter: 'responsetime > 1', meaning: 'slower than a second' },
  { filter: 'error AND http.status = 404', meaning: 'not found' },
  { filter: 'throttle', meaning: 'throttled anywhere' },
  { filter: 'service("NAME") { fault }', meaning: 'a service failed' },
  { filter: 'edge("A", "B") { responsetime > 1 }', meaning: 'slow calls between two' },
  { filter: 'http.url CONTAINS "/orders"', meaning: 'certain requests' },
  { filter: 'annotation.KEY = "VALUE"', meaning: 'what you annotated' },
  { filter: 'partial', meaning: 'still in progress' },
]
