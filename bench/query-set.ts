import type { Corpus } from './corpus.ts'

/** One question of the query set of performance.md §3. */
export type BenchQuery = {
  readonly name: string
  /** The target that it belongs to, `P5` to `P8`. */
  readonly target: string
  readonly path: string
  /** The body, at this many epoch seconds. */
  readonly body: (nowSeconds: number) => object
  /** What the answer must hold to count; a question that finds nothing when it should is no figure. */
  readonly mustHold: RegExp
}

/** What questions ask for, as the workload has it: so that every one of them has matches, but for the last. */
type Asked = { readonly service: string; readonly annotation: string; readonly urlPart: string }

const HOUR = 3_600
const LOOKED_AT = 200

/** P5 to P8, for a store that was filled with this workload. `nextId` gives ids of traces that it holds. */
export function querySet(corpus: Corpus, nextId: () => string): readonly BenchQuery[] {
  const { service, annotation, urlPart } = askedOf(corpus)
  const list = (name: string, FilterExpression: string | undefined, mustHold: RegExp): BenchQuery => ({
    name,
    target: 'P6',
    path: '/TraceSummaries',
    body: (now) => ({ StartTime: now - HOUR, EndTime: now + 60, ...(FilterExpression ? { FilterExpression } : {}) }),
    mustHold,
  })
  const graph = (target: string, hours: number, more: object, name: string): BenchQuery => ({
    name,
    target,
    path: '/ServiceGraph',
    body: (now) => ({ StartTime: now - hours * HOUR, EndTime: now, ...more }),
    mustHold: /"TotalCount":[1-9]/,
  })
  const found = /"TraceSummaries":\[\{/
  return [
    {
      name: 'trace by id',
      target: 'P5',
      path: '/Traces',
      body: () => ({ TraceIds: [nextId()] }),
      mustHold: /"Traces":\[\{/,
    },
    list('no filter', undefined, found),
    list('service(x) { fault }', `service("${service}") { fault }`, found),
    list('one annotation value', annotation, found),
    list('http.url CONTAINS', `http.url CONTAINS "${urlPart}"`, found),
    list('nothing matches', 'annotation.tenant = "nobody at all"', /"TraceSummaries":\[\]/),
    list('no URL contains it', 'http.url CONTAINS "/nowhere/at/all"', /"TraceSummaries":\[\]/),
    graph('P7', 1, {}, 'graph of 1 h'),
    graph('P7', 6, {}, 'graph of 6 h'),
    graph('P8', 1, { GroupName: BENCH_GROUP }, 'graph of 1 h, group'),
  ]
}

/** Those of these targets; all, when none is named. */
export function onlyOf(queries: readonly BenchQuery[], targets: readonly string[]): readonly BenchQuery[] {
  return targets.length === 0 ? queries : queries.filter(({ target }) => targets.includes(target))
}

/** The group that `P8` asks for, to be created before. */
export const BENCH_GROUP = 'radiograph-bench'

/** What the group of `P8` holds: one tenant's traces. */
export function groupExpression(corpus: Corpus): string {
  return askedOf(corpus).annotation
}

/** Of the first calls of the workload: the service with most faults, a tenant, and the path of a request. */
function askedOf(corpus: Corpus): Asked {
  const faults = new Map<string, number>()
  let annotation: string | undefined
  let urlPart: string | undefined
  for (const { bytes } of corpus.messages.slice(0, LOOKED_AT)) {
    const body = JSON.parse(bytes.toString('utf8')) as { TraceSegmentDocuments: string[] } // written by us
    for (const text of body.TraceSegmentDocuments) {
      const tenant = /"tenant":"(tenant-\d+)"/.exec(text)?.[1]
      const path = /"url":"https?:\/\/[^/"]+(\/v\d\/[a-z]+\d+)/.exec(text)?.[1]
      const name = /"name":"([a-z]+-[a-z]+)"/.exec(text)?.[1]
      if (tenant !== undefined) annotation ??= `annotation.tenant = "${tenant}"`
      urlPart ??= path
      if (name !== undefined && /"fault":true/.test(text)) faults.set(name, (faults.get(name) ?? 0) + 1)
    }
  }
  const [service] = [...faults].toSorted(([, a], [, b]) => b - a).map(([name]) => name)
  if (service === undefined || annotation === undefined || urlPart === undefined) {
    throw new Error('the workload has nothing to ask for')
  }
  return { service, annotation, urlPart }
}
