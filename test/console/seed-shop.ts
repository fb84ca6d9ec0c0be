import { seedId, seedTraceId, secondsAgo, type Document, type SeedTrace } from './seed.ts'

/** Requests of a shop: every fifth fails, and so every tenth of them for acme. */
export const SHOP_REQUESTS = 60
export const SHOP_FAULTS = SHOP_REQUESTS / 5
const TENANTS = ['acme', 'globex', 'initech']

/** Requests to `shop`, which asks `stock`, and keeps orders in a table. The newest first. */
export function shopTraces(): readonly SeedTrace[] {
  return Array.from({ length: SHOP_REQUESTS }, (_, number) => shopTrace(number))
}

function shopTrace(number: number): SeedTrace {
  const startSeconds = secondsAgo(60 + number * 3)
  const id = seedTraceId(startSeconds, 0x5409000 + number)
  const seconds = 0.05 + number * 0.01
  const at = (share: number): number => Math.round((startSeconds + seconds * share) * 1e6) / 1e6
  const first = 0x54090000 + number * 16
  const fails = number % 5 === 0
  const documents: readonly Document[] = [
    {
      trace_id: id,
      name: 'shop',
      id: seedId(first),
      origin: 'AWS::ECS::Container',
      start_time: at(0),
      end_time: at(1),
      ...(fails ? { fault: true } : {}),
      user: `user-${number % 4}`,
      http: {
        request: { method: 'GET', url: `http://shop.example/item/${number}` },
        response: { status: fails ? 500 : 200 },
      },
      annotations: { tenant: TENANTS[number % TENANTS.length], number },
      subsegments: [
        { name: 'stock', id: seedId(first + 1), namespace: 'remote', start_time: at(0.1), end_time: at(0.6) },
        {
          name: 'DynamoDB',
          id: seedId(first + 2),
          namespace: 'aws',
          aws: { operation: 'PutItem', table_name: 'orders' },
          start_time: at(0.7),
          end_time: at(0.9),
        },
      ],
    },
    {
      trace_id: id,
      name: 'stock',
      id: seedId(first + 3),
      parent_id: seedId(first + 1),
      start_time: at(0.2),
      end_time: at(0.5),
    },
  ]
  return { id, startSeconds, documents }
}

/** A thousand requests to one service; the last of them fails. */
export const RARE_REQUESTS = 1_000
export function rareFaultTraces(): readonly SeedTrace[] {
  return Array.from({ length: RARE_REQUESTS }, (_, number) => {
    const startSeconds = secondsAgo(60 + (number % 120))
    const id = seedTraceId(startSeconds, 0x4a4e000 + number)
    const fails = number === RARE_REQUESTS - 1 ? { fault: true } : {}
    const times = { start_time: startSeconds, end_time: startSeconds + 0.02 }
    return { id, startSeconds, documents: [{ trace_id: id, name: 'rare', id: seedId(1 + number), ...times, ...fails }] }
  })
}
