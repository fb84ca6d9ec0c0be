import { startCompletion, type Completion, type CompletionResult } from '@codemirror/autocomplete'
import type { EditorView } from '@codemirror/view'
import { printFilter } from '../../filter/print-filter.ts'
import { askCompletions, type CompleteQuestion } from '../data/complete-query.ts'
import { quoteFilter } from '../words/quote-filter.ts'
import type { CompletionContext, Field } from './completion-context.ts'
import { EXAMPLES, OPERATORS, predicateWords, type FilterWord } from './filter-words.ts'

/** What completions are looked up in. */
export type CompletionSources = {
  /** The time whose traces are asked for values. */
  readonly span: { readonly from: string; readonly to?: string }
  readonly groups: readonly string[]
  readonly recent: readonly string[]
  readonly saved: readonly { readonly name: string; readonly filter: string }[]
}

/** What may come at a cursor, the likeliest first. Whatever is accepted is valid where it is put. */
export async function findCompletions(
  context: CompletionContext,
  to: number,
  sources: CompletionSources,
  signal: AbortSignal,
): Promise<CompletionResult | null> {
  const options = await optionsOf(context, sources, signal)
  return options.length === 0 ? null : { from: context.from, to, options, filter: false }
}

async function optionsOf(
  context: CompletionContext,
  sources: CompletionSources,
  signal: AbortSignal,
): Promise<readonly Completion[]> {
  switch (context.kind) {
    case 'empty':
      return startOptions(sources)
    case 'predicate':
      return matching(predicateWords(context.scope), context.typed).map((word) => wordOption(word))
    case 'operator':
      return matching(operatorsOf(context.field), context.typed)
    case 'join':
      return matching(JOINS, context.typed)
    case 'annotation-key':
      return (await ask({ kind: 'annotation-key' }, context.typed, sources, signal)).map((option) => ({
        ...option,
        apply: replacing(`${annotationOf(option.label)} `, true),
      }))
    case 'value':
      return valueOptions(context, sources, signal)
    case 'service': {
      const names = await ask({ kind: 'service' }, context.typed, sources, signal)
      const named = names.map((option) => ({ ...option, apply: quoting(option.label, context.closing) }))
      const id: Completion = { label: 'id(', detail: 'by name, type or account', apply: replacing('id(', true) }
      return context.mayBeId && context.typed === '' ? [...named, id] : named
    }
    case 'id-member':
      return ['name', 'type', 'account.id'].map((label) => ({ label, apply: replacing(`${label}: `, true) }))
    default:
      return context satisfies never
  }
}

const JOINS: readonly Completion[] = [
  { label: 'AND', detail: 'both', apply: replacing('AND ', true) },
  { label: 'OR', detail: 'one of them', apply: replacing('OR ', true) },
]

function startOptions({ recent, saved }: CompletionSources): readonly Completion[] {
  return [
    ...saved.map(({ name, filter }) => ({ label: filter, detail: name, section: { name: 'Saved', rank: 0 } })),
    ...recent.slice(0, 4).map((filter) => ({ label: filter, section: { name: 'Lately', rank: 1 } })),
    ...EXAMPLES.map(({ filter, meaning }) => ({
      label: filter,
      detail: meaning,
      section: { name: 'Examples', rank: 2 },
    })),
  ]
}

function wordOption({ word, form, meaning }: FilterWord): Completion {
  const goesOn = form === 'call' || form === 'key'
  const apply = goesOn ? word : form === 'body' ? `${word} { ` : `${word} `
  return { label: word, detail: meaning, apply: replacing(apply, form !== 'flag') }
}

function operatorsOf(field: Field): readonly Completion[] {
  const kind = field.kind === 'metadata' ? 'annotation' : field.kind
  const isGroup = field.kind === 'text' && field.word.startsWith('group.')
  const operators = (isGroup ? ['=', '!='] : OPERATORS[kind]).map((label) => ({
    label,
    apply: replacing(`${label} `, true),
    ...(label === 'MATCHES' ? { detail: 'regular expression (ours, not AWS’s)' } : {}),
  }))
  // Of a flag, being compared is the exception.
  return kind === 'flag' ? [...JOINS, ...operators] : [...operators, ...JOINS]
}

