/**
 * What the service model demands of one shape. Shapes name each other by their names in the model; a length counts code
 * points of a string, elements of a list, entries of a map (spec/query §5.3). An integer has 32 bits, a long 64.
 */
export type ShapeRule =
  | {
      readonly kind: 'string'
      readonly min?: number
      readonly max?: number
      readonly pattern?: string
      readonly values?: readonly string[]
    }
  | { readonly kind: 'integer' | 'long' | 'double'; readonly min?: number; readonly max?: number }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'timestamp' }
  | { readonly kind: 'list'; readonly of: string; readonly min?: number; readonly max?: number }
  | { readonly kind: 'map'; readonly key: string; readonly value: string; readonly max?: number }
  | {
      readonly kind: 'structure'
      readonly members: { readonly [member: string]: string }
      readonly required?: readonly string[]
      /** Exactly one member is to be set. */
      readonly union?: true
    }
