import type { ServiceId } from '../summary.ts'
import type { OpenInsight } from './detector-state.ts'
import type { InsightEventKind } from './insight.ts'

type Told = Pick<OpenInsight, 'topServices' | 'rootCause' | 'peakShare' | 'expectedShare'>

/** What an insight is, in two sentences (spec/query §4.2). */
export function insightSummary({ topServices, rootCause, peakShare, expectedShare }: Told, isClosed: boolean): string {
  const rose = `Fault rate of ${nameOf(topServices[0] ?? rootCause)} rose to ${percent(peakShare)}`
  const end = isClosed ? ', and is back to normal' : ''
  return `${rose} (expected at most ${atMost(expectedShare)})${end}. Root cause: ${nameOf(rootCause)}.`
}

/** What an event says. Shares are of the first of the top services, now and at the event before. */
export function eventSummary(
  kind: InsightEventKind,
  insight: Pick<Told, 'topServices' | 'rootCause'>,
  now: { readonly share: number; readonly shareBefore: number; readonly expectedShare: number },
): string {
  const { rootCause } = insight
  const top = nameOf(insight.topServices[0] ?? rootCause)
  const shown = `${percent(now.share)} (expected at most ${atMost(now.expectedShare)})`
  const cause = `Root cause: ${nameOf(rootCause)}.`
  switch (kind) {
    case 'opened':
      return `Fault rate of ${top} rose to ${shown}. ${cause}`
    case 'share':
      return `Fault rate of ${top} ${now.share > now.shareBefore ? 'rose' : 'fell'} to ${shown}. ${cause}`
    case 'periodic':
      return `Fault rate of ${top} is ${shown}. ${cause}`
    case 'top-service':
      return `Most affected is now ${top}, with a fault rate of ${shown}. ${cause}`
    case 'root-cause':
      return `Root cause is now ${nameOf(rootCause)}. Fault rate of ${top} is ${shown}.`
    case 'closed':
      return `Fault rate of ${top} is back to normal. ${cause}`
    case 'joined':
      return `Now part of an earlier insight, which its services are connected with. ${cause}`
    default:
      return kind satisfies never
  }
}

const nameOf = ({ name, type }: ServiceId): string => (type === undefined ? name : `${name} (${type})`)
const percent = (share: number): string => `${Math.round(share * 100)}%`
/** Bounds are not rounded down; of few requests even all may be faults. */
const atMost = (share: number): string => `${Math.min(100, Math.ceil(share * 100))}%`
