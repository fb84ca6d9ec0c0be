import type { JsonObject } from '../model/json.ts'
import { createChance, type Chance } from './chance.ts'
import { receipts } from './receipts.ts'
import type { Scene } from './span.ts'
import { web, type Visit } from './web.ts'

/** How much of the story is told. */
export type DemoOptions = {
  /** Epoch seconds: the end of the story. */
  readonly nowSeconds: number
  /** The same seed at the same time tells the same. */
  readonly seed: number
  /** How long ago it begins. */
  readonly minutes: number
  /** Requests a minute; an order is followed by a trace of its receipt. */
  readonly perMinute: number
}

/** When version 42 of `payments` goes live, as a share of the time. */
const DEPLOYED = 2 / 3

/** How often people do what, of all that they do. */
const VISITS: readonly (readonly [share: number, visit: Visit])[] = [
  [0.12, { does: 'browse' }],
  [0.1, { does: 'search' }],
  [0.33, { does: 'look' }],
  [0.1, { does: 'see cart' }],
  [0.08, { does: 'fill cart' }],
  [0.27, { does: 'order' }],
]

/**
 * The documents that the services of a shop would have sent until now, the oldest first: JSON objects, to be sent as
 * texts. `web` asks `catalog` and `checkout`; version 42 of `payments` goes wrong after two thirds of the time. Beside
 * the everyday there are, once each, a request of 300 equal reads and a trace of which the middle is lost, and orders
 * that are still waiting.
 */
export function* demoDocuments(options: DemoOptions): Generator<JsonObject> {
  const { nowSeconds, seed, minutes, perMinute } = options
  const chance = createChance(seed)
  const duration = minutes * 60
  const count = Math.max(1, Math.round(minutes * perMinute))
  for (let number = 0; number < count; number++) {
    const share = ebbAndFlow((number + chance.between(0, 1)) / count)
    yield* visitAt(options, chance, visitOf(chance), nowSeconds - duration * (1 - share))
  }
  yield* visitAt(options, chance, { does: 'wish' }, nowSeconds - duration * 0.4)
  yield* visitAt(options, chance, { does: 'order unseen' }, nowSeconds - duration * 0.5)
  for (const age of [3.4, 7.1, 16.2]) {
    yield* visitAt(options, chance, { does: 'order slowly', cardSeconds: 60 }, nowSeconds - age)
  }
}

/** More people come at some times than at others; the ends stay where they are. */
function ebbAndFlow(share: number): number {
  return share + 0.03 * Math.sin(4 * Math.PI * share)
}

function visitOf(chance: Chance): Visit {
  let left = chance.between(0, 1)
  for (const [share, visit] of VISITS) {
    left -= share
    if (left < 0) return visit
  }
  return { does: 'look' }
}

/** The documents of a visit, and of what it sets off. */
function visitAt({ nowSeconds, minutes }: DemoOptions, chance: Chance, visit: Visit, start: number): JsonObject[] {
  const documents: JsonObject[] = []
  const deployedSeconds = nowSeconds - minutes * 60 * (1 - DEPLOYED)
  const sceneAt = (seconds: number): Scene => ({
    traceId: `1-${Math.floor(seconds).toString(16).padStart(8, '0')}-${chance.hex(24)}`,
    chance,
    nowSeconds,
    deployedSeconds,
    documents,
  })
  const scene = sceneAt(start)
  const placed = web(scene, visit, start)
  if (placed !== undefined) receipts(sceneAt(placed.sentSeconds), { traceId: scene.traceId, placed })
  return documents
}
