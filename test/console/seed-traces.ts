import { seedId, seedTraceId, secondsAgo, type Document, type SeedTrace } from './seed.ts'

/** A trace from the function that makes its documents, whose times are seconds from its start. */
function trace(number: number, agoSeconds: number, make: (at: (seconds: number) => number) => readonly Document[]) {
  const startSeconds = secondsAgo(agoSeconds)
  const id = seedTraceId(startSeconds, number)
  const documents = make((seconds) => Math.round((startSeconds + seconds) * 1e6) / 1e6)
  return { id, startSeconds, documents: documents.map((document) => ({ trace_id: id, ...document })) }
}

/** An annotation of `smallTrace` that is hard to quote. */
export const QUOTED = 'say "hi" \\ bye'
export const EXCEPTION = 'Card declined: insufficient funds'

/** A request in which three things fail, and nothing else is wrong. */
export const faultsTrace = (agoSeconds = 130): SeedTrace =>
  trace(0xfa117, agoSeconds, (at) => [
    {
      name: 'front',
      id: seedId(0xfa1),
      start_time: at(0),
      end_time: at(0.9),
      fault: true,
      subsegments: [
        { name: 'fine', id: seedId(0xfa2), start_time: at(0.01), end_time: at(0.1) },
        { name: 'back', id: seedId(0xfa3), namespace: 'remote', start_time: at(0.2), end_time: at(0.8), fault: true },
      ],
    },
    { name: 'back', id: seedId(0xfa4), parent_id: seedId(0xfa3), start_time: at(0.3), end_time: at(0.7), fault: true },
  ])

/** Seven segments and subsegments of one request: ok, error, fault, throttle, a remote fault, one still at work. */
export const smallTrace = (agoSeconds = 120): SeedTrace =>
  trace(0x5a11, agoSeconds, (at) => [
    {
      name: 'gateway',
      id: seedId(0x501),
      origin: 'AWS::EC2::Instance',
      start_time: at(0),
      end_time: at(1.204),
      fault: true,
      http: { request: { method: 'POST', url: 'http://shop.example/cart/checkout' }, response: { status: 500 } },
      annotations: { tenant: 'acme', quoted: QUOTED },
      subsegments: [
        {
          name: 'checkout',
          id: seedId(0x502),
          namespace: 'remote',
          start_time: at(0.02),
          end_time: at(1.18),
          fault: true,
          http: { request: { method: 'POST', url: 'http://checkout/orders' }, response: { status: 500 } },
        },
      ],
    },
    {
      name: 'checkout',
      id: seedId(0x503),
      parent_id: seedId(0x502),
      origin: 'AWS::ECS::Container',
      start_time: at(0.03),
      end_time: at(1.17),
      fault: true,
      cause: {
        working_directory: '/srv/checkout',
        exceptions: [
          {
            id: seedId(0x5e1),
            message: EXCEPTION,
            type: 'PaymentError',
            stack: [{ path: 'pay.ts', line: 42, label: 'charge' }],
          },
        ],
      },
      subsegments: [
        {
          name: 'orders-db',
          id: seedId(0x504),
          namespace: 'remote',
          start_time: at(0.05),
          end_time: at(0.25),
          sql: { url: 'postgresql://orders', sanitized_query: 'SELECT * FROM orders WHERE id = ?' },
        },
        {
          name: 'pricing',
          id: seedId(0x505),
          namespace: 'remote',
          start_time: at(0.3),
          end_time: at(0.4),
          error: true,
          http: { request: { method: 'GET', url: 'http://pricing/p/1' }, response: { status: 404 } },
        },
        {
          name: 'payments',
          id: seedId(0x506),
          namespace: 'remote',
          start_time: at(0.5),
          end_time: at(1.1),
          error: true,
          throttle: true,
          http: { request: { method: 'POST', url: 'http://payments/charge' }, response: { status: 429 } },
        },
      ],
    },
    {
      name: 'worker',
      id: seedId(0x507),
      parent_id: seedId(0x501),
      start_time: at(0.9),
      in_progress: true,
    },
  ])

/** The same in another trace, a little later, without what is still at work. */
export const overTrace = (): SeedTrace => {
  const { startSeconds, documents } = smallTrace(118)
  const id = seedTraceId(startSeconds, 0x0fe4)
  return { id, startSeconds, documents: documents.slice(0, -1).map((document) => ({ ...document, trace_id: id })) }
}

