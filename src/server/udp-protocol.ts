/** What the thread that listens is told. */
export type ReceiverCommand =
  | { readonly kind: 'listen'; readonly host: string; readonly port: number }
  /** One batch has been dealt with; another may come. */
  | { readonly kind: 'done' }
  /** Stop receiving, and send what was received. */
  | { readonly kind: 'close' }

/** What the thread that listens says. */
export type ReceiverEvent =
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'failed'; readonly message: string; readonly code?: string }
  | {
      readonly kind: 'batch'
      /** The datagrams, one after the other. */
      readonly bytes: Uint8Array<ArrayBuffer>
      readonly lengths: readonly number[]
      /** How many were dropped since the last batch, for want of room. */
      readonly dropped: number
    }
  | { readonly kind: 'closed' }
