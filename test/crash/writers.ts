import { randomBytes } from 'node:crypto'
import { Agent } from 'node:http'
import { send } from '../fixtures/raw-http.ts'

/** What clients sent and what the server promised to keep, by trace id. */
export type Ledger = {
  /** Ids of segments whose call was answered with success. */
  readonly acknowledged: Map<string, Set<string>>
  /** Ids of all segments that were ever put on the wire; what is not acknowledged may be stored or not. */
  readonly sent: Map<string, Set<string>>
  calls: number
}

export const newLedger = (): Ledger => ({ acknowledged: new Map(), sent: new Map(), calls: 0 })

/**
 * Writes with so many clients, each one call at a time, until the server is gone. Traces are spread over calls and
 * clients: every 25th document begins a trace, the others join one that was begun before.
 */
export async function writeUntilGone(url: string, clients: number, ledger: Ledger): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients })
  try {
    await Promise.all(Array.from({ length: clients }, (_, client) => writeAsClient(url, agent, client, ledger)))
  } finally {
    agent.destroy()
  }
}

async function writeAsClient(url: string, agent: Agent, client: number, ledger: Ledger): Promise<void> {
  const begun: string[] = []
  for (let call = 0; ; call++) {
    const documents = Array.from({ length: 1 + ((client * 7 + call * 13) % 50) }, (_, at) => {
      const trace = at % 25 === 0 || begun.length === 0 ? newTraceId() : (begun[(call * 31 + at) % begun.length] ?? '')
      if (begun.length < 500) begun.push(trace)
      return { trace, id: randomBytes(8).toString('hex') }
    })
    for (const { trace, id } of documents) note(ledger.sent, trace, id)
    const body = JSON.stringify({ TraceSegmentDocuments: documents.map(({ trace, id }) => segmentText(trace, id)) })
    let status: number
    try {
      const answer = await send(url, { body, agent })
      status = answer.status
      if (answer.text !== '{"UnprocessedTraceSegments":[]}') throw new RangeError(`unexpected answer ${answer.text}`)
    } catch (error) {
      if (error instanceof RangeError) throw error
      return
    }
    if (status !== 200) throw new RangeError(`unexpected status ${status}`)
    ledger.calls += 1
    for (const { trace, id } of documents) note(ledger.acknowledged, trace, id)
  }
}

function note(to: Map<string, Set<string>>, trace: string, id: string): void {
  const ids = to.get(trace)
  if (ids === undefined) to.set(trace, new Set([id]))
  else ids.add(id)
}

function newTraceId(): string {
  const epoch = Math.floor(Date.now() / 1000)
  return `1-${epoch.toString(16)}-${randomBytes(12).toString('hex')}`
}

function segmentText(trace: string, id: string): string {
  const now = Date.now() / 1000
  return JSON.stringify({
    name: 'crash-test',
    id,
    trace_id: trace,
    start_time: now,
    end_time: now + 0.01,
    annotations: { written: id },
  })
}