const STATUSES = ['200', '400', '401', '403', '404', '409', '429', '500', '502', '503', '504']
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']
const TYPES = [
  'AWS::EC2::Instance',
  'AWS::ECS::Container',
  'AWS::ECS::Fargate',
  'AWS::EKS::Container',
  'AWS::ElasticBeanstalk::Environment',
  'AWS::Lambda',
  'AWS::Lambda::Function',
  'AWS::ApiGateway::Stage',
  'AWS::DynamoDB::Table',
  'AWS::S3::Bucket',
  'AWS::SNS',
  'AWS::SQS::Queue',
  'Database::SQL',
  'client',
  'remote',
]

async function valueOptions(
  { field, typed, scope }: Extract<CompletionContext, { kind: 'value' }>,
  sources: CompletionSources,
  signal: AbortSignal,
): Promise<readonly Completion[]> {
  const quoted = (values: readonly string[]): readonly Completion[] =>
    values.filter((value) => isLike(value, typed)).map((label) => ({ label, apply: quoting(label, '') }))
  const asked = async (kind: CompleteQuestion['kind'], key?: string): Promise<readonly Completion[]> =>
    (await ask(key === undefined ? { kind } : { kind, key }, typed, sources, signal)).map((option) => ({
      ...option,
      apply: option.type === 'text' ? quoting(option.label, '') : replacing(option.label, false),
    }))
  if ('key' in field) return field.kind === 'annotation' ? asked('annotation-value', field.key) : []
  if (field.kind === 'flag') return matching([{ label: 'true' }, { label: 'false' }], typed)
  switch (field.word) {
    case 'http.status':
      return matching(
        STATUSES.map((label) => ({ label })),
        typed,
      )
    case 'http.method':
      return quoted(METHODS)
    case 'http.url':
      return asked('url')
    case 'user':
      return asked('user')
    case 'name':
      return scope === 'service' || scope === 'edge' || scope === 'causeService' ? asked('service') : []
    case 'type':
      return quoted(TYPES)
    case 'group.name':
      return quoted(sources.groups)
    default:
      return []
  }
}

/** Values of traces, with how many have them; `type` says whether they are texts, as numbers and flags have no quotes. */
async function ask(
  what: Pick<CompleteQuestion, 'kind' | 'key'>,
  prefix: string,
  { span }: CompletionSources,
  signal: AbortSignal,
): Promise<readonly Completion[]> {
  const values = await askCompletions({ ...what, ...span, prefix }, signal).catch(() => [])
  return values.map(({ value, traces }) => ({
    label: String(value),
    type: typeof value === 'string' ? 'text' : 'literal',
    detail: traces === 1 ? '1 trace' : `${traces.toLocaleString('en')} traces`,
  }))
}

function matching<T extends { readonly label: string } | FilterWord>(
  options: readonly T[],
  typed: string,
): readonly T[] {
  return options.filter((option) => isLike('label' in option ? option.label : option.word, typed))
}

/** Beginning alike, or with a part after a dot that does: `status` finds `http.status`. */
function isLike(label: string, typed: string): boolean {
  const [whole, part] = [label.toLowerCase(), typed.toLowerCase()]
  return whole.startsWith(part) || whole.includes(`.${part}`)
}

function annotationOf(key: string): string {
  // A key with a bracket cannot be written in the language; then the name that was typed so far is as good.
  return key.includes(']') ? 'annotation.' : printFilter({ kind: 'annotation', key })
}

type Apply = (view: EditorView, completion: Completion, from: number, to: number) => void

function replacing(insert: string, goesOn: boolean): Apply {
  return (view, _, from, to) => {
    // The blank that is there already is used.
    const end = insert.endsWith(' ') && view.state.sliceDoc(to, to + 1) === ' ' ? to + 1 : to
    insertAt(view, from, end, insert)
    if (goesOn) startCompletion(view)
  }
}

function quoting(value: string, closing: string): Apply {
  return (view, _, from, to) => {
    const end = view.state.sliceDoc(to, to + 1) === '"' ? to + 1 : to
    const after = view.state.sliceDoc(end, view.state.doc.length).trimStart()
    const isClosed = closing !== '' && after.startsWith(closing.trim())
    insertAt(view, from, end, `${quoteFilter(value)}${isClosed ? '' : closing}`)
    if (closing === ', ') startCompletion(view)
  }
}

function insertAt(view: EditorView, from: number, to: number, insert: string): void {
  view.dispatch({
    changes: { from, to, insert },
    selection: { anchor: from + insert.length },
    userEvent: 'input.complete',
    scrollIntoView: true,
  })
}
