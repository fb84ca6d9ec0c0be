import type { RunningServer } from '../server/main.ts'

/** Where signals come from and how a process ends at once; `process` in earnest. */
export type SignalSource = {
  on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown
  exit(code: number): void
}

const STOP_DEADLINE_MS = 10_000
const EXIT_INTERRUPTED = 130

/**
 * Starts a server, waits for a signal, stops it, and answers the exit code: 0 after an orderly stop, 1 when that failed.
 * A signal that comes before the server is ready stops it as soon as it is. Rejects as `start` does.
 *
 * A stop that takes longer than the deadline (exit code 1) and a second signal (130) end the process at once. What was
 * acknowledged is in the spool by then, so nothing is lost.
 */
export async function runUntilStopped(
  start: () => Promise<Pick<RunningServer, 'stop'>>,
  signals: SignalSource,
  complain: (message: string) => void,
  deadlineMs: number = STOP_DEADLINE_MS,
): Promise<number> {
  const signal = firstSignal(signals)
  const server = await start()
  await signal
  const deadline = setTimeout(() => {
    complain(`could not stop within ${deadlineMs / 1000} s and was ended; what was acknowledged is safe on disk`)
    signals.exit(1)
  }, deadlineMs)
  try {
    await server.stop()
    return 0
  } catch (error) {
    complain(`could not stop in order: ${error instanceof Error ? error.message : String(error)}`)
    return 1
  } finally {
    clearTimeout(deadline)
  }
}

/** Resolves at the first signal; the second ends the process. */
async function firstSignal(signals: SignalSource): Promise<void> {
  return new Promise((resolve) => {
    let seen = false
    const onSignal = (): void => {
      if (seen) signals.exit(EXIT_INTERRUPTED)
      seen = true
      resolve()
    }
    signals.on('SIGINT', onSignal)
    signals.on('SIGTERM', onSignal)
  })
}
