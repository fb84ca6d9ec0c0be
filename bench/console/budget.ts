/** Something that has a budget (console §4.13). Less is better of all of them. */
export type Budget = {
  readonly what: string
  readonly unit: 'kB' | 'ms' | '' | 'MB'
  readonly budget: number
  /** Above this the run fails; three times the budget where nothing is said. */
  readonly failAbove?: number
}

/** What was measured: one value, or one of each run. */
export type Figure = Budget & { readonly values: readonly number[] }

/** What a figure says of its budget. */
export type Verdict = 'holds' | 'over' | 'FAILS'

const FAIL_FACTOR = 3

/** The median; of an even number the greater of the two in the middle, and infinity of none. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Infinity
}

/** The value that so large a share of the values does not exceed; infinity when there are none. */
export function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(values.length * share) - 1)] ?? Infinity
}

/** Whether the median holds the budget, is over it, or so far over it that the run fails. */
export function verdictOf({ values, budget, failAbove = budget * FAIL_FACTOR }: Figure): Verdict {
  const value = median(values)
  return value <= budget ? 'holds' : value <= failAbove ? 'over' : 'FAILS'
}

/** The table that a terminal shows: figures, their range over the runs, budgets and verdicts. */
export function budgetTable(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const { what, unit, budget, values } = figure
    const say = (value: number) => `${round(value)}${unit === '' ? '' : ` ${unit}`}`
    const range = values.length < 2 ? '' : `${round(Math.min(...values))}–${round(Math.max(...values))}`
    return [what, say(median(values)), range, `≤ ${say(budget)}`, verdictOf(figure)]
  })
  const all = [['', 'median', 'runs', 'budget', ''], ...rows]
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd()
  return all.map(line).join('\n')
}

function round(value: number): string {
  if (value >= 100 || Number.isInteger(value)) return Math.round(value).toLocaleString('en')
  return value.toFixed(value < 1 ? 2 : 1)
}
