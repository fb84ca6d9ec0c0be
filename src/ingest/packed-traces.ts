import type { EntityId, TraceId } from '../model/ids.ts'
import type { Tenant } from '../model/tenant.ts'
import { RowReader } from '../spool/row-reader.ts'
import { RowWriter } from '../spool/row-writer.ts'
import type { TraceKey } from '../store/store.ts'
import { nameOf, type TraceFacts } from './open-trace.ts'

/** A trace that takes more than this share of the ring would push too many others out. */
const MAX_SHARE = 1 / 4
const FIRST_BYTES = 4096

/**
 * The traces that were let go last, as bytes in one ring: a quarter of the memory that they took as objects, and nothing
 * that the garbage collector has to look at. Documents that come seconds after the others find their trace here, and
 * nothing needs to be read from the store. The oldest make room for new ones.
 */
export class PackedTraces {
  readonly #limitBytes: number
  /** Pages of it take memory only once they are written to. */
  #ring: Buffer | undefined
  /** Where the next trace goes, in bytes since the beginning; its place in the ring is the remainder. */
  #head = 0
  /** In the order of their places. */
  readonly #traces = new Map<string, TraceKey & { readonly start: number; readonly length: number }>()
  readonly #writer = new RowWriter(FIRST_BYTES)

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes
  }

  get size(): number {
    return this.#traces.size
  }

  /** Takes a trace out. */
  take(tenant: Tenant, id: TraceId): TraceFacts | undefined {
    const name = nameOf({ tenant, id })
    const packed = this.#traces.get(name)
    if (packed === undefined || this.#ring === undefined) return undefined
    this.#traces.delete(name)
    const at = packed.start % this.#limitBytes
    return read(packed, new RowReader(this.#ring.subarray(at, at + packed.length)))
  }

  /**
   * Puts a trace in, whose row is in the store. Answers those that are here no longer: the oldest, or this one, if there
   * is no room for it.
   */
  put(trace: TraceFacts): readonly TraceKey[] {
    const { rowTimes, tenant, id } = trace
    if (rowTimes === undefined || !Number.isFinite(trace.firstCall)) return [trace]
    this.#writer.clear()
    write(this.#writer, trace, rowTimes)
    const { length } = this.#writer
    if (length > this.#limitBytes * MAX_SHARE) return [trace]
    const rest = this.#limitBytes - (this.#head % this.#limitBytes)
    const start = length > rest ? this.#head + rest : this.#head
    const gone = this.#dropBefore(start + length - this.#limitBytes)
    this.#ring ??= Buffer.allocUnsafeSlow(this.#limitBytes)
    this.#writer.view().copy(this.#ring, start % this.#limitBytes)
    this.#head = start + length
    this.#traces.set(nameOf(trace), { tenant, id, start, length })
    return gone
  }

  #dropBefore(position: number): readonly TraceKey[] {
    const gone: TraceKey[] = []
    for (const [name, trace] of this.#traces) {
      if (trace.start >= position) break
      this.#traces.delete(name)
      gone.push(trace)
    }
    return gone
  }
}

/** Numbers as doubles: they come back as they were, `NaN` and infinities as well. */
function write(to: RowWriter, trace: TraceFacts, rowTimes: readonly number[]): void {
  const { ids, kinds, received, starts, ends } = trace
  to.uint32(ids.length)
  for (let place = 0; place < ids.length; place++) {
    to.hex(ids[place] ?? '', 0, 16)
    to.uint8(kinds[place] ?? 0)
    to.float64(received[place] ?? 0)
    to.float64(starts[place] ?? 0)
    to.float64(ends[place] ?? 0)
  }
  to.strings(trace.names)
  to.strings(trace.terms)
  to.strings(trace.urls)
  to.float64(trace.firstCall)
  to.float64(trace.lastEndUs)
  to.uint32(rowTimes.length)
  for (const time of rowTimes) to.float64(time)
}

function read({ tenant, id }: TraceKey, from: RowReader): TraceFacts {
  const [ids, kinds, received, starts, ends]: [EntityId[], number[], number[], number[], number[]] = [
    [],
    [],
    [],
    [],
    [],
  ]
  for (let left = from.uint32(); left > 0; left--) {
    // Canonical: it was eight bytes of hex digits in lower case.
    ids.push(from.hex(8) as EntityId)
    kinds.push(from.uint8())
    received.push(from.float64())
    starts.push(from.float64())
    ends.push(from.float64())
  }
  const [names, terms, urls] = [from.strings(), from.strings(), from.strings()]
  const [firstCall, lastEndUs] = [from.float64(), from.float64()]
  const rowTimes = Array.from({ length: from.uint32() }, () => from.float64())
  return { tenant, id, firstCall, ids, received, starts, ends, kinds, names, terms, urls, lastEndUs, rowTimes }
}
