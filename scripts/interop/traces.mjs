// Reading traces back, over HTTP without any SDK, and saying what is wrong with them.

/** UDP is not acknowledged: reads a trace until `isDone`, at most for `withinMs`, and fails when it is not. */
export async function traceWhen(url, traceId, isDone, withinMs = 20_000) {
  const giveUpAt = Date.now() + withinMs
  for (;;) {
    const [trace] = await readTraces(url, [traceId])
    if (trace !== undefined && isDone(trace)) return trace
    if (Date.now() > giveUpAt) throw new Error(`trace ${traceId} did not arrive whole: ${JSON.stringify(trace)}`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

/** The documents of each of up to five traces, parsed. */
export async function readTraces(url, traceIds) {
  const { Traces } = await call(url, '/Traces', { TraceIds: traceIds })
  return Traces.map(({ Segments }) => Segments.map(({ Document }) => JSON.parse(Document)))
}

/** Calls an operation, unsigned. Fails unless the answer's status is 200. */
export async function call(url, path, body) {
  const response = await fetch(`${url}${path}`, { method: 'POST', body: JSON.stringify(body) })
  const text = await response.text()
  if (response.status !== 200) throw new Error(`${path}: ${response.status} ${text.slice(0, 300)}`)
  return text === '' ? {} : JSON.parse(text)
}

/** Every entity of a trace by id. */
export function entities(trace) {
  const found = new Map()
  const waiting = [...trace]
  for (let entity = waiting.pop(); entity !== undefined; entity = waiting.pop()) {
    found.set(entity.id, entity)
    waiting.push(...(entity.subsegments ?? []))
  }
  return found
}

/** What an SDK says it traced as `{ traceId, id }`, once that segment is complete. */
export async function segmentOf(url, { traceId, id }, isDone = () => true) {
  const isComplete = (trace) => entities(trace).get(id)?.end_time !== undefined
  const trace = await traceWhen(url, traceId, (found) => isComplete(found) && isDone(found))
  return { trace, segment: entities(trace).get(id) }
}

/** Fails unless `actual` has at least what `expected` has. A regular expression is matched against a text. */
export function matches(actual, expected, path = 'it') {
  if (expected instanceof RegExp) {
    if (!expected.test(String(actual))) throw new Error(`${path}: ${JSON.stringify(actual)} does not match ${expected}`)
    return
  }
  if (typeof expected !== 'object' || expected === null) {
    if (actual === expected) return
    throw new Error(`${path}: ${JSON.stringify(actual)}, and ${JSON.stringify(expected)} was expected`)
  }
  if (Array.isArray(expected) && actual?.length !== expected.length) {
    throw new Error(`${path}: ${expected.length} elements were expected of ${JSON.stringify(actual)?.slice(0, 500)}`)
  }
  for (const [key, value] of Object.entries(expected)) matches(actual?.[key], value, `${path}.${key}`)
}
