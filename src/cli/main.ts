#!/usr/bin/env node
import { once } from 'node:events'
import { readFileSync } from 'node:fs'

import { Command, Option as CommandOption } from 'commander'

import { resolveConfig, type Flags } from '../server/config.ts'
import { serve } from '../server/main.ts'
import { reindex } from '../server/reindex.ts'
import { CONFIG_FILE, OPTION_KEYS, optionNames, OPTIONS, type Option } from '../server/options.ts'
import { StartError } from '../server/start-error.ts'
import { tuneProcess } from '../server/tune-process.ts'
import { demo, type DemoFlags } from './demo.ts'
import { insights, type InsightsFlags } from './insights.ts'
import { rejected, type RejectedFlags } from './rejected.ts'
import { runUntilStopped } from './run-until-stopped.ts'
import { traces, type TracesFlags } from './traces.ts'

const command = program()
if (process.argv.length <= 2) command.help()
await command.parseAsync()

function program(): Command {
  const root = new Command('radiograph')
    .description('A self-hosted tracing backend that speaks the AWS X-Ray API.')
    .version(packageVersion())
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'radiograph: ')) })
  const serveCommand = root
    .command('serve')
    .description('Serve the X-Ray API on TCP and the daemon protocol on UDP, until stopped.')
    .addHelpText(
      'after',
      '\nEvery option is a variable, too (--udp-port is RADIOGRAPH_UDP_PORT), and a key of --config.',
    )
    .action(async (flags: Flags) => runServe(flags))
  for (const key of OPTION_KEYS) serveCommand.addOption(commandOption(key))
  serveCommand.addOption(new CommandOption(`${CONFIG_FILE.flag} <${CONFIG_FILE.takes}>`, CONFIG_FILE.doc))
  root
    .command('reindex')
    .description('Make the list of traces anew from the stored documents, while no server uses them.')
    .option('--data <DIR>', 'the data directory of the server (default: the same as for serve)')
    .option('--store <URL>', 'the ClickHouse server that keeps the traces, if one does')
    .action(async (flags: Flags) => runReindex(flags))
  root
    .command('rejected')
    .description('Show documents that were turned away, the newest first: why, whose, and how they begin.')
    .option('--data <DIR>', 'read the log in this data directory, whether or not a server uses it')
    .option('--url <URL>', 'ask the server at this address (default: the one at the usual address, if it answers)')
    .option('--limit <N>', 'how many to show', '20')
    .option('--json', 'one JSON object a line, with all that was kept')
    .action(async (flags: RejectedFlags) => runRejected(flags))
  root
    .command('traces')
    .argument('[FILTER]', 'a filter expression, such as \'service("api") { fault }\'', '')
    .description('Show traces of a running server, the newest first, as they are found.')
    .option('--from <TIME>', 'epoch seconds, an ISO 8601 date, or an age such as 15m, 2h or 7d (default: 15m)')
    .option('--to <TIME>', 'the same (default: now)')
    .option('--range <KIND>', 'what lies in that time: trace-time, event or service (default: trace-time)')
    .option('--sort <ORDER>', 'start, duration or segments; the others wait for all (default: start)')
    .option('--extended', 'read the filter in the extended dialect')
    .option('--limit <N>', 'how many to show', '100')
    .option('--json', 'one JSON object a line, as the server writes it')
    .option('--url <URL>', 'ask the server at this address (default: the usual one)')
    .action(async (filter: string, flags: TracesFlags) => runTraces(filter, flags))
  root
    .command('insights')
    .description('Show insights of a running server, the newest first, or what a detector would have found.')
    .option('--backtest <TIME>', 'let a new detector look at the time since then, such as 7d; needs --group')
    .option('--group <NAME>', 'of this group (default: of all)')
    .option('--active', 'only those that are not over')
    .option('--limit <N>', 'how many to show', '100')
    .option('--json', 'one JSON object a line, as the server writes it')
    .option('--url <URL>', 'ask the server at this address (default: the usual one)')
    .action(async (flags: InsightsFlags) => runInsights(flags))
  root
    .command('demo')
    .description('Send the traces of a small web shop to a running server, to have something to look at.')
    .option('--url <URL>', 'send to the server at this address (default: the usual one)')
    .option('--minutes <N>', 'of how many minutes, up to now', '30')
    .option('--traces <N>', 'how many requests there were (default: 20 a minute)')
    .option('--seed <N>', 'a number: the same one tells the same story (default: another each time)')
    .action(async (flags: DemoFlags) => runDemo(flags))
  return root
}

/**
 * Runs a command that prints and ends. It ends at once when nobody reads what it prints, as `head` does after a while. What
 * the operator can mend is said in a line.
 */
async function runOnce(command: () => Promise<void>): Promise<void> {
  process.stdout.on('error', () => process.exit())
  try {
    await command()
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    complain(error.message)
    process.exitCode = 1
  }
}

function runTraces(filter: string, flags: TracesFlags): Promise<void> {
  return runOnce(() =>
    traces(filter, flags, process.env, async (line) => {
      if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain')
    }),
  )
}

/** Progress is for people who watch: each one is written over the one before. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\u001b[2K\r${text}`)
}

function runInsights(flags: InsightsFlags): Promise<void> {
  return runOnce(() => insights(flags, { environment: process.env, print, progress }))
}

function runDemo(flags: DemoFlags): Promise<void> {
  return runOnce(async () => {
    try {
      const lines = await demo(flags, { environment: process.env, now: Date.now, progress })
      progress('')
      for (const line of lines) print(line)
    } finally {
      progress('')
    }
  })
}

function runRejected(flags: RejectedFlags): Promise<void> {
  return runOnce(() => rejected(flags, process.env, print))
}

function commandOption(key: (typeof OPTION_KEYS)[number]): CommandOption {
  const option: Option<unknown> = OPTIONS[key]
  const { flag } = optionNames(key)
  const help = option.takes === undefined ? option.doc : `${option.doc} (default: ${option.fallback})`
  return new CommandOption(option.takes === undefined ? flag : `${flag} <${option.takes}>`, help)
}

/** Ends with 0 when every trace has its row. */
async function runReindex(flags: Flags): Promise<void> {
  await runOnce(async () => {
    const config = resolveConfig({ ...flags, auth: 'off' }, process.env, (path) => readFileSync(path, 'utf8'))
    const count = await reindex(config, { progress: complain, now: Date.now })
    print(`${count} traces were reindexed.`)
  })
  process.exit()
}

/** Serves until a signal or a failure; ends the process with the code that says which. */
async function runServe(flags: Flags): Promise<void> {
  tuneProcess()
  // A server goes on when nobody reads its first lines any more.
  process.stdout.on('error', () => undefined)
  try {
    const config = resolveConfig(flags, process.env, (path) => readFileSync(path, 'utf8'))
    const start = async () => serve(config, { print, version: packageVersion() })
    process.exitCode = await runUntilStopped(start, process, complain)
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    complain(error.message)
    process.exitCode = 1
  }
  // Engines may leave threads and timers behind; what must be safe is safe by now.
  process.exit()
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

function complain(message: string): void {
  process.stderr.write(`radiograph: ${message}\n`)
}

/** The version of the package this file was installed with, two folders up both in src and in dist. */
function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) return String(manifest.version)
  throw new Error('package.json has no version')
}
