import type { Control } from './control.ts'
import type { SamplingRules } from './sampling-rules.ts'
import { createSamplingRules } from './sampling-rules.ts'
import type { Samplers } from './sampling-targets.ts'
import { createSamplers } from './sampling-targets.ts'

/** The sampling rules, and those who sample by them. */
export type Sampling = { readonly rules: SamplingRules; readonly samplers: Samplers }

/** Sampling over the control state. `now` is in milliseconds since the epoch. */
export function createSampling(control: Control, now: () => number): Sampling {
  const rules = createSamplingRules(control, now)
  return { rules, samplers: createSamplers(rules) }
}
