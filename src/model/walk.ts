import type { Entity } from './entity.ts'

/**
 * An entity and everything below it, each before its subsegments, siblings in their order.
 *
 * Not recursive: an assembled trace may be tens of thousands of levels deep.
 */
export function* walk(top: Entity): Generator<Entity, void, undefined> {
  const stack: Entity[] = [top]
  for (let entity = stack.pop(); entity !== undefined; entity = stack.pop()) {
    yield entity
    for (const child of entity.subsegments.toReversed()) stack.push(child)
  }
}
