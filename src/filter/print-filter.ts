import type { AnnotationTest, EntitySelector, GroupPredicate, Logic, Selector } from './ast.ts'
import type { ExtendedExpr, ExtendedField, ExtendedPredicate, MatchesPredicate } from './extended-ast.ts'
import type { Json } from '../model/json.ts'

type Printable = ExtendedPredicate | GroupPredicate

/**
 * An expression as text in one form: keywords in lower case, `AND` and `OR` written out, parentheses only where they
 * matter. Reading it again yields the same expression, unless it has become longer than what is read.
 */
export function printFilter(expr: ExtendedExpr): string {
  return printLogic(expr, 'or')
}

/** An entity selector expression as text; `id(…)` alone is written as `service(id(…))`, which means the same. */
export function printEntitySelector(entity: EntitySelector): string {
  return printPredicate(entity)
}

/** `inside` is what the text will be a term of; what binds less tightly, or equally, goes into parentheses. */
function printLogic(expr: Logic<Printable>, inside: 'or' | 'or term' | 'and term' | 'not'): string {
  switch (expr.kind) {
    case 'or': {
      const text = expr.terms.map((term) => printLogic(term, 'or term')).join(' OR ')
      return inside === 'or' ? text : `(${text})`
    }
    case 'and': {
      const text = expr.terms.map((term) => printLogic(term, 'and term')).join(' AND ')
      return inside === 'or' || inside === 'or term' ? text : `(${text})`
    }
    case 'not':
      return `!${printLogic(expr.term, 'not')}`
    default:
      return printPredicate(expr)
  }
}

function printPredicate(predicate: Printable): string {
  switch (predicate.kind) {
    case 'flag':
    case 'number':
    case 'text':
      return predicate.keyword + printTest(predicate.test)
    case 'annotation':
    case 'metadata':
      return printKeyed(predicate) + printTest(predicate.test)
    case 'matches':
      return `${printMatched(predicate.of)} MATCHES ${printText(predicate.pattern)}`
    case 'service':
      return printSubjects(predicate)
    case 'segments':
      return printSubjects(predicate) + printTest(predicate)
    case 'edge':
    case 'path':
      return `${predicate.kind}(${printSelector(predicate.from)}, ${printSelector(predicate.to)})${printBody(predicate)}`
    case 'group':
      return `group.${predicate.by} ${predicate.operator} ${printText(predicate.value)}`
    case 'rootcause':
      return `rootcause.${predicate.cause}.${predicate.list}${printBody(predicate)}`
    case 'rootcause.json':
      return `rootcause.json = #${printJson(predicate.templates)}`
    default:
      return predicate satisfies never
  }
}

type Subjects = Extract<Printable, { readonly kind: 'service' | 'segments' }>

function printSubjects({ kind, selector, body }: Subjects): string {
  const bare = `${kind}(${selector === undefined ? '' : printSelector(selector)})`
  return body === undefined ? bare : bare + printBody({ body })
}

function printBody({ body }: { readonly body?: Logic<ExtendedField> }): string {
  return body === undefined ? '' : ` { ${printLogic(body, 'or')} }`
}

function printTest(test: AnnotationTest | undefined): string {
  if (test === undefined) return ''
  return ` ${test.operator.toUpperCase()} ${printValue(test.value)}`
}

function printValue(value: string | number | boolean): string {
  if (typeof value === 'string') return printText(value)
  return typeof value === 'number' ? printNumber(value) : String(value)
}

/** A quoted string of the language: whatever it contains, it ends where it should. */
export function printText(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

/** Also of numbers that only a number too large, or a zero with a sign, can be written for. */
function printNumber(value: number): string {
  if (Number.isFinite(value)) return Object.is(value, -0) ? '-0' : String(value)
  return value < 0 ? '-1e999' : '1e999'
}

const PLAIN_KEY = /^[A-Za-z0-9_:-]+$/

/** What a reader would take away from the ends of a key, if no quotes protected it. */
const LOOSE_ENDS = /^[ \t\r\n]|[ \t\r\n]$|^"[^]*"$/

function printKeyed({ kind, key }: { readonly kind: 'annotation' | 'metadata'; readonly key: string }): string {
  if (PLAIN_KEY.test(key)) return `${kind}.${key}`
  return LOOSE_ENDS.test(key) ? `${kind}["${key}"]` : `${kind}[${key}]`
}

function printMatched(of: MatchesPredicate['of']): string {
  return of.kind === 'text' ? of.keyword : printKeyed(of)
}

function printSelector(selector: Selector): string {
  if (selector.kind === 'name') return printText(selector.name)
  const members = [
    ...(selector.name === undefined ? [] : [`name: ${printText(selector.name)}`]),
    ...(selector.type === undefined ? [] : [`type: ${printText(selector.type)}`]),
    ...(selector.accountId === undefined ? [] : [`account.id: ${printText(selector.accountId)}`]),
  ]
  return `id(${members.join(', ')})`
}

function printJson(json: Json): string {
  if (typeof json === 'number') return printNumber(json)
  if (typeof json !== 'object' || json === null) return JSON.stringify(json)
  if (isList(json)) return `[${json.map(printJson).join(', ')}]`
  const members = Object.entries(json).map(([key, member]) => `${JSON.stringify(key)}: ${printJson(member)}`)
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`
}

function isList(json: Json): json is readonly Json[] {
  return Array.isArray(json)
}
