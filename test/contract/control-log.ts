import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createControl } from '../../src/control/control.ts'
import type { Control } from '../../src/control/control.ts'
import { bodiesOf, bodyOf } from '../../src/control/tenant-state.ts'
import type { Json } from '../../src/model/json.ts'
import type { Tenant } from '../../src/model/tenant.ts'
import type { ControlEntry, ControlLog } from '../../src/store/control-log.ts'
import { newTenant } from './spool-file.ts'

/** A control log under test. */
export type ControlLogEngine = {
  /** The log over data that is there from earlier, or over none; as many as asked for, over the same data. */
  readonly open: () => Promise<ControlLog>
  /** Closes all logs, as a restart does, and opens one again; absent where nothing outlives the process. */
  readonly reopen?: () => Promise<ControlLog>
  /** Gives everything back. */
  readonly close: () => Promise<void>
}

/** Whatever text and JSON may hold that a statement, a column or a parser could trip over. */
const HOSTILE: readonly Json[] = [
  "it's \\ \\' \\n {x:String} %s $1 ' OR 1=1 --",
  'tab\tnewline\nreturn\rnull\0bell\u0007',
  '🙂 ünïcödé \u2028 \ud800',
  '\\N',
  "['a','b']",
  '',
  null,
  [null, true, false, 0, -0.5, 1e300, [], {}],
  JSON.parse('{"__proto__":{"constructor":1},"":"empty","a b":[{"c":null}]}') as Json,
]

