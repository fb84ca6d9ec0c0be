import type { Json } from '../model/json.ts'
import type { Tenant } from '../model/tenant.ts'
import { bodyMember } from './body-member.ts'

/**
 * Why a text is no policy document: a JSON object with `Version` and `Statement`, whose statements have an effect, and
 * whom, what and on what they are about (spec/query §4.8). Nothing when it is one.
 */
export function policyDocumentError(text: string): string | undefined {
  const document = parse(text)
  if (document === undefined) return 'The policy document is not JSON.'
  if (typeof bodyMember(document, 'Version') !== 'string') return 'The policy document has no Version.'
  const statements = statementsOf(document)
  if (statements.length === 0) return 'The policy document has no Statement.'
  for (const [index, statement] of statements.entries()) {
    const error = statementError(statement)
    if (error !== undefined) return `Statement ${index + 1} of the policy document ${error}.`
  }
  return undefined
}

/**
 * Whether a policy keeps its author from putting another one: it denies that to the whole account, whatever the
 * circumstances. A user or role is not looked for, since a caller is known by account alone, and a `Condition` may not
 * be met. The text MUST be a policy document.
 */
export function locksOut(text: string, { account, region }: Tenant): boolean {
  return statementsOf(parse(text)).some(
    (statement) =>
      bodyMember(statement, 'Effect') === 'Deny' &&
      bodyMember(statement, 'Condition') === undefined &&
      isForAccount(bodyMember(statement, 'Principal'), account) &&
      textsOf(bodyMember(statement, 'Action')).some((action) => matches(action, 'xray:PutResourcePolicy')) &&
      textsOf(bodyMember(statement, 'Resource')).some((arn) => matches(arn, `arn:aws:xray:${region}:${account}:*`)),
  )
}

function statementError(statement: Json): string | undefined {
  const effect = bodyMember(statement, 'Effect')
  if (effect !== 'Allow' && effect !== 'Deny') return 'has no Effect of Allow or Deny'
  if (!isPrincipal(bodyMember(statement, 'Principal'))) return 'has no Principal'
  for (const name of ['Action', 'Resource']) {
    if (textsOf(bodyMember(statement, name)).length === 0) return `has no ${name}`
  }
  return undefined
}

function isPrincipal(principal: Json | undefined): boolean {
  if (typeof principal !== 'object' || principal === null || Array.isArray(principal)) return principal === '*'
  const named = Object.values(principal)
  return named.length > 0 && named.every((names) => textsOf(names).length > 0)
}

function isForAccount(principal: Json | undefined, account: string): boolean {
  if (principal === '*') return true
  const names = textsOf(bodyMember(principal, 'AWS'))
  return names.some((name) => name === '*' || name === account || name === `arn:aws:iam::${account}:root`)
}

/** One statement, or several. */
function statementsOf(document: Json | undefined): readonly Json[] {
  const statement = bodyMember(document, 'Statement')
  if (statement === undefined || statement === null) return []
  const statements: readonly Json[] = Array.isArray(statement) ? statement : [statement]
  return statements
}

/** One text or a list of them; nothing at all when something else is among them. */
function textsOf(value: Json | undefined): readonly string[] {
  const all: readonly unknown[] = Array.isArray(value) ? value : [value]
  const texts = all.filter((text): text is string => typeof text === 'string' && text !== '')
  return texts.length === all.length ? texts : []
}

/** Whether IAM's pattern, with `*` and `?` and without regard to case, matches. Linear in what it looks at. */
function matches(pattern: string, text: string): boolean {
  const [wanted, given] = [pattern.toLowerCase(), text.toLowerCase()]
  let [at, in_, star, mark] = [0, 0, -1, 0]
  while (in_ < given.length) {
    const sign = wanted[at]
    if (sign === '*') {
      star = at++
      mark = in_
    } else if (sign !== undefined && (sign === '?' || sign === given[in_])) {
      at++
      in_++
    } else if (star !== -1) {
      at = star + 1
      in_ = ++mark
    } else return false
  }
  while (wanted[at] === '*') at++
  return at === wanted.length
}

function parse(text: string): Json | undefined {
  try {
    // What `JSON.parse` makes is JSON.
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}
