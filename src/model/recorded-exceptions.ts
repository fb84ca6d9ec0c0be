import type { Entity, Exception } from './entity.ts'
import type { RootCauseException } from './summary.ts'
import type { TraceIndex } from './trace-index.ts'

/**
 * Answers which exceptions an entity failed with. Its `cause` holds them, or refers to where they were first recorded:
 * to an exception, or to an entity that has a cause itself (spec/ingest §2.9, §6.17). A reference that leads nowhere is
 * normal, and is no exception.
 */
export function recordedExceptions(index: TraceIndex): (entity: Entity) => readonly RootCauseException[] {
  let byId: ReadonlyMap<string, Recorded> | undefined
  return (entity) => {
    const passed = new Set<Entity>()
    for (let at: Entity | undefined = entity; at !== undefined && !passed.has(at);) {
      passed.add(at)
      const { cause }: Entity = at
      if (cause?.kind === 'exceptions' && cause.exceptions !== undefined && cause.exceptions.length > 0) {
        return cause.exceptions.map(named)
      }
      if (cause?.id === undefined) return []
      // Most causes refer to nothing, so this waits for one that does.
      byId ??= recordedById(index)
      const recorded = byId.get(cause.id)
      if (recorded?.exception !== undefined) return [named(recorded.exception)]
      at = recorded?.entity
    }
    return []
  }
}

type Recorded = { exception?: Exception; entity?: Entity }

function recordedById({ segments, subsegments }: TraceIndex): ReadonlyMap<string, Recorded> {
  const byId = new Map<string, Recorded>()
  const recordedAt = (id: string): Recorded => {
    const recorded = byId.get(id) ?? {}
    byId.set(id, recorded)
    return recorded
  }
  const record = (entity: Entity): void => {
    recordedAt(entity.id).entity ??= entity
    if (entity.cause?.kind !== 'exceptions') return
    for (const exception of entity.cause.exceptions ?? []) {
      if (exception.id !== undefined) recordedAt(exception.id).exception ??= exception
    }
  }
  for (const { entity } of subsegments) record(entity)
  for (const { entity } of segments) record(entity)
  return byId
}

function named({ type, message }: Exception): RootCauseException {
  return { ...(type === undefined ? {} : { name: type }), ...(message === undefined ? {} : { message }) }
}
