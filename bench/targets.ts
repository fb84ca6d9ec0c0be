/** One row of performance.md §1. */
export type Target = {
  readonly id: string
  readonly what: string
  readonly floor: number
  readonly goal: number
  readonly unit: string
  readonly better: 'more' | 'less'
  /** Why `bench all` does not measure it yet. */
  readonly notYet?: string
}

const QUERIES = 'needs a large store: npm run bench -- scale'

/** The rows of performance.md §1; a row with two conditions is two. The report lists exactly these. */
export const TARGETS: readonly Target[] = [
  {
    id: 'P1 rate',
    what: 'PutTraceSegments, 50 documents a call, 8 connections',
    floor: 25_000,
    goal: 50_000,
    unit: 'documents/s',
    better: 'more',
  },
  {
    id: 'P1 cost',
    what: 'CPU of the whole process ÷ CPU of parsing both JSON layers, same run',
    floor: 6,
    goal: 3.7,
    unit: '×',
    better: 'less',
  },
  { id: 'P2', what: 'answer time at half of the maximum rate, p99', floor: 50, goal: 15, unit: 'ms', better: 'less' },
  {
    id: 'P3',
    what: 'UDP datagrams from a single sender, without loss',
    floor: 15_000,
    goal: 40_000,
    unit: 'documents/s',
    better: 'more',
  },
  {
    id: 'P4',
    what: 'from answer to findable in GetTraceSummaries, under load, p99',
    floor: 1_000,
    goal: 250,
    unit: 'ms',
    better: 'less',
  },
  {
    id: 'P4 idle',
    what: 'the same when idle, p99 ("at once" taken as one query)',
    floor: 250,
    goal: 50,
    unit: 'ms',
    better: 'less',
  },
  {
    id: 'P5 p50',
    what: 'trace by id, 10 M documents, warm, p50',
    floor: 10,
    goal: 4,
    unit: 'ms',
    better: 'less',
    notYet: QUERIES,
  },
  {
    id: 'P5 p99',
    what: 'trace by id, 10 M documents, warm, p99',
    floor: 40,
    goal: 10,
    unit: 'ms',
    better: 'less',
    notYet: QUERIES,
  },
  {
    id: 'P6',
    what: 'GetTraceSummaries, first page, newest hour of 10 M documents',
    floor: 100,
    goal: 20,
    unit: 'ms',
    better: 'less',
    notYet: QUERIES,
  },
  {
    id: 'P7',
    what: 'GetServiceGraph over 1 h and 6 h, 10 M documents',
    floor: 50,
    goal: 6,
    unit: 'ms',
    better: 'less',
    notYet: QUERIES,
  },
  {
    id: 'P8',
    what: 'the same with a group or filter',
    floor: 1_000,
    goal: 150,
    unit: 'ms',
    better: 'less',
    notYet: QUERIES,
  },
  { id: 'P9', what: 'raw bytes ÷ bytes on disk, after merges', floor: 6, goal: 9, unit: '×', better: 'more' },
  {
    id: 'P10',
    what: 'resident memory at 20,000 documents/s, highest',
    floor: 900,
    goal: 450,
    unit: 'MB',
    better: 'less',
  },
  { id: 'P11 empty', what: 'start to first answer, empty directory', floor: 2, goal: 0.7, unit: 's', better: 'less' },
  {
    id: 'P11 full',
    what: 'start to first answer, 10 M documents stored',
    floor: 4,
    goal: 1.5,
    unit: 's',
    better: 'less',
  },
  {
    id: 'P12',
    what: 'growth of P5–P7 from 1 M to 10 M documents',
    floor: 3,
    goal: 1.3,
    unit: '×',
    better: 'less',
    notYet: QUERIES,
  },
  {
    id: 'P13',
    what: 'OTLP/HTTP protobuf, 512 spans a request',
    floor: 40_000,
    goal: 100_000,
    unit: 'spans/s per core',
    better: 'more',
    notYet: 'OTLP is not there yet',
  },
]

/** One measured figure. */
export type Figure = {
  readonly id: string
  /** The median of `runs`. */
  readonly value: number
  readonly runs: readonly number[]
  /** What the reader must know about this very measurement. */
  readonly note?: string
  /** False when the conditions of the target were not met, so that it stands neither above nor below. */
  readonly comparable?: false
}

/** The outcome of one `bench all`; what `bench/results/<date>.json` holds. */
export type Results = {
  readonly date: string
  readonly quick: boolean
  readonly machine: {
    readonly cpu: string
    readonly cores: number
    readonly memoryGiB: number
    readonly node: string
    readonly os: string
    /** Processes that wanted a core in the minute before: above 0.5 the absolute figures are not worth much. */
    readonly loadBefore: number
  }
  readonly workload: string
  readonly figures: readonly Figure[]
  /** What went wrong: a figure that is missing here and above was not reached. */
  readonly problems: readonly string[]
  readonly details: Readonly<Record<string, unknown>>
}

/** How a figure stands against its target. */
export function verdict(target: Target, value: number): 'goal' | 'floor' | 'below' {
  const reaches = (bound: number): boolean => (target.better === 'more' ? value >= bound : value <= bound)
  if (reaches(target.goal)) return 'goal'
  return reaches(target.floor) ? 'floor' : 'below'
}

/** How far towards the goal a figure is: 1 reaches it, 2 is twice as good. */
export function ratioToGoal(target: Target, value: number): number {
  return target.better === 'more' ? value / target.goal : target.goal / value
}
