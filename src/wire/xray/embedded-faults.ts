import { readEntityId } from '../../model/ids.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import type { RejectionCode } from '../../model/outcome.ts'
import { isLegalName } from './entity-name.ts'
import { endOf, listOf, numberOf, objectOf, textOf } from './fields.ts'
import { collectSecrets } from './redact-passwords.ts'
import type { Secrets } from './redact-passwords.ts'
import type { ReaderOptions } from './reader-options.ts'
import type { FailingEntity } from './rejections.ts'

/** How deep `subsegments` may nest; the subsegments of the top level are level 1 (spec/ingest §1.3 row 16). */
const MAX_SUBSEGMENT_LEVELS = 256

/** What is wrong below the top level, and where: `path` ends in a dot, ready for the field's name. */
export type EmbeddedFault = { readonly failing: FailingEntity; readonly code: RejectionCode; readonly path: string }

/** One `subsegments` array on the way down, and the position after the element that is being looked at. */
type Level = { readonly list: readonly Json[]; next: number }

/**
 * Checks every embedded subsegment in pre-order (spec/ingest §1.3 rows 15 and 16) and gathers, on the same walk, the
 * passwords of all entities. What is not an object is absent and skipped (§2.0). A missing field anywhere comes before
 * nesting that is too deep, as row 15 comes before row 16.
 */
export function findEmbeddedFault(
  document: JsonObject,
  names: ReaderOptions['names'],
): { readonly fault?: EmbeddedFault; readonly secrets?: Secrets | undefined } {
  let secrets = collectSecrets(document, undefined)
  const top = listOf(document['subsegments'])
  if (top === undefined) return { secrets }
  let tooDeepAt: string | undefined
  const levels: Level[] = [{ list: top, next: 0 }]
  for (let level = levels[0]; level !== undefined; level = levels[levels.length - 1]) {
    if (level.next === level.list.length) {
      levels.pop()
      continue
    }
    const subsegment = objectOf(level.list[level.next++])
    if (subsegment === undefined) continue
    const code = faultOf(subsegment, names)
    if (code !== undefined) return { fault: { failing: 'subsegment', code, path: `${pathTo(levels)}.` } }
    if (levels.length > MAX_SUBSEGMENT_LEVELS) tooDeepAt ??= pathTo(levels)
    secrets = collectSecrets(subsegment, secrets)
    const list = listOf(subsegment['subsegments'])
    if (list !== undefined && list.length > 0) levels.push({ list, next: 0 })
  }
  if (tooDeepAt !== undefined) return { fault: { failing: 'segment', code: 'InvalidSegment', path: tooDeepAt } }
  return { secrets }
}

function faultOf(subsegment: JsonObject, names: ReaderOptions['names']): RejectionCode | undefined {
  const id = textOf(subsegment['id'])
  if (id === undefined) return 'MissingId'
  if (readEntityId(id) === undefined) return 'InvalidId'
  const name = textOf(subsegment['name'])
  if (name === undefined) return 'MissingName'
  if (names === 'reject' && !isLegalName(name)) return 'InvalidName'
  if (numberOf(subsegment['start_time']) === undefined) return 'MissingStartTime'
  return endOf(subsegment) === undefined ? 'MissingEndTime' : undefined
}

function pathTo(levels: readonly Level[]): string {
  return levels.map(({ next }) => `subsegments[${next - 1}]`).join('.')
}
