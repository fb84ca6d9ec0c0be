import type { IncomingMessage } from 'node:http'

/** A whole body, or why there is none. */
export type CollectedBody =
  | { readonly kind: 'body'; readonly bytes: Uint8Array }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'no-room' }
  /** The client went away, or broke off. */
  | { readonly kind: 'aborted' }

/** Counts the bytes of all bodies that are held at a time. */
export type BodyBudget = {
  /** Whether there was room for so many bytes more. */
  readonly take: (bytes: number) => boolean
  readonly give: (bytes: number) => void
}

/** A budget of so many bytes. */
export function bodyBudget(limitBytes: number): BodyBudget {
  let heldBytes = 0
  return {
    take(bytes) {
      if (heldBytes + bytes > limitBytes) return false
      heldBytes += bytes
      return true
    },
    give(bytes) {
      heldBytes -= bytes
    },
  }
}

/**
 * Reads the body of a request. What it took from the budget, `release` gives back, and has to be called once the answer
 * is done. After `too-large` and `no-room` the rest of the body is still to be drained.
 */
export function collectBody(
  request: IncomingMessage,
  limitBytes: number,
  budget: BodyBudget,
): { readonly body: Promise<CollectedBody>; readonly release: () => void } {
  let chunks: Buffer[] = []
  // Bytes are counted when they arrive: to announce a large body must not take room from others.
  let takenBytes = 0
  const release = () => {
    chunks = []
    budget.give(takenBytes)
    takenBytes = 0
  }
  const body = new Promise<CollectedBody>((resolve) => {
    const settle = (result: CollectedBody) => {
      request.off('data', onData).off('end', onEnd).off('close', onAbort)
      resolve(result)
    }
    const onData = (chunk: Buffer) => {
      if (takenBytes + chunk.length > limitBytes) return settle({ kind: 'too-large' })
      if (!budget.take(chunk.length)) return settle({ kind: 'no-room' })
      takenBytes += chunk.length
      chunks.push(chunk)
    }
    const onEnd = () => {
      const [only] = chunks
      const bytes = chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks, takenBytes)
      settle({ kind: 'body', bytes })
    }
    const onAbort = () => settle({ kind: 'aborted' })
    request.on('data', onData).on('end', onEnd).on('close', onAbort)
    // A connection that breaks off is an error of the request; `close` follows it.
    request.on('error', () => undefined)
  })
  return { body, release }
}
