import type { Ingest } from './ingest.ts'

/** What came in since the start. */
export type Intake = {
  /** Documents that were taken. */
  readonly accepted: number
  /** Documents that were turned away, each for what is wrong with it. */
  readonly rejected: number
  /** When the last one was taken, epoch seconds. */
  readonly lastSeconds?: number
}

/** Counts what an ingest takes, by the call: calls that were turned away as a whole are not counted. */
export function countIntake(
  ingest: Ingest,
  now: () => number,
): { readonly ingest: Ingest; readonly intake: () => Intake } {
  let intake: Intake = { accepted: 0, rejected: 0 }
  return {
    intake: () => intake,
    ingest: {
      async accept(tenant, texts, source) {
        const outcome = await ingest.accept(tenant, texts, source)
        const rejections = outcome.rejections.length
        // One text may hold several documents, and so be turned away more than once.
        const taken = Math.max(0, texts.length - rejections)
        intake = {
          ...intake,
          accepted: intake.accepted + taken,
          rejected: intake.rejected + rejections,
          ...(taken === 0 ? {} : { lastSeconds: now() / 1000 }),
        }
        return outcome
      },
    },
  }
}
