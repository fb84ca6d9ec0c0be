import { get, type IncomingMessage } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { send } from '../../test/fixtures/raw-http.ts'
import { linesResponse } from '../api/search-answers.ts'
import { ServiceError } from '../wire/aws/error-catalogue.ts'
import { awsForm } from '../wire/aws/wire-form.ts'
import { createHttpServer, type HttpServer } from './http-server.ts'

const ID = '11111111-2222-4333-8444-555555555555'
const PIECE = `${'x'.repeat(99_999)}\n`

let server: HttpServer | undefined
const logged: string[] = []

afterEach(async () => {
  await server?.close(100)
  logged.length = 0
})

/** A server whose every answer goes on with what is made while it is read. */
async function serving(make: (gone: AbortSignal) => AsyncIterable<string>): Promise<string> {
  server = createHttpServer({
    api: {
      answer: async ({ signal }) => linesResponse(ID, make(signal)),
      refuse: (code, message) => awsForm.failure(new ServiceError(code, message), ID),
    },
    maxBodyBytes: 1024,
    maxBodiesInFlightBytes: 1024,
    log: { error: (_, message) => void logged.push(message) },
  })
  const { port } = await server.listen('127.0.0.1', 0)
  return `http://127.0.0.1:${port}`
}

const answerOf = (url: string): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => void get(url, resolve).on('error', reject))

const until = async (holds: () => boolean): Promise<void> => {
  for (let tries = 0; !holds(); tries++) {
    if (tries > 200) throw new Error(`never held: ${holds.toString()}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

test('an answer without a length, until it ends, and the connection goes on', async () => {
  const url = await serving(async function* () {
    yield 'one\n'
    yield 'two\n'
  })
  const { status, headers, text } = await send(url, { method: 'GET', path: '/' })
  expect([status, headers['content-type'], headers['transfer-encoding'], text]).toEqual([
    200,
    'application/x-ndjson',
    'chunked',
    'one\ntwo\n',
  ])
  expect(headers['content-length']).toBeUndefined()
})

test('headers come before there is anything to say', async () => {
  let say = (): void => undefined
  const said = new Promise<void>((resolve) => (say = resolve))
  const url = await serving(async function* () {
    await said
    yield 'at last\n'
  })
  const answer = await answerOf(url)
  expect(answer.statusCode).toBe(200)
  say()
  expect((await answer.toArray()).join('')).toBe('at last\n')
})

test('nothing is made that the client does not read, and its going ends it', async () => {
  const state = { made: 0, ended: false, gone: false }
  const url = await serving(async function* (gone) {
    gone.addEventListener('abort', () => (state.gone = true))
    try {
      for (; state.made < 1_000; state.made++) yield PIECE
    } finally {
      state.ended = true
    }
  })
  const answer = await answerOf(url)
  answer.pause()
  await new Promise((resolve) => setTimeout(resolve, 200))
  const { made } = state
  expect(made).toBeLessThan(200)
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(state.made).toBe(made)
  answer.destroy()
  await until(() => state.ended)
  expect([state.gone, state.made < 200, logged]).toEqual([true, true, []])
})

test('an error in between cuts the connection, so that nobody takes the half for the whole', async () => {
  const url = await serving(async function* () {
    yield 'half\n'
    throw new Error('no more')
  })
  await expect(send(url, { method: 'GET', path: '/' })).rejects.toThrow(/aborted|hang up|ECONNRESET/)
  expect(logged).toEqual(['an answer could not be sent'])
})
