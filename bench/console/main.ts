import { writeFile } from 'node:fs/promises'
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { sendTraces } from '../../test/console/seed.ts'
import { bigTrace, deepTrace, wideTrace } from '../../test/console/seed-large.ts'
import { chromiumPath, startBrowser } from '../../test/fixtures/browser-page.ts'
import { runCli, startServer } from '../../test/fixtures/run-server.ts'
import { budgetTable, type Figure, median, verdictOf } from './budget.ts'
import { PAGE_BUDGETS } from './page-budgets.ts'
import {
  measureBigTrace,
  measureDeepTrace,
  measureFirstPaint,
  measureMap,
  type PageRun,
  type Stage,
} from './page-runs.ts'
import { measureSizes } from './sizes.ts'

// Measures the console against its budgets: `tsx bench/console/main.ts [--runs N] [--json FILE]`.
const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' }, json: { type: 'string' } } })
const runCount = Number(values.runs)
if (!Number.isInteger(runCount) || runCount < 1) throw new Error(`--runs wants a whole number above 0: ${values.runs}`)
const load = loadavg()[0] ?? 0
console.log(`Load before: ${load.toFixed(2)}. ${runCount} runs, of which medians count.`)

const figures = [...measureSizes(), ...(await measurePages(runCount))]
console.log(budgetTable(figures))
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(reportOf(figures), undefined, 2)}\n`)
process.exitCode = figures.some((figure) => verdictOf(figure) === 'FAILS') ? 1 : 0

/** Two servers: the traces of the one would make the map of the other another one. */
async function measurePages(runs: number): Promise<readonly Figure[]> {
  const executable = chromiumPath()
  if (executable === undefined) throw new Error('There is no Chromium to measure with: node scripts/chromium.mjs')
  const args = ['--ephemeral', '--trace-limit', '64MiB']
  await using traces = await startServer({ args })
  await using graphs = await startServer({ args })
  const big = bigTrace()
  const deep = deepTrace()
  const demo = await runCli(['demo', '--url', traces.url, '--seed', '7'], { withinMs: 120_000 })
  if (demo.code !== 0) throw new Error(`the demo failed: ${demo.stderr}`)
  await sendTraces(traces, big, deep)
  await sendTraces(graphs, wideTrace())
  const browser = await startBrowser(executable)
  const done: PageRun[] = []
  try {
    const stage: Stage = { browser, origin: traces.url, bigId: big.id, deepId: deep.id }
    // Once unmeasured: the server is warm then.
    for (let run = 0; run <= runs; run++) {
      const measured = {
        ...(await measureFirstPaint(stage)),
        ...(await measureBigTrace(stage)),
        ...(await measureDeepTrace(stage)),
        ...(await measureMap({ ...stage, origin: graphs.url })),
      }
      if (run > 0) done.push(measured)
    }
  } finally {
    await browser.close()
  }
  return Object.entries(PAGE_BUDGETS).map(([name, budget]) => ({
    ...budget,
    values: done.map((run) => run[name] ?? Infinity),
  }))
}

function reportOf(measured: readonly Figure[]): unknown {
  return {
    loadBefore: load,
    runs: runCount,
    figures: measured.map((figure) => ({ ...figure, median: median(figure.values), verdict: verdictOf(figure) })),
  }
}
