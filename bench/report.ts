import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ratioChart } from './report-chart.ts'
import { type Figure, type Results, TARGETS, type Target, verdict } from './targets.ts'

const RESULTS_DIRECTORY = 'bench/results'
const PAGE = 'docs/performance.md'
const CHART = 'docs/performance.svg'

/** Writes `bench/results/<date>.json` and returns its path. A later run of the same day replaces it. */
export function saveResults(results: Results): string {
  mkdirSync(RESULTS_DIRECTORY, { recursive: true })
  const path = join(RESULTS_DIRECTORY, `${results.date}${results.quick ? '-quick' : ''}.json`)
  writeFileSync(path, `${JSON.stringify(results, null, 2)}\n`)
  return path
}

/** Reads results; without a path the newest complete ones. Throws when there are none. */
export function loadResults(path: string | undefined): Results {
  const newest = (): string => {
    const names = readdirSync(RESULTS_DIRECTORY).filter((name) => /^\d{4}-\d\d-\d\d\.json$/.test(name))
    const last = names.sort().at(-1)
    if (last === undefined) throw new Error(`no results in ${RESULTS_DIRECTORY}: run "bench all" first`)
    return join(RESULTS_DIRECTORY, last)
  }
  return JSON.parse(readFileSync(path ?? newest(), 'utf8')) as Results // written by saveResults
}

/** Writes the page and the chart of the docs. */
export function writeDocs(results: Results): void {
  mkdirSync('docs', { recursive: true })
  writeFileSync(PAGE, performancePage(results))
  writeFileSync(CHART, ratioChart(results))
}

/** Returns the table of performance.md §1 as the terminal shows it. */
export function resultTable(results: Results): string {
  const rows = TARGETS.map((target) => {
    const { figure, standing } = row(results, target)
    return [target.id, bound(target, target.floor), bound(target, target.goal), figure, standing]
  })
  const lines = [['', 'floor', 'goal', 'figure', ''], ...rows]
  const widths = [0, 1, 2, 3].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function row(
  results: Results,
  target: Target,
): { readonly figure: string; readonly standing: string; readonly note: string } {
  const found = results.figures.find(({ id }) => id === target.id)
  if (found === undefined) {
    const reason = target.notYet ?? 'no valid run, see the problems'
    return { figure: 'not measured', standing: reason, note: reason }
  }
  const standing = {
    goal: 'goal reached',
    floor: 'above the floor',
    below: 'BELOW THE FLOOR',
  }[verdict(target, found.value)]
  return {
    figure: `${format(found.value)} ${target.unit}`,
    standing: found.comparable === false ? 'not comparable' : standing,
    note: noteOf(found),
  }
}

function noteOf({ runs, note }: Figure): string {
  const spread =
    runs.length < 2 ? '' : `median of ${runs.length} runs, ${format(Math.min(...runs))} to ${format(Math.max(...runs))}`
  return [note, spread].filter(Boolean).join('; ')
}

function bound(target: Target, value: number): string {
  return `${target.better === 'more' ? '≥' : '≤'} ${format(value)} ${target.unit}`
}

function format(value: number): string {
  if (value >= 1_000) return Math.round(value).toLocaleString('en')
  return String(Number(value.toPrecision(value >= 100 ? 3 : 2)))
}

/** The page for the docs: figures, conditions, and the commands that reproduce them. */
export function performancePage(results: Results): string {
  const { machine } = results
  const table = TARGETS.map((target) => {
    const { figure, standing, note } = row(results, target)
    const explained = standing === note ? note : [standing, note].filter(Boolean).join('; ')
    return `| ${target.id} | ${target.what} | ${bound(target, target.floor)} | ${bound(target, target.goal)} | **${figure}** | ${explained} |`
  })
  const problems =
    results.problems.length === 0
      ? []
      : [
          '',
          'Problems of this run; the runs they name are not in the figures:',
          '',
          ...results.problems.map((text) => `* ${text}`),
        ]
  return `${[
    '# Performance',
    '',
    '<!-- Written by "npm run bench -- report". Change bench/report.ts, not this page. -->',
    '',
    `Measured on ${results.date}${results.quick ? ' in one short run (`--quick`): an indication only' : ''}, on ${machine.cores} cores of`,
    `${machine.cpu}, ${machine.memoryGiB} GiB, ${machine.os}, Node ${machine.node}, with the load generator on the same machine.`,
    `Load average before the run: ${machine.loadBefore}${machine.loadBefore > 0.5 ? ' (others were using the machine: absolute rates are too low)' : ''}.`,
    'Default settings: a call is answered after `fdatasync`.',
    '',
    `Workload: ${results.workload}.`,
    '',
    '![Each figure as a share of its goal](performance.svg)',
    '',
    '| | what | floor | goal | figure | |',
    '|---|---|---|---|---|---|',
    ...table,
    ...problems,
    '',
    'After every run of P1, P2 and P3 what was acknowledged (over UDP: sent) is read back through BatchGetTraces: every',
    'trace when there are few, else a random sample of 2,000. A run with anything missing is not a figure.',
    '',
    '## Reproduce',
    '',
    '```sh',
    `npm run bench -- all${results.quick ? ' --quick' : ''}      # every figure of this page`,
    'npm run bench -- report   # this page, from bench/results/',
    '',
    '# one by one, against any server that speaks the API',
    'npm run bench -- generate --documents 100000 --seed 1 --out bench/data/default',
    'npm run bench -- parse    --out bench/data/default',
    'npm run bench -- ingest   --out bench/data/default --url http://127.0.0.1:2000 --seconds 10 --pid PID           # P1',
    'npm run bench -- ingest   --out bench/data/default --url http://127.0.0.1:2000 --seconds 10 --rate 25000        # P2',
    'npm run bench -- udp      --out bench/data/default --url http://127.0.0.1:2000 --seconds 5 --rate 15000         # P3',
    'npm run bench -- start    --runs 5                                                                              # P11',
    'npm run bench -- query    --out bench/data/default --url http://127.0.0.1:2000                                  # P5 to P8',
    '',
    '# with ten million documents, on a server of its own; half an hour',
    'npm run bench -- scale',
    '```',
    '',
    'What the workload is and how each figure is taken: [`bench/README.md`](../bench/README.md).',
  ].join('\n')}\n`
}
