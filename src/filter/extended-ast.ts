import type {
  AnnotationPredicate,
  AnnotationTest,
  EdgePredicate,
  EqualityOperator,
  EverythingPredicate,
  FieldPredicate,
  GroupPredicate,
  Logic,
  OrderingOperator,
  RootCausePredicate,
  RootCauseTemplatePredicate,
  Selector,
  ServicePredicate,
  TextPredicate,
} from './ast.ts'

// What the extended dialect adds. It is ours, not AWS's, and read only by those who ask for it; so those who know AWS's
// expressions alone need not know of this file.

/** The values under a key of any namespace of the metadata, however deep; under the key `*`, those of all keys. */
export type MetadataPredicate = { readonly kind: 'metadata'; readonly key: string; readonly test?: AnnotationTest }

/** Whether a regular expression is found in some text (`readTextPattern`, which has read it). */
export type MatchesPredicate = {
  readonly kind: 'matches'
  readonly of: Pick<TextPredicate, 'kind' | 'keyword'> | Pick<AnnotationPredicate | MetadataPredicate, 'kind' | 'key'>
  readonly pattern: string
}

/** Compares the number of segments, real and inferred, of nodes that are meant, of which the body is true. */
export type SegmentsPredicate = {
  readonly kind: 'segments'
  readonly selector?: Selector
  readonly body?: Logic<ExtendedField>
  readonly operator: EqualityOperator | OrderingOperator
  readonly value: number
}

/** A segment of the one node stands anywhere below a segment of the other; the body is asked of the lower one. */
export type PathPredicate = {
  readonly kind: 'path'
  readonly from: Selector
  readonly to: Selector
  readonly body?: Logic<ExtendedField>
}

export type ExtendedField = FieldPredicate | MetadataPredicate | MatchesPredicate

export type ExtendedPredicate =
  | ExtendedField
  | ServicePredicate<ExtendedField>
  | EdgePredicate<ExtendedField>
  | RootCausePredicate<ExtendedField>
  | RootCauseTemplatePredicate
  | SegmentsPredicate
  | PathPredicate

/** A filter expression of the extended dialect; every one of AWS's is one, with the same meaning. */
export type ExtendedExpr = Logic<ExtendedPredicate | GroupPredicate>

/** The same with groups resolved. */
export type ResolvedExtendedExpr = Logic<ExtendedPredicate | EverythingPredicate>