/** The contract of `ControlLog`, sentence by sentence; every engine runs all of it. */
export function describeControlLog(name: string, start: () => Promise<ControlLogEngine>): void {
  describe(`the contract of the control log: ${name}`, () => {
    let engine: ControlLogEngine
    let log: ControlLog
    beforeAll(async () => {
      engine = await start()
      log = await engine.open()
    }, 60_000)
    afterAll(() => engine?.close())

    const entriesOf = async (tenant: Tenant, from?: number): Promise<readonly ControlEntry[]> => {
      const { entries } = await log.read(from)
      return entries.filter((entry) => JSON.stringify(entry.tenant) === JSON.stringify(tenant))
    }
    let writers = 0
    const controlOver = async (over: ControlLog, pollMs?: number): Promise<Control> => {
      writers += 1
      const control = createControl({
        log: over,
        writer: `writer-${writers}`,
        now: Date.now,
        onError: (error) => expect.unreachable(String(error)),
        ...(pollMs === undefined ? {} : { pollMs }),
      })
      await control.load()
      return control
    }

    it('gives back what was appended: tenant, stamp, kind, key, body', async () => {
      const tenant = newTenant()
      const stamp = { timeUs: 1_763_000_000_123_456, writer: 'me' }
      const changes = [
        { kind: 'group', key: 'a', body: { expression: 'fault' } },
        { kind: 'group', key: 'b', body: undefined },
        { kind: 'tags', key: 'a', body: [] },
      ]
      await log.append(tenant, stamp, changes)
      const found = (await entriesOf(tenant)).toSorted((a, b) => (a.kind + a.key < b.kind + b.key ? -1 : 1))
      expect(found).toEqual(changes.map((change) => ({ tenant, stamp, ...change })))
    })

    it('takes no changes for what they are', async () => {
      const tenant = newTenant()
      await log.append(tenant, { timeUs: 1, writer: 'me' }, [])
      expect(await entriesOf(tenant)).toEqual([])
    })

    it('keeps any text and any JSON as it is', async () => {
      const tenant = newTenant()
      const changes = HOSTILE.map((body, index) => ({
        kind: 'hostile',
        key: typeof body === 'string' ? body.replaceAll('\ud800', '') + index : `${index}`,
        body,
      }))
      await log.append(tenant, { timeUs: 2 ** 51, writer: "o'writer" }, changes)
      const found = new Map((await entriesOf(tenant)).map(({ key, body, stamp }) => [key, { body, stamp }]))
      expect(found.size).toBe(HOSTILE.length)
      for (const { key, body } of changes) {
        expect(found.get(key)).toEqual({ body, stamp: { timeUs: 2 ** 51, writer: "o'writer" } })
      }
    })

    it('keeps a thousand changes of one call, and a body of 100 kB', async () => {
      const tenant = newTenant()
      const changes = Array.from({ length: 1000 }, (_, index) => ({ kind: 'n', key: `${index}`, body: index }))
      const large = { kind: 'large', key: '', body: 'x\\'.repeat(50_000) }
      await log.append(tenant, { timeUs: 1, writer: 'me' }, [...changes, large])
      const found = await entriesOf(tenant)
      expect(found).toHaveLength(1001)
      expect(found.find(({ kind }) => kind === 'large')?.body).toBe(large.body)
    })

    it('reads on from a position: everything that came since, whatever its stamp', async () => {
      const tenant = newTenant()
      await log.append(tenant, { timeUs: 9_000_000, writer: 'fast clock' }, [{ kind: 'k', key: 'a', body: 1 }])
      const { position } = await log.read()
      await log.append(tenant, { timeUs: 5, writer: 'slow clock' }, [{ kind: 'k', key: 'b', body: 2 }])
      const later = await entriesOf(tenant, position)
      expect(later.map(({ key }) => key)).toContain('b')
      const next = await log.read(position)
      expect(next.position).toBeGreaterThanOrEqual(position)
    })

    it('has the last write of a thing, whatever was written before', async () => {
      const tenant = newTenant()
      const write = (timeUs: number, writer: string, body: Json | undefined) =>
        log.append(tenant, { timeUs, writer }, [{ kind: 'k', key: 'a', body }])
      await write(3, 'b', 'last')
      await write(1, 'z', 'first')
      await write(3, 'a', 'of the same time')
      const last = (await entriesOf(tenant)).find(({ stamp }) => stamp.timeUs === 3 && stamp.writer === 'b')
      expect(last?.body).toBe('last')
      await write(4, 'a', undefined)
      expect((await entriesOf(tenant)).find(({ stamp }) => stamp.timeUs === 4)).toMatchObject({ body: undefined })
    })

    it('answers entries that belong to the caller', async () => {
      const tenant = newTenant()
      await log.append(tenant, { timeUs: 1, writer: 'me' }, [{ kind: 'k', key: 'a', body: { list: [1] } }])
      const [mine] = await entriesOf(tenant)
      Object.assign(mine?.body ?? {}, { list: 'changed' })
      expect((await entriesOf(tenant))[0]?.body).toEqual({ list: [1] })
    })

    it('loses no change of writers that write at the same time', async () => {
      const tenant = newTenant()
      const logs = await Promise.all([engine.open(), engine.open(), engine.open()])
      await Promise.all(
        Array.from({ length: 30 }, (_, index) =>
          (logs[index % 3] ?? log).append(tenant, { timeUs: 1000 + index, writer: `w${index % 3}` }, [
            { kind: 'k', key: `${index}`, body: index },
          ]),
        ),
      )
      expect((await entriesOf(tenant)).map(({ body }) => body).toSorted((a, b) => Number(a) - Number(b))).toEqual(
        Array.from({ length: 30 }, (_, index) => index),
      )
    })

    it('two servers that write the same things come to the same state', async () => {
      const tenant = newTenant()
      await using one = await controlOver(await engine.open(), 20)
      await using two = await controlOver(await engine.open(), 20)
      await Promise.all(
        Array.from({ length: 40 }, (_, index) =>
          (index % 2 === 0 ? one : two).change(tenant, () => ({
            ok: true,
            value: undefined,
            changes: [{ kind: 'k', key: `${index % 5}`, body: index % 7 === 6 ? undefined : index }],
          })),
        ),
      )
      const own = (control: Control) => bodiesOf(control.state(tenant), 'k').toSorted(([a], [b]) => (a < b ? -1 : 1))
      await vi.waitFor(() => expect(own(one)).toEqual(own(two)), { timeout: 5_000 })
      await using late = await controlOver(await engine.open())
      expect(own(late)).toEqual(own(one))
      expect(late.state(tenant).kinds.get('k')?.size).toBe(5)
    })

    it('a server decides over what another one has just done, and sees by polling what it did not ask for', async () => {
      const tenant = newTenant()
      await using one = await controlOver(await engine.open(), 60_000)
      await using two = await controlOver(await engine.open(), 20)
      const create = (control: Control, body: string) =>
        control.change<string>(tenant, (state) => {
          const there = bodyOf(state, 'k', 'a')
          if (there !== undefined)
            return { ok: false, refusal: { code: 'invalid', message: `there: ${JSON.stringify(there)}` } }
          return { ok: true, value: body, changes: [{ kind: 'k', key: 'a', body }] }
        })
      expect(await create(two, 'first')).toEqual({ ok: true, value: 'first' })
      expect(await create(one, 'second')).toMatchObject({ ok: false, refusal: { message: 'there: "first"' } })
      await one.change(tenant, () => ({ ok: true, value: 0, changes: [{ kind: 'k', key: 'b', body: 'b' }] }))
      await expect.poll(() => bodyOf(two.state(tenant), 'k', 'b'), { timeout: 5_000 }).toBe('b')
    })

    it('of many creates at one server only one succeeds, and other tenants do not mind', async () => {
      const [tenant, other] = [newTenant(), newTenant()]
      await using control = await controlOver(await engine.open())
      const create = (of: Tenant, body: number) =>
        control.change(of, (state) =>
          bodyOf(state, 'k', 'a') === undefined
            ? { ok: true, value: body, changes: [{ kind: 'k', key: 'a', body }] }
            : { ok: false, refusal: { code: 'invalid', message: 'there' } },
        )
      const answers = await Promise.all([
        ...Array.from({ length: 10 }, (_, index) => create(tenant, index)),
        create(other, 10),
      ])
      expect(answers.flatMap((answer) => (answer.ok ? [answer.value] : []))).toEqual([0, 10])
      expect(bodiesOf(control.state(tenant), 'k')).toEqual([['a', 0]])
    })

    it('is there after a restart', async ({ skip }) => {
      if (engine.reopen === undefined) return skip('nothing of it outlives the process')
      const tenant = newTenant()
      await log.append(tenant, { timeUs: 1, writer: 'me' }, [{ kind: 'k', key: 'a', body: 'kept' }])
      const { position } = await log.read()
      log = await engine.reopen()
      expect(await entriesOf(tenant)).toMatchObject([{ kind: 'k', key: 'a', body: 'kept' }])
      await log.append(tenant, { timeUs: 2, writer: 'me' }, [{ kind: 'k', key: 'a', body: undefined }])
      expect((await entriesOf(tenant, position)).some(({ body }) => body === undefined)).toBe(true)
    })
  })
}
