import { spawn } from 'node:child_process'
import { readFile, readdir, mkdir, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { send } from '../fixtures/raw-http.ts'
import { runCli, startServer, temporaryDirectory, CLI_PATH, type CommandResult } from '../fixtures/run-server.ts'
import { segment } from '../fixtures/segments.ts'
import { documents, parseObject, readTraces, xrayClient } from '../fixtures/xray-client.ts'

const ACCEPTED = '{"UnprocessedTraceSegments":[]}'
const one = (fields = {}) => JSON.stringify({ TraceSegmentDocuments: [JSON.stringify(segment(fields))] })

/** A start that must fail: one line that says what to do, on stderr, and an exit code that is not 0. */
function expectRefusal(result: CommandResult, line: RegExp): void {
  expect(result.code, result.stderr).toBeGreaterThan(0)
  expect(result.code, 'it should have ended by itself').not.toBe(137)
  const lines = result.stderr.trimEnd().split('\n')
  expect(lines, result.stderr).toHaveLength(1)
  expect(lines[0]).toMatch(line)
  expect(result.stdout).not.toContain('listening on')
}

/** A call whose head the server has read, and of whose body it has the first bytes only. */
function halfACall(port: number, body: string): Promise<{ finish(): Promise<string> }> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let text = ''
    const closed = new Promise<string>((done) => socket.once('close', () => done(text)))
    socket.once('error', reject)
    socket.setEncoding('utf8').on('data', (piece: string) => {
      if (text === '' && piece.startsWith('HTTP/1.1 100')) {
        socket.write(body.slice(0, 40))
        resolve({
          finish: () => {
            socket.write(body.slice(40))
            return closed
          },
        })
      } else text += piece
    })
    const head = `POST /TraceSegments HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\nExpect: 100-continue\r\n\r\n`
    socket.write(head)
  })
}

describe('stopping', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    '%s answers the calls in flight, and ends with code 0',
    async (signal) => {
      await using server = await startServer()
      // Calls that the server has begun to read, which its `100 Continue` proves, and whose bodies are still on their way.
      const calls = await Promise.all(Array.from({ length: 10 }, () => halfACall(server.port, one())))
      const began = Date.now()
      const stopped = server.stop(signal)
      await new Promise((resolve) => setTimeout(resolve, 100))
      for (const answer of await Promise.all(calls.map((call) => call.finish()))) {
        expect(answer).toContain('HTTP/1.1 200')
        expect(answer).toContain(ACCEPTED)
      }
      expect(await stopped).toBe(0)
      expect(Date.now() - began).toBeLessThan(10_000)
    },
    30_000,
  )

  test('a client that keeps its connection open and idle does not hold it up', async () => {
    await using server = await startServer()
    const idle = connect(server.port, '127.0.0.1')
    const half = connect(server.port, '127.0.0.1')
    idle.on('error', () => {})
    half.on('error', () => {})
    half.write('POST /TraceSegments HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{')
    await new Promise((resolve) => setTimeout(resolve, 100))
    const began = Date.now()
    expect(await server.stop()).toBe(0)
    expect(Date.now() - began).toBeLessThan(10_000)
    idle.destroy()
    half.destroy()
  }, 30_000)

  test('a second signal ends it at once, with the code of an interrupted program', async () => {
    await using server = await startServer()
    server.process.kill('SIGTERM')
    server.process.kill('SIGINT')
    expect([0, 130]).toContain(await server.stop())
    expect(server.stderr()).not.toMatch(/^\s+at /m)
  }, 30_000)
})

describe('data', () => {
  test('is there after a restart, after an orderly stop and after kill -9', async () => {
    await using home = await temporaryDirectory()
    const dataDir = join(home.path, 'data')
    const ids: string[] = []
    for (const how of ['stop', 'kill', 'stop'] as const) {
      await using server = await startServer({ dataDir })
      const document = segment()
      ids.push(String(document['trace_id']))
      const answer = await send(server.url, {
        body: JSON.stringify({ TraceSegmentDocuments: [JSON.stringify(document)] }),
      })
      expect(answer.text).toBe(ACCEPTED)
      const client = xrayClient(server.url)
      const traces = await readTraces(client, ids)
      expect(traces.map(({ Id }) => Id)).toEqual(ids)
      for (const trace of traces) expect(documents(trace)).toHaveLength(1)
      client.destroy()
      await server[how]()
    }
  }, 60_000)

  test('--ephemeral leaves nothing behind', async () => {
    await using temporary = await temporaryDirectory()
    await using server = await startServer({ args: ['--ephemeral'], env: { TMPDIR: temporary.path } })
    expect((await send(server.url, { body: one() })).text).toBe(ACCEPTED)
    expect(await readdir(temporary.path)).not.toEqual([])
    expect(await server.stop()).toBe(0)
    expect(await readdir(temporary.path)).toEqual([])
  }, 30_000)
})

