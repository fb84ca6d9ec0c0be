import { pino, type Logger } from 'pino'

import type { Config } from './config.ts'

/**
 * The one log of the server: a JSON object per line on standard error, so that standard output stays for people.
 *
 * - `error`: something is lost or broken, and somebody should look.
 * - `warn`: it went on, but not as it should (throttled, retried, a torn spool file cut).
 * - `info`: what an operator wants to read of a healthy day: started, stopped, schema brought forward.
 * - `debug`: one line per call at most.
 */
export function openLog(level: Config['logLevel']): Logger {
  // Synchronous: the last line before a crash is the one that matters, and lines are few.
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 2, sync: true }),
  )
}

/** What the rest of the server may use of the log. */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>
