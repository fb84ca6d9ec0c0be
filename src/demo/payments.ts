import type { JsonObject } from '../model/json.ts'
import { causeOf, newId, send, type Answer, type Scene, type Span } from './span.ts'

/** A charge of a card. */
export type Charge = {
  readonly start: number
  readonly parentId: string
  readonly annotations: JsonObject
  /** How long the company that issues cards takes; chance decides when left out. */
  readonly cardSeconds?: number
}

const STACK = [
  '/app/dist/charges/currency.js:42 minorUnits',
  '/app/dist/charges/charge.js:118 Charge.amount',
  '/app/dist/charges/create-charge.js:57 createCharge',
  '/app/node_modules/express/lib/router/layer.js:95 Layer.handle',
  '/app/node_modules/express/lib/router/route.js:149 next',
]
const TIMEOUT_STACK = [
  '/app/node_modules/undici/lib/core/connect.js:73 onConnectTimeout',
  '/app/dist/cardpay/client.js:31 CardPay.post',
]

const CARD_TIMEOUT_SECONDS = 5
/** Whose accounts have no currency. Sometimes it is somebody else's, too. */
const BROKEN_TENANT = 'globex'
const BROKEN = 0.2

/** `payments` asks an outside company. Version 42 of it is slow, and fails for one tenant. */
export function payments(scene: Scene, charge: Charge): Answer {
  const { chance } = scene
  // Tasks are replaced one after the other, in a minute and a half.
  const rolledOut = (charge.start - scene.deployedSeconds) / 90
  const isNew = rolledOut > 0 && chance.happens(rolledOut)
  const begun = charge.start + (isNew ? chance.seconds(0.35, 0.7) : chance.seconds(0.006))
  const isBroken = charge.annotations['tenant'] === BROKEN_TENANT || chance.happens(BROKEN)
  if (isNew && isBroken && charge.cardSeconds === undefined) {
    const cause = causeOf(scene, 'TypeError', "Cannot read properties of undefined (reading 'currency')", STACK)
    return answered(scene, charge, isNew, [], { end: begun, status: 500 }, cause)
  }
  const card = askCard(scene, charge, begun)
  const end = card.end + chance.seconds(isNew ? 0.12 : 0.004)
  if (card.status === 504) {
    const cause = causeOf(scene, 'TimeoutError', 'api.cardpay.example did not answer within 5 s', TIMEOUT_STACK)
    return answered(scene, charge, isNew, [card], { end, status: 502 }, cause)
  }
  return answered(scene, charge, isNew, [card], { end, status: card.status ?? 201 }, {})
}

function answered(
  scene: Scene,
  { start, parentId, annotations }: Charge,
  isNew: boolean,
  inner: readonly Span[],
  answer: Answer,
  outcome: JsonObject,
): Answer {
  const version = isNew ? 42 : 41
  const span = {
    id: newId(scene),
    name: 'payments',
    start,
    fields: {
      origin: 'AWS::ECS::Fargate',
      service: { version: String(version), runtime: 'node', runtime_version: '20.18.0' },
      aws: {
        ecs: { container: `payments-${version}`, task_family: `payments:${version}`, launch_type: 'FARGATE' },
        xray: { sdk: 'X-Ray for Node.js', sdk_version: '3.12.0', rule_name: 'Default' },
      },
      annotations: { ...annotations, version },
    },
    request: { method: 'POST', url: 'http://payments.shop.internal/charges' },
    outcome,
    inner,
    ...answer,
  }
  send(scene, span, { parentId })
  return answer
}

/** It reports nothing; what is known of it is what `payments` says. */
function askCard(scene: Scene, { cardSeconds }: Charge, start: number): Span {
  const { chance } = scene
  const isLost = cardSeconds === undefined && chance.happens(0.01)
  const isDeclined = cardSeconds === undefined && chance.happens(0.05)
  const seconds = isLost ? CARD_TIMEOUT_SECONDS : (cardSeconds ?? chance.seconds(0.18, 0.5))
  return {
    id: newId(scene),
    name: 'api.cardpay.example',
    start,
    end: start + seconds,
    fields: { namespace: 'remote' },
    request: { method: 'POST', url: 'https://api.cardpay.example/v2/charges' },
    status: isLost ? 504 : isDeclined ? 402 : 201,
  }
}