/** One root that reads one table three hundred times, 3 ms each. */
export const REPEATS = 300
export const repeatTrace = (): SeedTrace =>
  trace(0x4e9, 110, (at) => [
    {
      name: 'catalog',
      id: seedId(0x4000),
      start_time: at(0),
      end_time: at(1.6),
      http: { request: { method: 'GET', url: 'http://shop.example/list' }, response: { status: 200 } },
      subsegments: Array.from({ length: REPEATS }, (_, index) => ({
        name: 'DynamoDB',
        id: seedId(0x4001 + index),
        namespace: 'aws',
        aws: { operation: 'GetItem', table_name: 'items' },
        start_time: at(0.01 + index * 0.005),
        end_time: at(0.013 + index * 0.005),
      })),
    },
  ])

/** The clock of what it called is a quarter of a second ahead. */
export const skewTrace = (): SeedTrace =>
  trace(0x5e3, 100, (at) => [
    {
      name: 'caller',
      id: seedId(0x5c1),
      start_time: at(0),
      end_time: at(1),
      subsegments: [{ name: 'ahead', id: seedId(0x5c2), namespace: 'remote', start_time: at(0.1), end_time: at(0.9) }],
    },
    { name: 'ahead', id: seedId(0x5c3), parent_id: seedId(0x5c2), start_time: at(0.45), end_time: at(1.05) },
  ])

/** A segment whose parent never came, beside a root. */
export const orphanTrace = (): SeedTrace =>
  trace(0x04f, 90, (at) => [
    { name: 'front', id: seedId(0x0a1), start_time: at(0), end_time: at(0.5) },
    { name: 'lost', id: seedId(0x0a2), parent_id: seedId(0xdead), start_time: at(0.1), end_time: at(0.4) },
  ])

/** Two traces: the second was caused by a message of the first. */
export function linkedTraces(): { readonly upstream: SeedTrace; readonly downstream: SeedTrace } {
  const upstream = trace(0x11a, 85, (at) => [
    {
      name: 'producer',
      id: seedId(0x1a1),
      start_time: at(0),
      end_time: at(0.3),
      subsegments: [
        {
          name: 'SQS',
          id: seedId(0x1a2),
          namespace: 'aws',
          aws: { operation: 'SendMessage', queue_url: 'https://sqs.us-east-1.amazonaws.com/000000000000/jobs' },
          start_time: at(0.1),
          end_time: at(0.2),
        },
      ],
    },
  ])
  const downstream = trace(0x11b, 80, (at) => [
    {
      name: 'consumer',
      id: seedId(0x1b1),
      origin: 'AWS::Lambda::Function',
      start_time: at(0),
      end_time: at(0.4),
      links: [
        {
          trace_id: upstream.id,
          id: seedId(0x1a2),
          attributes: { 'aws.xray.linked_context_type': 'producer_consumer' },
        },
      ],
    },
  ])
  return { upstream, downstream }
}

/** A value nearly as large as a document may be, with what JSON has to escape. */
export const HUGE = `${'a huge "value" \\ of more\ttext than anybody reads\n'.repeat(1200)}end`
export const hugeTrace = (): SeedTrace =>
  trace(0x40e, 75, (at) => [
    {
      name: 'reports',
      id: seedId(0x4b1),
      start_time: at(0),
      end_time: at(0.2),
      metadata: { default: { blob: HUGE, digits: 1 } },
    },
  ])

/** What would run, mislead or reorder if a page took it for more than text. */
export const MARKUP = '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>'
const RTL = '\u202Eevil \u05E9\u05DC\u05D5\u05DD 😀'
const SCRIPT_URL = 'javascript:document.title="owned"'
export const hostileTrace = (): SeedTrace =>
  trace(0x4057, 70, (at) => [
    {
      name: 'שירות a',
      id: seedId(0x4c1),
      start_time: at(0),
      end_time: at(0.25),
      fault: true,
      user: MARKUP,
      http: { request: { method: 'GET', url: SCRIPT_URL, user_agent: MARKUP }, response: { status: 500 } },
      annotations: { markup: MARKUP, rtl: RTL, link: SCRIPT_URL, __proto__x: 'fine' },
      metadata: { [MARKUP]: { constructor: MARKUP, rtl: RTL }, default: { link: SCRIPT_URL } },
      cause: { exceptions: [{ id: seedId(0x4ce), message: MARKUP, type: RTL, stack: [{ path: MARKUP, line: 1 }] }] },
      subsegments: [{ name: 'מסד נתונים', id: seedId(0x4c2), start_time: at(0.05), end_time: at(0.1) }],
    },
  ])

/** A trace that has not ended, and the document that ends it. */
export function goingTrace(): { readonly going: SeedTrace; readonly end: SeedTrace } {
  const segment = { name: 'importer', id: seedId(0x901) }
  const going = trace(0x901, 20, (at) => [{ ...segment, start_time: at(0), in_progress: true }])
  const documents = [
    { trace_id: going.id, ...segment, start_time: going.startSeconds, end_time: going.startSeconds + 7.5 },
  ]
  return { going, end: { ...going, documents } }
}
