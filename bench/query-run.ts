import type { BenchQuery } from './query-set.ts'
import { type Address, type Connection, openConnection, postText } from './connection.ts'
import { durationHistogram, type Percentiles, percentiles } from './histogram.ts'

/** What was measured of one question. Milliseconds. */
export type QueryFigures = {
  readonly name: string
  readonly target: string
  /** The very first one after the start of the server. */
  readonly coldMs: number
  readonly oneClient: Percentiles
  readonly fourClients: Percentiles
  /** One client, while documents come in. */
  readonly busy?: Percentiles
}

/** Each question is asked so often, or for so long, whichever is less. */
export type QueryLimits = { readonly times: number; readonly seconds: number }

const CLIENTS = 4

/** Asks one question, and throws when the answer does not hold what it must. Milliseconds. */
async function ask(connection: Connection, address: Address, query: BenchQuery): Promise<number> {
  const body = query.body(Math.floor(Date.now() / 1000))
  const beganMs = performance.now()
  // Not parsed: that is the client's time, and of a large graph longer than all else.
  const answer = await postText(connection, address, query.path, body).catch((error: unknown) => {
    throw new Error(`"${query.name}" has no answer`, { cause: error })
  })
  const tookMs = performance.now() - beganMs
  if (!query.mustHold.test(answer)) {
    throw new Error(`"${query.name}" was not answered as it must be: ${answer.slice(0, 300)}`)
  }
  return tookMs
}

async function closedLoop(
  address: Address,
  query: BenchQuery,
  clients: number,
  limits: QueryLimits,
): Promise<Percentiles> {
  const histogram = durationHistogram()
  const endMs = performance.now() + limits.seconds * 1000
  let left = limits.times
  const client = async (): Promise<void> => {
    const connection = await openConnection(address.host, address.port)
    // Once at least, however long it takes.
    do histogram.record(await ask(connection, address, query))
    while (--left > 0 && performance.now() < endMs)
    connection.close()
  }
  await Promise.all(Array.from({ length: clients }, client))
  return percentiles(histogram)
}

/**
 * Asks each question for the first time, then again and again, with one client and with four; in between, `warm` is
 * waited for.
 */
export async function runQueries(
  address: Address,
  queries: readonly BenchQuery[],
  limits: QueryLimits,
  warm?: () => Promise<void>,
): Promise<readonly QueryFigures[]> {
  const cold = new Map<string, number>()
  const connection = await openConnection(address.host, address.port)
  for (const query of queries) cold.set(query.name, await ask(connection, address, query))
  connection.close()
  await warm?.()
  const figures: QueryFigures[] = []
  for (const query of queries) {
    const { name, target } = query
    const oneClient = await closedLoop(address, query, 1, limits)
    const fourClients = await closedLoop(address, query, CLIENTS, limits)
    figures.push({ name, target, coldMs: cold.get(name) ?? 0, oneClient, fourClients })
    console.error(figureLine(figures.at(-1)))
  }
  return figures
}

/** Asks each question with one client, beside whatever else goes on. */
export async function runBusyQueries(
  address: Address,
  queries: readonly BenchQuery[],
  limits: QueryLimits,
  known: readonly QueryFigures[],
): Promise<readonly QueryFigures[]> {
  const figures: QueryFigures[] = []
  for (const query of queries) {
    const busy = await closedLoop(address, query, 1, limits)
    const of = known.find(({ name }) => name === query.name)
    if (of !== undefined) figures.push({ ...of, busy })
  }
  return figures
}

/** One line of the table. */
export function figureLine(figures: QueryFigures | undefined): string {
  if (figures === undefined) return ''
  const { name, target, coldMs, oneClient, fourClients, busy } = figures
  const ms = (value: number): string => value.toFixed(1).padStart(8)
  const of = ({ p50Ms, p90Ms, p99Ms }: Percentiles): string => ms(p50Ms) + ms(p90Ms) + ms(p99Ms)
  return [
    `${target}  ${name.padEnd(24)} cold${ms(coldMs)}`,
    `1 client p50/p90/p99${of(oneClient)}`,
    `4 clients${of(fourClients)}`,
    ...(busy === undefined ? [] : [`during ingest${of(busy)}`]),
  ].join('  ')
}
