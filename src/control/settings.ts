import type { Control } from './control.ts'
import { createEncryptionConfigs, type EncryptionConfigs } from './encryption.ts'
import { createIndexingRules, type IndexingRules } from './indexing-rule.ts'
import { createResourcePolicies, type ResourcePolicies } from './resource-policies.ts'
import { createRetrievals, type Retrievals } from './retrievals.ts'
import { createTraceDestinations, type TraceDestinations } from './trace-destination.ts'

/** What a tenant has one of, or a few: all of the control state beside groups, tags and sampling rules. */
export type Settings = {
  readonly encryption: EncryptionConfigs
  readonly policies: ResourcePolicies
  readonly destinations: TraceDestinations
  readonly indexing: IndexingRules
  readonly retrievals: Retrievals
}

/** Settings over the control state. `newToken` never gives the same text twice, and none that can be guessed. */
export function createSettings(control: Control, newToken: () => string): Settings {
  return {
    encryption: createEncryptionConfigs(control),
    policies: createResourcePolicies(control),
    destinations: createTraceDestinations(control),
    indexing: createIndexingRules(control),
    retrievals: createRetrievals(control, newToken),
  }
}
