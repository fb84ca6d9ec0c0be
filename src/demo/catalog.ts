import type { JsonObject } from '../model/json.ts'
import { callAws, throttledCall, type AwsCall } from './aws-calls.ts'
import { newId, send, type Answer, type Scene, type Span } from './span.ts'

/** What is asked of the catalog. */
export type CatalogRequest = {
  readonly method: string
  readonly path: string
  readonly start: number
  readonly parentId: string
  readonly annotations: JsonObject
  readonly reads: readonly CatalogRead[]
  /** Whether what was asked for exists; it does when left out. */
  readonly isUnknown?: boolean
}

/** What it reads, one after the other. */
export type CatalogRead = 'product' | 'price' | 'query' | 'image'

const READS: Readonly<Record<CatalogRead, Omit<AwsCall, 'start'>>> = {
  product: { name: 'DynamoDB', medianSeconds: 0.005, aws: { operation: 'GetItem', table_name: 'products' } },
  price: { name: 'DynamoDB', medianSeconds: 0.004, aws: { operation: 'GetItem', table_name: 'prices' } },
  query: {
    name: 'DynamoDB',
    medianSeconds: 0.018,
    aws: { operation: 'Query', table_name: 'products', index_name: 'by-category', count: 24, scanned_count: 24 },
  },
  image: { name: 'S3', medianSeconds: 0.022, aws: { operation: 'GetObject', bucket_name: 'shop-product-images' } },
}

type Pod = { readonly pod: string; readonly aheadSeconds: number }

const PODS: readonly [Pod, ...Pod[]] = [
  { pod: 'catalog-7c9f5d-hq2xk', aheadSeconds: 0 },
  { pod: 'catalog-7c9f5d-w8r4z', aheadSeconds: 0 },
  // Its machine lost its time server.
  { pod: 'catalog-7c9f5d-n6t5m', aheadSeconds: 0.35 },
]

/** One in so many reads of a table finds it busy; of those, one in so many stays without an answer. */
const THROTTLED = 0.012
const STAYS_THROTTLED = 0.4

/** `catalog` reads products and prices from tables, and pictures from a bucket. */
export function catalog(scene: Scene, request: CatalogRequest): Answer {
  const { chance } = scene
  const inner: Span[] = []
  let at = request.start + chance.seconds(0.002)
  let status = request.isUnknown === true ? 404 : 200
  for (const read of request.reads) {
    const call = { ...READS[read], start: at }
    if (call.name === 'DynamoDB' && chance.happens(THROTTLED)) {
      const failed = throttledCall(scene, call)
      inner.push(failed)
      at = failed.end + 0.05
      if (chance.happens(STAYS_THROTTLED)) {
        status = 429
        break
      }
    }
    const span = callAws(scene, { ...call, start: at })
    inner.push(span)
    at = span.end + chance.seconds(0.001)
  }
  const end = at + chance.seconds(0.002)
  const { pod, aheadSeconds } = chance.pick(PODS)
  send(scene, segment(scene, request, { pod, inner, end, status }), { parentId: request.parentId, aheadSeconds })
  return { end, status }
}

const WISHES = 300
/** SDKs keep so many subsegments in a segment, and send the others ahead. */
const EMBEDDED = 30

/** A wish list, of which each item is asked for by itself. */
export function wishList(scene: Scene, request: CatalogRequest): Answer {
  const { chance } = scene
  const reads: Span[] = []
  let at = request.start + chance.seconds(0.002)
  for (let wish = 0; wish < WISHES; wish++) {
    const span = callAws(scene, { ...READS.product, start: at })
    reads.push(span)
    at = span.end + 0.0004
  }
  const end = at + chance.seconds(0.004)
  const inner = reads.slice(-EMBEDDED)
  const whole = segment(scene, request, { pod: PODS[0].pod, inner, end, status: 200 })
  for (const read of reads.slice(0, -EMBEDDED)) send(scene, read, { parentId: whole.id, isSubsegment: true })
  send(scene, whole, { parentId: request.parentId })
  return { end, status: 200 }
}

type Served = { readonly pod: string; readonly inner: readonly Span[]; readonly end: number; readonly status: number }

function segment(scene: Scene, request: CatalogRequest, { pod, inner, end, status }: Served): Span {
  return {
    id: newId(scene),
    name: 'catalog',
    start: request.start,
    end,
    fields: {
      origin: 'AWS::EKS::Container',
      service: { version: '2.14.0', runtime: 'OpenJDK', runtime_version: '21.0.4' },
      aws: { eks: { cluster_name: 'shop', pod }, xray: { sdk: 'X-Ray for Java', sdk_version: '2.18.1' } },
      annotations: request.annotations,
    },
    request: { method: request.method, url: `http://catalog.shop.internal${request.path}` },
    status,
    inner,
  }
}
