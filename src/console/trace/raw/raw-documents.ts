/** The shape that is read here of BatchGetTraces' answer. */
type Answer = { readonly Traces?: readonly { readonly Segments?: readonly { readonly Document?: string }[] }[] }

/** The documents of a trace as one JSON list, from BatchGetTraces' answer, where they are texts; digits are kept. */
export function rawDocuments(answer: string): string {
  // Documents are texts in it, so no number of theirs is read here.
  const { Traces: traces } = JSON.parse(answer) as Answer
  const documents = (traces ?? []).flatMap(({ Segments: segments }) => segments ?? [])
  return `[${documents.map(({ Document: document }) => document ?? 'null').join(',')}]`
}
