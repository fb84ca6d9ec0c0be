import { type Random, zipf } from './random.ts'

/** One thing a service does: a route with its own latency. */
export type Operation = {
  readonly service: Service
  readonly method: string
  readonly route: string
  /** Median and sigma of the log-normal latency. */
  readonly medianSeconds: number
  readonly sigma: number
}

/** One of the simulated services. */
export type Service = { readonly name: string; readonly origin: string; readonly sdk: string }

/** The system whose traffic the workload imitates: performance.md §2. */
export type World = {
  readonly services: readonly Service[]
  readonly operations: readonly Operation[]
  /** Pairs of services that call each other, `from` → `to`. */
  readonly edges: readonly (readonly [from: Service, to: Service])[]
  /** An operation, popular ones more often (Zipf 1.1). */
  readonly drawOperation: () => Operation
  /** An operation of a service that this one calls; any operation where it calls nobody. */
  readonly drawDownstream: (from: Service) => Operation
}

const SERVICE_COUNT = 60
const OPERATION_COUNT = 400
const EDGE_COUNT = 120
const ZIPF_EXPONENT = 1.1

const AREAS = ['order', 'cart', 'user', 'price', 'stock', 'search', 'mail', 'invoice', 'media', 'auth', 'ship', 'audit']
const ROLES = ['api', 'worker', 'gateway', 'store', 'sync']
const NOUNS = ['items', 'orders', 'sessions', 'quotes', 'reports', 'labels', 'images', 'tokens', 'events', 'profiles']
const METHODS = ['GET', 'GET', 'GET', 'POST', 'POST', 'PUT', 'DELETE']
const ORIGINS = [
  'AWS::ECS::Container',
  'AWS::EC2::Instance',
  'AWS::EKS::Container',
  'AWS::ElasticBeanstalk::Environment',
]
const SDKS = ['X-Ray for Node.js', 'X-Ray for Python', 'X-Ray for Java', 'X-Ray for Go']

/** Builds the services, operations and edges from the seed. */
export function buildWorld(random: Random): World {
  const services: Service[] = []
  for (let i = 0; i < SERVICE_COUNT; i++) {
    const name = `${AREAS[i % AREAS.length] ?? ''}-${ROLES[Math.floor(i / AREAS.length)] ?? ''}`
    services.push({ name, origin: random.pick(ORIGINS), sdk: random.pick(SDKS) })
  }
  const operations: Operation[] = []
  for (let i = 0; i < OPERATION_COUNT; i++) {
    operations.push({
      service: services[i % SERVICE_COUNT] ?? random.pick(services),
      method: random.pick(METHODS),
      route: `/v${random.int(1, 3)}/${random.pick(NOUNS)}${i}`,
      medianSeconds: random.logNormal(0.04, 1),
      sigma: 0.3 + random.next() * 0.6,
    })
  }
  const edges = new Map<string, readonly [Service, Service]>()
  while (edges.size < EDGE_COUNT) {
    const from = random.int(0, SERVICE_COUNT - 2)
    const to = random.int(from + 1, SERVICE_COUNT - 1) // upwards only: no service calls itself in a circle
    const pair = [services[from], services[to]] as const
    if (pair[0] !== undefined && pair[1] !== undefined) edges.set(`${from}>${to}`, [pair[0], pair[1]])
  }
  return withDraws(random, services, operations, [...edges.values()])
}

function withDraws(
  random: Random,
  services: readonly Service[],
  operations: readonly Operation[],
  edges: World['edges'],
): World {
  const rank = zipf(random, operations.length, ZIPF_EXPONENT)
  const drawOperation = (): Operation => operations[rank()] ?? random.pick(operations)
  const operationsOf = groupByService(operations)
  const calledBy = new Map<Service, Service[]>()
  for (const [from, to] of edges) calledBy.set(from, [...(calledBy.get(from) ?? []), to])
  const drawDownstream = (from: Service): Operation => {
    const called = calledBy.get(from)
    if (called === undefined) return drawOperation()
    return random.pick(operationsOf.get(random.pick(called)) ?? operations)
  }
  return { services, operations, edges, drawOperation, drawDownstream }
}

function groupByService(operations: readonly Operation[]): Map<Service, Operation[]> {
  const groups = new Map<Service, Operation[]>()
  for (const operation of operations) {
    const group = groups.get(operation.service)
    if (group === undefined) groups.set(operation.service, [operation])
    else group.push(operation)
  }
  return groups
}
