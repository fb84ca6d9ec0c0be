import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClickHouseEngine } from '../../src/store/clickhouse/clickhouse-engine.ts'
import { createSqlStore } from '../../src/store/sql/sql-store.ts'
import { StoreOpenError } from '../../src/store/store.ts'
import { type ClickHouseFront, FRONT_READER, FRONT_USER, startClickHouseFront } from '../fixtures/clickhouse-front.ts'
import { sqlEngineUnderTest } from './sql-engine-under-test.ts'
import { describeStore } from './store.ts'

describeStore('clickhouse', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'radiograph-clickhouse-'))
  const front = await startClickHouseFront(directory)
  return sqlEngineUnderTest(
    () => createClickHouseEngine({ url: `${front.url}/traces_of_ours` }),
    async () => {
      await front.stop()
      await rm(directory, { recursive: true, force: true })
    },
  )
})

describe('the ClickHouse engine', () => {
  let directory: string
  let front: ClickHouseFront
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'radiograph-clickhouse-'))
    front = await startClickHouseFront(directory)
  })
  afterAll(async () => {
    await front.stop()
    await rm(directory, { recursive: true, force: true })
  })

  const openError = async (url: string): Promise<string> => {
    await using store = createSqlStore(createClickHouseEngine({ url }))
    const error: unknown = await store.open().catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(StoreOpenError)
    const shown = `${(error as Error).message} ${(error as Error).stack ?? ''} ${JSON.stringify(error)}`
    for (const secret of ['secret', encodeURIComponent(FRONT_USER.password), FRONT_USER.password]) {
      expect(shown).not.toContain(secret)
    }
    return (error as Error).message
  }

  it('makes the database, `radiograph` where none is named, and finds it again', async () => {
    for (const _ of ['made', 'found']) {
      await using engine = createClickHouseEngine({ url: front.url })
      await engine.open()
      expect(await engine.query('SELECT currentDatabase() AS name')).toEqual([{ name: 'radiograph' }])
    }
  })

  it('sends lists that do not fit a URL', async () => {
    await using engine = createClickHouseEngine({ url: front.url })
    await engine.open()
    const ids = Array.from({ length: 20_000 }, (_, position) => position.toString(16).padStart(32, '0'))
    const params = { ids, quote: "it's \\ {x:String}\t" }
    expect(await engine.query('SELECT length({ids:Array(String)}) AS count, {quote:String} AS quote', params)).toEqual([
      { count: 20_000, quote: "it's \\ {x:String}\t" },
    ])
  })

  it('answers 64-bit integers as numbers', async () => {
    await using engine = createClickHouseEngine({ url: front.url })
    await engine.open()
    expect(await engine.query('SELECT toUInt64(9007199254740991) AS number')).toEqual([{ number: 2 ** 53 - 1 }])
  })

  it('says that it cannot reach the host, and what to check', async () => {
    expect(await openError('http://someone:secret@127.0.0.1:1/radiograph')).toMatch(
      /^cannot reach ClickHouse at http:\/\/127.0.0.1:1: check the host and port/,
    )
  })

  it('says that the password is wrong, and what to check', async () => {
    const url = new URL(front.url)
    url.password = 'secret'
    expect(await openError(url.href)).toMatch(/refused the user radiograph: check the user and password/)
  })

  it('says that the user may not create tables, and which rights to grant', async () => {
    const url = new URL(`${front.url}/radiograph`)
    url.username = FRONT_READER.name
    url.password = FRONT_READER.password
    expect(await openError(url.href)).toMatch(
      /the user reader may not do this .* grant it CREATE DATABASE, CREATE TABLE/,
    )
  })

  it.each(['ftp://someone:secret@host/db', 'someone:secret@host', 'http://someone:secret@host/a/b', 'http://h/a;b'])(
    'refuses the URL %s without repeating it',
    async (url) => {
      expect(await openError(url)).toMatch(/store URL|not a URL/)
    },
  )

  it('is not well while the server is away, and well again after it came back is asked anew', async () => {
    await using engine = createClickHouseEngine({ url: front.url })
    await engine.open()
    expect(await engine.check()).toEqual({ ok: true })
    await front.stop()
    expect(await engine.check()).toMatchObject({ ok: false, error: { message: expect.stringMatching(/reach|failed/) } })
    front = await startClickHouseFront(directory)
  })
})
