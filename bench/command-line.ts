import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'

/** The options of every command, read and checked. */
export type Options = {
  readonly documents: number | undefined
  readonly seed: number
  readonly out: string
  readonly url: string | undefined
  readonly udp: string | undefined
  readonly protocol: 'xray' | 'udp'
  readonly connections: number
  readonly seconds: number | undefined
  readonly rate: number | undefined
  readonly pid: number | undefined
  readonly sample: number
  readonly runs: number | undefined
  readonly quick: boolean
  readonly data: string | undefined
  readonly server: string
  readonly date: string
  readonly results: string | undefined
  /** The targets to ask for, such as `P5`; empty for all. */
  readonly only: readonly string[]
}

/** A mistake of the caller: the message says it all, no stack is wanted. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Reads the arguments after the command. Throws {@link UsageError}. */
export function readOptions(args: readonly string[], nowMs: number): Options {
  const text = { type: 'string' } as const
  const { values } = parse(args, {
    documents: text,
    seed: text,
    out: text,
    url: text,
    udp: text,
    protocol: text,
    connections: text,
    seconds: text,
    rate: text,
    pid: text,
    sample: text,
    runs: text,
    quick: { type: 'boolean' },
    data: text,
    server: text,
    date: text,
    results: text,
    only: text,
  })
  const string = (name: string): string | undefined => {
    const value = values[name]
    return typeof value === 'string' ? value : undefined
  }
  const number = (name: string): number | undefined => {
    const value = string(name)
    if (value === undefined) return undefined
    const read = Number(value)
    if (!(read > 0)) throw new UsageError(`--${name} wants a number above 0, not "${value}"`)
    return read
  }
  const protocol = string('protocol') ?? 'xray'
  if (protocol !== 'xray' && protocol !== 'udp') throw new UsageError(`--protocol is xray or udp, not "${protocol}"`)
  return {
    documents: number('documents'),
    seed: number('seed') ?? 1,
    out: string('out') ?? 'bench/data/default',
    url: string('url'),
    udp: string('udp'),
    protocol,
    connections: number('connections') ?? 8,
    seconds: number('seconds'),
    rate: number('rate'),
    pid: number('pid'),
    sample: number('sample') ?? 2_000,
    runs: number('runs'),
    quick: values['quick'] === true,
    data: string('data'),
    server: string('server') ?? 'dist/cli/main.js',
    date: string('date') ?? new Date(nowMs).toISOString().slice(0, 10),
    results: string('results'),
    only: string('only')?.split(',') ?? [],
  }
}

function parse(
  args: readonly string[],
  options: Record<string, { readonly type: 'string' | 'boolean' }>,
): { readonly values: Record<string, unknown> } {
  try {
    return parseArgs({ args: [...args], options, strict: true })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

/** A salt that no earlier run against the same server is likely to have had: 16 bits, beside the second of the run. */
export function freshSalt(): number {
  return randomInt(0x10000)
}
