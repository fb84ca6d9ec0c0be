import type { JsonObject } from '../model/json.ts'
import { catalog, wishList, type CatalogRead } from './catalog.ts'
import { checkout, type CheckoutRequest, type Placed } from './checkout.ts'
import { callService, causeOf, newId, send, type Answer, type Scene, type Span } from './span.ts'

/** What somebody does in the shop. */
export type Visit =
  | { readonly does: 'browse' | 'search' | 'look' | 'wish' | 'see cart' | 'fill cart' | 'order' }
  /** The company that issues cards takes so long. */
  | { readonly does: 'order slowly'; readonly cardSeconds: number }
  /** The document of `checkout` is lost on its way. */
  | { readonly does: 'order unseen' }

const TENANTS = ['acme', 'acme', 'acme', 'globex', 'globex', 'initech', 'umbrella'] as const
const USERS = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace', 'heidi', 'ivan', 'judy'] as const
const AGENTS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148',
  'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
] as const
const WORDS = ['lamp', 'garden-chair', 'teapot', 'bicycle', 'headphones'] as const

/** A request as `web` passes it on. */
type Route = { readonly method: string; readonly path: string; readonly query?: string; readonly to: Backend }
type Backend =
  | { readonly name: 'catalog'; readonly reads: readonly CatalogRead[]; readonly isWishList?: boolean }
  | ({ readonly name: 'checkout' } & Pick<CheckoutRequest, 'isOrder' | 'cardSeconds'>)

/** Somebody asks `web`, which draws pages of what the others say. Answers what was ordered. */
export function web(scene: Scene, visit: Visit, start: number): Placed | undefined {
  const { chance } = scene
  const user = chance.pick(USERS)
  const cartItems = Math.ceil(chance.seconds(2.5, 0.6))
  const route = routeOf(scene, visit)
  const annotations: JsonObject = {
    tenant: chance.pick(TENANTS),
    user_id: user,
    ...(route.to.name === 'checkout' ? { cart_value: Math.round(chance.seconds(48, 0.9) * 100) / 100 } : {}),
  }
  // What only happens on the other side of a lost document is told to nobody else.
  const seen = visit.does === 'order unseen' ? withoutDocumentsOf(scene, 'checkout') : scene
  let placed: Placed | undefined
  const call = { ...route, name: route.to.name, start: start + chance.seconds(0.004) }
  const called = callService(seen, call, (parentId, arrived) => {
    const { method, path, to } = route
    const request = { method, path, start: arrived, parentId, annotations }
    if (to.name === 'checkout') {
      const answer = checkout(seen, { ...request, ...to, cartItems })
      placed = answer.placed
      return answer
    }
    const isUnknown = visit.does === 'look' && chance.happens(0.03)
    return to.isWishList === true
      ? wishList(seen, { ...request, ...to })
      : catalog(seen, { ...request, ...to, isUnknown })
  })
  const drawn = drawPage(scene, called.answer)
  const end = (drawn?.end ?? called.answer.end) + chance.seconds(0.002)
  const { status } = called.answer
  send(seen, {
    id: newId(scene),
    name: 'web',
    start,
    end,
    fields: {
      origin: 'AWS::ECS::Container',
      user,
      service: { version: '2026.11.3', runtime: 'node', runtime_version: '20.18.0' },
      aws: {
        ecs: { container: chance.pick(['web-1', 'web-2', 'web-3']), task_family: 'web:88' },
        xray: { sdk: 'X-Ray for Node.js', sdk_version: '3.12.0', rule_name: 'Default' },
      },
      annotations,
    },
    request: {
      method: route.method,
      url: `https://shop.example${route.path}${route.query ?? ''}`,
      user_agent: chance.pick(AGENTS),
      client_ip: `203.0.113.${Math.floor(chance.between(1, 255))}`,
      x_forwarded_for: true,
    },
    status,
    ...(status >= 500
      ? {
          outcome: causeOf(scene, 'BackendError', `${route.to.name} answered ${status}`, [
            '/app/server/proxy.js:64 pass',
          ]),
        }
      : {}),
    inner: drawn === undefined ? [called.span] : [called.span, drawn],
  })
  return placed
}

function routeOf({ chance }: Scene, visit: Visit): Route {
  const product = `SKU-${1000 + Math.floor(chance.between(0, 60))}`
  switch (visit.does) {
    case 'browse':
      return { method: 'GET', path: '/', to: { name: 'catalog', reads: ['query', 'image'] } }
    case 'search':
      return {
        method: 'GET',
        path: '/search',
        query: `?q=${chance.pick(WORDS)}`,
        to: { name: 'catalog', reads: ['query'] },
      }
    case 'look': {
      const reads: readonly CatalogRead[] = chance.happens(0.3) ? ['product', 'price', 'image'] : ['product', 'price']
      return { method: 'GET', path: `/products/${product}`, to: { name: 'catalog', reads } }
    }
    case 'wish':
      return { method: 'GET', path: '/wishlist', to: { name: 'catalog', reads: [], isWishList: true } }
    case 'see cart':
      return { method: 'GET', path: '/cart', to: { name: 'checkout', isOrder: false } }
    case 'fill cart':
      return { method: 'POST', path: '/cart', to: { name: 'checkout', isOrder: false } }
    case 'order slowly':
      return {
        method: 'POST',
        path: '/orders',
        to: { name: 'checkout', isOrder: true, cardSeconds: visit.cardSeconds },
      }
    case 'order':
    case 'order unseen':
      return { method: 'POST', path: '/orders', to: { name: 'checkout', isOrder: true } }
    default:
      return visit satisfies never
  }
}

/** Work of its own, which is no call. */
function drawPage(scene: Scene, { end, status }: Answer): Span | undefined {
  if (status >= 400) return undefined
  const start = end + scene.chance.seconds(0.001)
  return {
    id: newId(scene),
    name: 'render page',
    start,
    end: start + scene.chance.seconds(0.011, 0.6),
    fields: { namespace: 'local' },
  }
}

/** The same scene, of which the documents of one service never arrive. */
function withoutDocumentsOf(scene: Scene, name: string): Scene {
  const { documents } = scene
  return { ...scene, documents: { push: (document) => document['name'] !== name && documents.push(document) } }
}
