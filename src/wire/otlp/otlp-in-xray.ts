import { createHash } from 'node:crypto'

/** How the CloudWatch agent and ADOT mark OTLP spans inside the X-Ray transports: sampled ones and others. */
const PREFIXES = ['T1S', 'T1U'] as const

/**
 * A text of `PutTraceSegments` or of a datagram that is no segment document but OTLP spans in base64 (spec/interop
 * §1.0): 16 hex digits that stand for it, the same for the same text; undefined for everything else. What it holds is
 * not looked into.
 */
export function otlpKey(text: string): string | undefined {
  if (!PREFIXES.some((prefix) => text.startsWith(prefix))) return undefined
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
