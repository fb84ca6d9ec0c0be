/** What the operator should hear of. */
export type SpoolEvent =
  | { readonly kind: 'tail-cut'; readonly path: string; readonly bytes: number }
  | { readonly kind: 'write-failed'; readonly error: Error }
  | { readonly kind: 'insert-failed'; readonly path: string; readonly error: Error; readonly retryMs: number }
