/** Posts texts to one address, in order, without anybody waiting for it. */
export type Webhook = AsyncDisposable & {
  /** Takes a JSON text to be posted. When too many wait, it is dropped, and counted as failed. */
  send(text: string): void
  readonly counts: { readonly delivered: number; readonly failed: number }
}

/** What posting takes. */
export type WebhookParts = {
  readonly url: string
  /** Told of what was not delivered, and why. It holds nothing of the address, which may have a secret in it. */
  readonly onFailure: (reason: string) => void
  /** How long to wait after each failed attempt but the last. */
  readonly retryMs?: readonly number[]
  readonly timeoutMs?: number
}

const MAX_WAITING = 100
const RETRY_MS = [1_000, 5_000, 30_000]
const TIMEOUT_MS = 10_000

/** What an attempt came to: whether another one may go better. */
type Attempt = { readonly reason?: string; readonly isFinal: boolean }

/**
 * Best effort: what could not be delivered after a few attempts is dropped, and so is what waits when it is closed.
 * Redirects are not followed, so that nobody but the operator decides who is told.
 */
export function createWebhook(parts: WebhookParts): Webhook {
  const { url, onFailure, retryMs = RETRY_MS, timeoutMs = TIMEOUT_MS } = parts
  const counts = { delivered: 0, failed: 0 }
  const closing = new AbortController()
  const waiting: string[] = []
  let work: Promise<void> | undefined

  const failed = (reason: string): void => {
    counts.failed += 1
    onFailure(reason)
  }

  const deliver = async (text: string): Promise<void> => {
    for (let attempt = 0; ; attempt++) {
      const { reason, isFinal } = await post(url, text, timeoutMs, closing.signal)
      if (reason === undefined) {
        counts.delivered += 1
        return
      }
      const pauseMs = retryMs[attempt]
      if (isFinal || pauseMs === undefined || closing.signal.aborted) return failed(reason)
      await rest(pauseMs, closing.signal)
    }
  }

  const deliverAll = async (): Promise<void> => {
    for (let text = waiting.shift(); text !== undefined; text = waiting.shift()) {
      if (closing.signal.aborted) failed('the server was stopped')
      else await deliver(text)
    }
    work = undefined
  }

  return {
    counts,
    send(text) {
      if (closing.signal.aborted) return
      if (waiting.length >= MAX_WAITING) return failed('too many notifications wait')
      waiting.push(text)
      work ??= deliverAll()
    },
    async [Symbol.asyncDispose]() {
      closing.abort()
      await work
    },
  }
}

async function post(url: string, body: string, timeoutMs: number, closing: AbortSignal): Promise<Attempt> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([closing, AbortSignal.timeout(timeoutMs)]),
    })
    await answer.body?.cancel()
    if (answer.ok) return { isFinal: true }
    const mayGoBetter = answer.status >= 500 || answer.status === 429 || answer.status === 408
    return { reason: `it answered ${answer.status}`, isFinal: !mayGoBetter }
  } catch (error) {
    if (closing.aborted) return { reason: 'the server was stopped', isFinal: true }
    const { name, cause } = error as Error
    if (name === 'TimeoutError') return { reason: `no answer within ${timeoutMs} ms`, isFinal: false }
    // What fetch says itself may hold the address.
    const { code } = (cause ?? {}) as NodeJS.ErrnoException
    return { reason: code ?? 'it could not be reached', isFinal: false }
  }
}

/** Resolves after so long, or when the signal is aborted. */
async function rest(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    timer.unref()
    signal.addEventListener('abort', end)
  })
}
