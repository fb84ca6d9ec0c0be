import { makePass, type Pass } from './patch.ts'

/** One pass over the messages, and which of them the server has taken. */
export type PassRecord = { readonly pass: Pass; readonly acknowledged: Uint8Array }

/** Everything one run has sent that the server has acknowledged: what verification must find again. */
export type Ledger = {
  readonly passes: PassRecord[]
  /** Begins the next pass. Its times end about now. */
  readonly begin: (nowMs: number) => PassRecord
}

/** Starts the record of a run. `runSalt` (16 bits) must be new for each run against one server. */
export function startLedger(messages: number, durationSeconds: number, runSalt: number): Ledger {
  const passes: PassRecord[] = []
  return {
    passes,
    begin: (nowMs) => {
      const originSeconds = Math.floor(nowMs / 1000 - durationSeconds) - 5
      const salt = ((runSalt & 0xffff) << 16) | (passes.length & 0xffff)
      const record = { pass: makePass(originSeconds, salt), acknowledged: new Uint8Array(messages) }
      passes.push(record)
      return record
    },
  }
}