describe('a start that cannot be', () => {
  test('a port in use', async () => {
    await using server = await startServer()
    const result = await runCli(['serve', '--port', String(server.port), '--ephemeral'])
    expectRefusal(result, new RegExp(`${server.port}.*--port`))
    expect(server.alive()).toBe(true)
  }, 30_000)

  test('a data directory in use', async () => {
    await using server = await startServer()
    const result = await runCli(['serve', '--port', '0', '--data', server.dataDir])
    expectRefusal(result, /--data/)
    expect(result.stderr).toContain(server.dataDir)
    expect((await send(server.url, { body: one() })).text).toBe(ACCEPTED)
  }, 30_000)

  test('a data directory that cannot be written', async () => {
    // Below a regular file, where not even root can make one.
    await using home = await temporaryDirectory()
    await writeFile(join(home.path, 'file'), '')
    const result = await runCli(['serve', '--port', '0', '--data', join(home.path, 'file', 'data')])
    expectRefusal(result, /--data/)
  }, 30_000)

  test.each([
    ['a port that is none', ['--port', 'x'], /port/],
    ['a port beyond 65535', ['--port', '70000'], /port/],
    ['an option that is unknown', ['--prot', '2000'], /prot/],
    ['a configuration file that is not there', ['--config', '/nonexistent/radiograph.json'], /nonexistent/],
    ['every address without saying that it is open', ['--host', '0.0.0.0', '--port', '0', '--ephemeral'], /--auth/],
  ])('%s', async (_, args, line) => {
    const result = await runCli(['serve', ...args])
    expect(result.code, result.stderr).toBeGreaterThan(0)
    expect(result.stderr).toMatch(line)
    expect(result.stderr).not.toMatch(/^\s+at /m)
  })

  test('an environment variable that is malformed', async () => {
    const result = await runCli(['serve', '--ephemeral'], { env: { RADIOGRAPH_PORT: 'many' } })
    expect(result.code).toBeGreaterThan(0)
    expect(result.stderr).toContain('RADIOGRAPH_PORT')
  })
})

describe('the command line', () => {
  test('--port 0 picks a free port, says which, and listens there on UDP and TCP', async () => {
    await using first = await startServer()
    await using second = await startServer()
    expect(first.port).not.toBe(second.port)
    expect(first.host).toBe('127.0.0.1')
    for (const server of [first, second]) expect((await send(server.url, { body: one() })).status).toBe(200)
  }, 30_000)

  test.each(['variable', 'file'])(
    'a %s sets what a flag sets',
    async (how) => {
      await using home = await temporaryDirectory()
      const file = join(home.path, 'radiograph.json')
      await writeFile(file, '{"envelope":"rest"}')
      await using server = await startServer(
        how === 'file' ? { args: ['--config', file] } : { env: { RADIOGRAPH_ENVELOPE: 'rest' } },
      )
      const answer = await send(server.url, { body: one() })
      expect(parseObject(answer.text)).toMatchObject({ success: true })
    },
    30_000,
  )

  test('--version is the version of the package', async () => {
    const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8')
    const result = await runCli(['--version'])
    expect(result).toMatchObject({ code: 0, stderr: '' })
    expect(result.stdout).toContain(String(parseObject(text)['version']))
  })

  test('--help names every option of serve', async () => {
    const [help, serve] = [await runCli(['--help']), await runCli(['serve', '--help'])]
    expect([help.code, serve.code]).toEqual([0, 0])
    expect(help.stdout).toContain('serve')
    for (const flag of ['--host', '--port', '--udp-port', '--data', '--ephemeral', '--store', '--auth', '--config']) {
      expect(serve.stdout).toContain(flag)
    }
  })

  test('runs from a directory that is read by nobody else, with no home', async () => {
    // A container without a home directory: the data must go where it is told.
    await using home = await temporaryDirectory()
    await mkdir(join(home.path, 'data'))
    const child = spawn(process.execPath, [CLI_PATH, 'serve', '--port', '0', '--data', join(home.path, 'data')], {
      cwd: '/',
      env: { PATH: process.env['PATH'] ?? '' },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const code = new Promise((resolve) => child.once('close', resolve))
    await new Promise<void>((resolve) => {
      let text = ''
      child.stdout.setEncoding('utf8').on('data', (piece: string) => {
        text += piece
        if (text.includes('Radiograph is listening on http://127.0.0.1:')) resolve()
      })
      void code.then(() => resolve())
    })
    child.kill('SIGTERM')
    expect(await code).toBe(0)
  }, 30_000)
})
