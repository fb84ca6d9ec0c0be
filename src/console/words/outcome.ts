/** How a request went. The worst first, which is how the console orders and names them. */
export const OUTCOMES = ['fault', 'error', 'throttle', 'ok'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** Status is always colour, shape and word (console §4.0): the shape and the word. */
export const OUTCOME_MARKS: Readonly<Record<Outcome, { readonly mark: string; readonly word: string }>> = {
  fault: { mark: '◆', word: 'Fault' },
  error: { mark: '▲', word: 'Error' },
  throttle: { mark: '■', word: 'Throttle' },
  ok: { mark: '●', word: 'OK' },
}

/** The worst of several. A throttled call is an error, too, and says more as a throttle. */
export function outcomeOf(flags: {
  readonly fault?: boolean
  readonly error?: boolean
  readonly throttle?: boolean
}): Outcome {
  if (flags.fault === true) return 'fault'
  if (flags.throttle === true) return 'throttle'
  return flags.error === true ? 'error' : 'ok'
}
