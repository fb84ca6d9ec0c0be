import type { OwnCompletion } from '../../wire/own/traces.ts'
import { ask } from './ask.ts'

/** What values are wanted of. */
export type CompleteQuestion = {
  readonly kind: 'service' | 'annotation-key' | 'annotation-value' | 'url' | 'user'
  readonly key?: string
  readonly prefix: string
  readonly from: string
  readonly to?: string
}

/** `GET api/complete`: values that traces have, those that most have first. */
export async function askCompletions(
  question: CompleteQuestion,
  signal: AbortSignal,
): Promise<OwnCompletion['values']> {
  const { values } = await ask<OwnCompletion>('api/complete', { ...question, limit: 50 }, { signal })
  return values
}
