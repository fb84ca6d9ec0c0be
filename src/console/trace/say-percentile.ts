import type { TracePercentile } from '../../wire/own/traces.ts'

/** Of fewer, a share says nothing. */
const LEAST_COMPARED = 20

/**
 * How long a trace took among those like it, and of how many and when those are; nothing when they are too few to say.
 * `text` is for the eye, `title` has the numbers.
 */
export function sayPercentile(told: TracePercentile): { readonly text: string; readonly title: string } | undefined {
  const { compared, shorter, service, request, from, to, complete } = told
  if (compared < LEAST_COMPARED || service === undefined) return undefined
  const count = compared.toLocaleString('en')
  const minutes = Math.max(1, Math.round((to - from) / 60))
  const time = complete ? 'the hour before' : `the ${minutes === 1 ? 'minute' : `${minutes} min`} before`
  const like = `like it in ${time}`
  const what = request === undefined ? `began at ${service}` : `began at ${service} with ${request}`
  return {
    text:
      shorter === compared
        ? `slower than all ${count} ${like}`
        : shorter === 0
          ? `slower than none of ${count} ${like}`
          : `slower than ${shareOf(shorter, compared)} % of ${count} ${like}`,
    title: `${shorter.toLocaleString('en')} of the ${count} traces that ${what} in ${time} took less time`,
  }
}

/** Rounded down, so that 100 is said of all alone; above 99 with a digit, where there are enough for one. */
function shareOf(shorter: number, compared: number): string {
  const percent = (100 * shorter) / compared
  if (percent >= 99 && compared >= 1_000) return (Math.floor(percent * 10) / 10).toFixed(1)
  return percent < 1 ? 'less than 1' : String(Math.floor(percent))
}
