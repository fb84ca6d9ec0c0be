import {
  buildFields,
  CLASS_BYTES,
  type DocumentClass,
  type Draws,
  type Fields,
  metadataOf,
  type Occasion,
  words,
} from './document.ts'

/** A document with its text, minified and within the size of its class. */
export type SizedDocument = { readonly fields: Fields; readonly text: string }

const METADATA_SHARE = 0.2

/** Builds a valid document whose size is that of its class: shrinks what is too large, fills what is too small. */
export function sizedDocument(
  draws: Draws,
  kind: Exclude<DocumentClass, 'invalid' | 'stub'>,
  occasion: Occasion,
): SizedDocument {
  const [minBytes, maxBytes] = CLASS_BYTES[kind]
  const { random } = draws
  const wantsMetadata = occasion.lambdaPart !== 'subsegment' && random.chance(METADATA_SHARE)
  const room = wantsMetadata ? maxBytes - 320 : maxBytes
  let fields = buildFields(draws, kind, occasion, 1)
  let text = JSON.stringify(fields)
  for (let spare = 0.75; text.length > room && spare >= 0; spare -= 0.25) {
    fields = buildFields(draws, kind, occasion, spare)
    text = JSON.stringify(fields)
  }
  if (text.length > room) {
    delete fields['annotations']
    text = JSON.stringify(fields)
  }
  if (wantsMetadata && text.length <= room) {
    const spareBytes = Math.min(5_000, maxBytes - text.length - 20)
    fields['metadata'] = metadataOf(random, Math.min(spareBytes, Math.round(300 * (5_000 / 300) ** random.next())))
    text = JSON.stringify(fields)
  }
  // Outside the metadata, whose share is fixed; 40 bytes is what the object around the filling costs.
  if (text.length < minBytes) {
    fields['service'] = { version: '1.4.2', compiler: words(random, Math.max(20, minBytes - text.length + 10)) }
    text = JSON.stringify(fields)
  }
  if (kind === 'limit') text = nearLimit(draws, fields, minBytes, maxBytes)
  return { fields, text }
}

/** Fills the document to a size drawn between the bounds. */
function nearLimit(draws: Draws, fields: Fields, minBytes: number, maxBytes: number): string {
  const { random } = draws
  const wanted = random.int(minBytes + 2_000, maxBytes - 1_000)
  const missing = wanted - JSON.stringify(fields).length
  if (missing > 100) fields['metadata'] = metadataOf(random, missing)
  return JSON.stringify(fields)
}
