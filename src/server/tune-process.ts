import { availableParallelism } from 'node:os'
import { setFlagsFromString } from 'node:v8'

/** With so many cores or fewer, none of them has time to spare under load. */
const FEW_CORES = 4

/**
 * Sets what the process needs to know of its machine. Several threads collect garbage faster than one, but take more of
 * the cores' time for it together; with few cores that time is missing elsewhere.
 */
export function tuneProcess(): void {
  if (availableParallelism() <= FEW_CORES) setFlagsFromString('--no-parallel-scavenge')
}
