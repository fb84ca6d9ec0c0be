import { spawn } from 'node:child_process'
import { type Address, openConnection, postJson, readAddress } from './connection.ts'

/** A Radiograph that the benchmark started itself, in its own process. */
export type ServerProcess = {
  readonly address: Address
  readonly pid: number
  /** Milliseconds from the start of the process to its first answer to an API call. */
  readonly firstAnswerMs: number
  /** Asks it to stop and waits until it has. Throws when it ends with an error. */
  readonly stop: () => Promise<void>
}

const READY = /Radiograph is listening on (http:\/\/\S+)/
const START_LIMIT_MS = 120_000
const STOP_LIMIT_MS = 60_000

/**
 * Starts the built server on a free port with its default settings and waits for its first answer. The daemon protocol
 * listens on the same port number over UDP. Rejects with what the server said when it does not come up.
 */
export async function startServer(program: string, dataDirectory: string): Promise<ServerProcess> {
  const startMs = performance.now()
  const args = [program, 'serve', '--port', '0', '--data', dataDirectory]
  // As `npm start` has it; the embedded engine reads with one session less in a smaller pool.
  const env = { UV_THREADPOOL_SIZE: '8', ...process.env }
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env })
  const exited = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? 1)))
  const killWithUs = (): void => void child.kill('SIGKILL')
  process.once('exit', killWithUs)
  void exited.then(() => process.off('exit', killWithUs))

  let output = ''
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      // Nothing of the log is needed once the server is up, but the pipes must be read.
      if (output.length < 100_000) output += chunk.toString('utf8')
      const ready = READY.exec(output)
      if (ready?.[1] === undefined) return
      clearTimeout(limit)
      resolve(ready[1])
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.once('error', reject)
    void exited.then(() => clearTimeout(limit))
    void exited.then((code) => reject(new Error(`the server ended with code ${code}: ${output.slice(-2_000)}`)))
    const limit = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`the server was not ready after ${START_LIMIT_MS / 1000} s: ${output.slice(-2_000)}`))
    }, START_LIMIT_MS)
  })
  const address = readAddress(url)
  const connection = await openConnection(address.host, address.port)
  await postJson(connection, address, '/Traces', { TraceIds: ['1-5759e988-bd862e3fe1be46a994272793'] })
  const firstAnswerMs = performance.now() - startMs
  connection.close()
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS)
    const code = await exited
    clearTimeout(timer)
    if (code !== 0) throw new Error(`the server ended with code ${code}: ${output.slice(-2_000)}`)
  }
  if (child.pid === undefined) throw new Error('the server has no process id')
  return { address, pid: child.pid, firstAnswerMs, stop }
}
