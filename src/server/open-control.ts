import { randomBytes, randomUUID } from 'node:crypto'
import { createControl } from '../control/control.ts'
import { createInsights, type Insights } from '../control/insights.ts'
import type { Groups } from '../control/groups.ts'
import { createGroups } from '../control/groups.ts'
import type { Sampling } from '../control/sampling.ts'
import { createSampling } from '../control/sampling.ts'
import { isTaggable } from '../control/is-taggable.ts'
import { createSettings, type Settings } from '../control/settings.ts'
import type { Tags } from '../control/tags.ts'
import { createTags } from '../control/tags.ts'
import { UNIQUE_ID_BYTES, uniqueId } from '../control/unique-id.ts'
import type { ControlLog } from '../store/control-log.ts'
import type { ClosingStack } from './closing-stack.ts'
import type { Log } from './log.ts'

/** How soon a server of a cluster sees what was changed at another one, while nothing is changed at itself. */
const POLL_MS = 2_000

/** What the control state needs from outside. */
export type ControlStateParts = {
  readonly controlLog: ControlLog
  /** Whether other processes may write to the log. */
  readonly isShared: boolean
  readonly log: Log
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** What tenants have set, by families. */
export type ControlState = {
  readonly groups: Groups
  readonly tags: Tags
  readonly settings: Settings
  readonly sampling: Sampling
  readonly insights: Insights
}

/** Reads what tenants have set, and follows it while the server runs (design §6). The store is open. */
export async function openControl(
  { controlLog, isShared, log, now }: ControlStateParts,
  opened: ClosingStack,
): Promise<ControlState> {
  const control = createControl({
    log: controlLog,
    writer: randomUUID(),
    now,
    ...(isShared ? { pollMs: POLL_MS } : {}),
    onError: (error) => log.warn({ err: error }, 'the control log could not be read; it is tried again'),
  })
  opened.defer(async () => control[Symbol.asyncDispose]())
  await control.load()
  return {
    groups: createGroups({
      control,
      newUniqueId: () => uniqueId(randomBytes(UNIQUE_ID_BYTES)),
    }),
    tags: createTags(control, isTaggable),
    sampling: createSampling(control, now),
    settings: createSettings(control, randomUUID),
    insights: createInsights(control),
  }
}
