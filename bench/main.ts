import { readOptions, UsageError } from './command-line.ts'
import { all, generate, ingest, parse, query, report, scale, start } from './commands.ts'

const USAGE = `usage: npm run bench -- <command> [options]   (bench/README.md explains each)

  generate   write the workload     --documents N --seed S --out DIR
  parse      CPU of parsing alone   --out DIR --seconds N
  ingest     replay it              --url URL [--protocol xray|udp] [--udp HOST:PORT] [--connections 8]
                                    [--seconds N] [--documents N] [--rate R] [--pid PID] [--sample N]
  udp        the same as ingest --protocol udp
  start      start to first answer  [--runs 5] [--data DIR] [--server dist/cli/main.js]
  all        every figure           [--quick] [--runs N] [--seconds N] [--only P1,P10] [--date YYYY-MM-DD]
  query      questions, closed loop --url URL --out DIR [--seconds N] [--only P5,P6]
  scale      with a large store     [--documents 10000000] [--only P5,P6] [--results FILE]
  report     table, page and chart  [--results FILE]
`

async function main(args: readonly string[]): Promise<boolean> {
  const [command, ...rest] = args
  const options = readOptions(rest, Date.now())
  if (command === 'generate') generate(options)
  else if (command === 'parse') parse(options)
  else if (command === 'ingest') return ingest(options)
  else if (command === 'udp') return ingest({ ...options, protocol: 'udp' })
  else if (command === 'start') await start(options)
  else if (command === 'all') return all(options)
  else if (command === 'query') await query(options)
  else if (command === 'scale') await scale(options)
  else if (command === 'report') report(options)
  else throw new UsageError(command === undefined ? 'which command?' : `no such command: ${command}`)
  return true
}

try {
  process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1
} catch (error) {
  if (error instanceof UsageError) console.error(`${error.message}\n\n${USAGE}`)
  else console.error(error)
  // A server that it started would keep this process, and itself, alive; it is stopped on exit.
  process.exit(1)
}
