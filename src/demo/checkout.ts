import type { JsonObject } from '../model/json.ts'
import { ACCOUNT, callAws, REGION } from './aws-calls.ts'
import { payments } from './payments.ts'
import { callService, causeOf, newId, send, type Answer, type Scene, type Span } from './span.ts'

/** What is asked of the checkout. */
export type CheckoutRequest = {
  readonly method: string
  readonly path: string
  readonly start: number
  readonly parentId: string
  readonly annotations: JsonObject
  readonly cartItems: number
  /** Only orders cost anything. */
  readonly isOrder: boolean
  /** See `Charge`. */
  readonly cardSeconds?: number
}

/** An order that was placed: of the message about it. */
export type Placed = { readonly messageId: string; readonly sentSeconds: number }

/** How it was answered, and what was placed. */
export type CheckoutAnswer = Answer & { readonly placed?: Placed }

const QUEUE = `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/order-placed`
const SELECT = 'SELECT sku, quantity, unit_price FROM cart_items WHERE cart_id = $1 ORDER BY added_at'
const INSERT = 'INSERT INTO orders (id, customer_id, total, currency, placed_at) VALUES ($1, $2, $3, $4, now())'
const UPDATE = 'INSERT INTO cart_items (cart_id, sku, quantity) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING'

/** `checkout` keeps carts and orders in PostgreSQL, lets `payments` charge for orders, and tells a queue of them. */
export function checkout(scene: Scene, request: CheckoutRequest): CheckoutAnswer {
  const { chance } = scene
  const read = query(scene, SELECT, request.start + chance.seconds(0.002), 0.004)
  if (!request.isOrder) {
    const last = request.method === 'GET' ? read : query(scene, UPDATE, read.end + chance.seconds(0.001), 0.006)
    const inner = last === read ? [read] : [read, last]
    return answered(scene, request, inner, { end: last.end + chance.seconds(0.002), status: 200 }, {})
  }
  const { inner, end, status } = charge(scene, request, read.end + chance.seconds(0.003))
  const calls = [read, ...inner]
  if (status === 402) return answered(scene, request, calls, { end, status }, {})
  if (status >= 400) {
    const cause = causeOf(scene, 'PaymentUnavailable', 'The order was not charged after 2 attempts', [
      '/app/checkout/orders.py:88 place_order',
      '/app/checkout/api.py:41 post_orders',
    ])
    return answered(scene, request, calls, { end, status: 502 }, cause)
  }
  const insert = query(scene, INSERT, end, 0.007)
  const message = callAws(scene, {
    name: 'SQS',
    start: insert.end + chance.seconds(0.001),
    medianSeconds: 0.012,
    aws: { operation: 'SendMessage', queue_url: QUEUE },
  })
  const done = message.end + chance.seconds(0.002)
  const placed = { messageId: message.id, sentSeconds: message.end }
  return { ...answered(scene, request, [...calls, insert, message], { end: done, status: 201 }, {}), placed }
}

/** A second attempt where the first one failed. */
function charge(scene: Scene, request: CheckoutRequest, start: number): Answer & { readonly inner: readonly Span[] } {
  const inner: Span[] = []
  let at = start
  let status = 0
  for (let attempt = 1; attempt <= 2; attempt++) {
    const call = { name: 'payments', method: 'POST', path: '/charges', start: at }
    const { annotations, cardSeconds } = request
    const called = callService(scene, call, (parentId, arrived) =>
      payments(scene, { start: arrived, parentId, annotations, ...(cardSeconds === undefined ? {} : { cardSeconds }) }),
    )
    inner.push(called.span)
    status = called.answer.status
    at = called.answer.end
    if (status < 500) break
    at += scene.chance.seconds(0.1, 0.2)
  }
  return { inner, end: at + scene.chance.seconds(0.001), status }
}

function query(scene: Scene, statement: string, start: number, medianSeconds: number): Span {
  return {
    id: newId(scene),
    name: 'orders@db.shop.internal',
    start,
    end: start + scene.chance.seconds(medianSeconds, 0.7),
    fields: {
      namespace: 'remote',
      sql: {
        url: 'postgresql://db.shop.internal:5432/orders',
        database_type: 'PostgreSQL',
        database_version: '16.4',
        driver_version: 'psycopg 3.2.3',
        user: 'checkout',
        preparation: 'statement',
        sanitized_query: statement,
      },
    },
  }
}

function answered(
  scene: Scene,
  { method, path, start, parentId, annotations, cartItems }: CheckoutRequest,
  inner: readonly Span[],
  answer: Answer,
  outcome: JsonObject,
): Answer {
  const span = {
    id: newId(scene),
    name: 'checkout',
    start,
    fields: {
      origin: 'AWS::ECS::Fargate',
      service: { version: '117', runtime: 'CPython', runtime_version: '3.12.7' },
      aws: {
        ecs: { container: 'checkout-1', task_family: 'checkout:117', launch_type: 'FARGATE' },
        xray: { sdk: 'X-Ray for Python', sdk_version: '2.14.0', sampling_rule_name: 'Default' },
      },
      annotations,
      metadata: { default: { cart: { items: cartItems, currency: 'EUR', coupons: [] } } },
    },
    request: { method, url: `http://checkout.shop.internal${path}` },
    outcome,
    inner,
    ...answer,
  }
  send(scene, span, { parentId })
  return answer
}
