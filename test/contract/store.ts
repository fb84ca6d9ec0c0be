import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { currentDocuments } from '../../src/model/current-documents.ts'
import type { StoredDocument } from '../../src/model/document.ts'
import type { TraceId } from '../../src/model/ids.ts'
import type { Tenant } from '../../src/model/tenant.ts'
import type { TraceStore } from '../../src/store/store.ts'
import { type Call, type OtlpCall, writeSpoolFile } from './spool-file.ts'
import { describeCompletion } from './store-completion.ts'
import { describeConvergence } from './store-convergence.ts'
import { describeDocuments } from './store-documents.ts'
import { describeLifecycle } from './store-lifecycle.ts'
import { describeNarrowing } from './store-narrowing.ts'
import { describeRows } from './store-rows.ts'
import { describeTimes } from './store-times.ts'
import { describeTracking } from './store-tracking.ts'
import { describeWindows } from './store-windows.ts'

/** An engine under test, with what the contract cannot say. */
export type Engine = {
  /** Makes a store on data that is there from earlier, or on none. No I/O before its `open`. */
  readonly create: () => TraceStore
  /** Makes the engine do now what it does at some time: merges. */
  readonly settle?: () => Promise<void>
  /** Records that a newer program has written the data, or takes that back. While the store is open. */
  readonly setNewerSchema?: (newer: boolean) => Promise<void>
  /** Gives everything back. The store is closed before. */
  readonly close: () => Promise<void>
}

/** A test that an engine is not held to, and why. */
export type Gap = { readonly test: string; readonly reason: string }

/** What the tests of the contract have at hand. */
export type UnderTest = {
  readonly store: TraceStore
  readonly engine: Engine
  /** A directory for spool files. */
  readonly directory: string
  /** Writes one spool file and inserts it. */
  readonly insert: (...calls: readonly (Call | OtlpCall)[]) => Promise<void>
  /** Lets the engine merge, if it does such things. */
  readonly settle: () => Promise<void>
  /** Closes the store and opens a new one on the same data. */
  readonly reopen: () => Promise<void>
  /** How many calls brought the trace, and the current copy of each entity, in the order of receipt. */
  readonly current: (
    tenant: Tenant,
    id: TraceId,
  ) => Promise<{ readonly calls: number; readonly documents: readonly StoredDocument[] } | undefined>
}

/** Declares one test of the contract; engines that have a gap of that name skip it, with their reason. */
export type Test = (title: string, test: () => Promise<void>) => void

/**
 * The contract of `TraceStore`, sentence by sentence. Every engine runs all of it; an exception is a gap with a name
 * and a reason. The tests run in order and share one store, each with tenants of its own.
 */
export function describeStore(name: string, start: () => Promise<Engine>, gaps: readonly Gap[] = []): void {
  describe(`the store contract: ${name}`, () => {
    let engine: Engine
    let store: TraceStore
    let directory: string
    const titles = new Set<string>()

    beforeAll(async () => {
      directory = await mkdtemp(join(tmpdir(), 'radiograph-contract-'))
      engine = await start()
      store = engine.create()
    })
    afterAll(async () => {
      await store[Symbol.asyncDispose]()
      await engine.close()
      await rm(directory, { recursive: true, force: true })
    })

    const test: Test = (title, run) => {
      titles.add(title)
      const gap = gaps.find((one) => one.test === title)
      if (gap === undefined) it(title, run)
      else it.skip(`${title} (${gap.reason})`, run)
    }

    const underTest: UnderTest = {
      get store() {
        return store
      },
      get engine() {
        return engine
      },
      get directory() {
        return directory
      },
      insert: async (...calls) => store.insert(await writeSpoolFile(directory, calls)),
      settle: async () => engine.settle?.(),
      async reopen() {
        await store[Symbol.asyncDispose]()
        store = engine.create()
        await store.open()
      },
      async current(tenant, id) {
        const trace = (await store.read(tenant, [id])).get(id)
        if (trace === undefined) return undefined
        expect(trace.id).toBe(id)
        return { calls: new Set(trace.calls).size, documents: currentDocuments(trace.documents) }
      },
    }

    describeLifecycle(test, underTest, () => {
      describeDocuments(test, underTest)
      describeTimes(test, underTest)
      describeTracking(test, underTest)
      describeRows(test, underTest)
      describeWindows(test, underTest)
      describeNarrowing(test, underTest)
      describeCompletion(test, underTest)
      describeConvergence(test, underTest)
    })

    it('has no gap for a test that does not exist', () => {
      expect(gaps.map((gap) => gap.test).filter((title) => !titles.has(title))).toEqual([])
    })
  })
}
