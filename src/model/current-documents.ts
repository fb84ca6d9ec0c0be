import type { StoredDocument } from './document.ts'
import { supersedes } from './supersedes.ts'

/**
 * Of documents in any order, with superseded versions and duplicates among them, the one of each entity (kind and id)
 * that supersedes all others (spec/ingest §3.2). The answer is ordered by `received`.
 */
export function currentDocuments<Document extends Pick<StoredDocument, 'kind' | 'id' | 'complete' | 'received'>>(
  documents: readonly Document[],
): readonly Document[] {
  const current = new Map<string, Document>()
  for (const document of documents) {
    const key = `${document.kind} ${document.id}`
    const known = current.get(key)
    if (known === undefined || supersedes(document, known)) current.set(key, document)
  }
  return [...current.values()].toSorted((a, b) => a.received - b.received)
}
