import type { Json } from '../model/json.ts'

/** Operators by what they work on (spec/query §1.2). The AST has them in lower case, as it has all keywords. */
export type EqualityOperator = '=' | '!='
export type OrderingOperator = '<' | '<=' | '>' | '>='
export type SubstringOperator = 'contains' | 'beginswith' | 'endswith'

export type FlagKeyword =
  | 'ok'
  | 'error'
  | 'throttle'
  | 'fault'
  | 'partial'
  | 'inferred'
  | 'first'
  | 'last'
  | 'remote'
  | 'root'

export type NumberKeyword = 'responsetime' | 'duration' | 'http.status' | 'index' | 'coverage'

export type TextKeyword =
  | 'http.url'
  | 'http.method'
  | 'http.useragent'
  | 'http.clientip'
  | 'user'
  | 'name'
  | 'type'
  | 'message'
  | 'availabilityzone'
  | 'instance.id'
  | 'resource.arn'
  | 'account.id'

/** What a value is compared with; without one a predicate asks whether there is a value, a flag for the flag itself. */
export type FlagTest = { readonly operator: EqualityOperator; readonly value: boolean }
export type NumberTest = { readonly operator: EqualityOperator | OrderingOperator; readonly value: number }
export type TextTest = { readonly operator: EqualityOperator | SubstringOperator; readonly value: string }

/** A test sees only values of the type of its operand (spec/query §1.5). */
export type AnnotationTest = FlagTest | NumberTest | TextTest

export type FlagPredicate = { readonly kind: 'flag'; readonly keyword: FlagKeyword; readonly test?: FlagTest }
export type NumberPredicate = { readonly kind: 'number'; readonly keyword: NumberKeyword; readonly test?: NumberTest }
export type TextPredicate = { readonly kind: 'text'; readonly keyword: TextKeyword; readonly test?: TextTest }
/** The key never contains `]`: the language has no way to write that. */
export type AnnotationPredicate = { readonly kind: 'annotation'; readonly key: string; readonly test?: AnnotationTest }

/** A question about one thing: the trace, a segment, a call, an element of a root cause. */
export type FieldPredicate = FlagPredicate | NumberPredicate | TextPredicate | AnnotationPredicate

/**
 * Predicates and how they are joined. `and` and `or` have at least two terms: those of one chain, so `a AND b AND c` is
 * one node with three. What is in parentheses of its own stays a node of its own where it would otherwise be one.
 */
export type Logic<Predicate> = Predicate | Joined<Predicate>

export type Joined<Predicate> =
  | { readonly kind: 'and'; readonly terms: readonly Logic<Predicate>[] }
  | { readonly kind: 'or'; readonly terms: readonly Logic<Predicate>[] }
  | { readonly kind: 'not'; readonly term: Logic<Predicate> }

/** What stands in braces. Which keywords may depends on the scope (`keywords.ts`); the parser has checked it. */
export type BodyExpr = Logic<FieldPredicate>

/**
 * Names nodes (spec/query §1.6): by one of their names, or by members of their identity that all have to be equal. A
 * `type` of `''` means nodes without one. At least one member of an `id` is there.
 */
export type Selector =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'id'; readonly name?: string; readonly type?: string; readonly accountId?: string }

/** Without a selector any node will do; without a body it is enough that there is a segment. */
export type ServicePredicate<Field = FieldPredicate> = {
  readonly kind: 'service'
  readonly selector?: Selector
  readonly body?: Logic<Field>
}
export type EdgePredicate<Field = FieldPredicate> = {
  readonly kind: 'edge'
  readonly from: Selector
  readonly to: Selector
  readonly body?: Logic<Field>
}

/** `fault` and `error` have all three lists, `responsetime` has no exceptions (spec/query §1.7). */
export type RootCausePredicate<Field = FieldPredicate> =
  | {
      readonly kind: 'rootcause'
      readonly cause: 'fault' | 'error'
      readonly list: 'service' | 'entity' | 'exception'
      readonly body?: Logic<Field>
    }
  | {
      readonly kind: 'rootcause'
      readonly cause: 'responsetime'
      readonly list: 'service' | 'entity'
      readonly body?: Logic<Field>
    }

/** `rootcause.json = #[…]`: some template matches some root cause. */
export type RootCauseTemplatePredicate = { readonly kind: 'rootcause.json'; readonly templates: readonly Json[] }

/** Whether the trace satisfies the expression of a group (spec/query §1.8). */
export type GroupPredicate = {
  readonly kind: 'group'
  readonly by: 'name' | 'arn'
  readonly operator: EqualityOperator
  readonly value: string
}

/** Whatever may stand outside of braces, except groups. */
export type TracePredicate =
  | FieldPredicate
  | ServicePredicate
  | EdgePredicate
  | RootCausePredicate
  | RootCauseTemplatePredicate

/** A filter expression as it was written. */
export type FilterExpr = Logic<TracePredicate | GroupPredicate>

/** True of every trace; it stands where the group `Default` was named. The language has no word for it. */
export type EverythingPredicate = { readonly kind: 'everything' }

/** A filter expression with the expressions of groups in the place of their names (`resolveGroups`). */
export type ResolvedExpr = Logic<TracePredicate | EverythingPredicate>

/** An entity selector expression (spec/query §1.9): all segments of nodes, or all calls between nodes. */
export type EntitySelector =
  | { readonly kind: 'service'; readonly selector: Selector }
  | { readonly kind: 'edge'; readonly from: Selector; readonly to: Selector }
