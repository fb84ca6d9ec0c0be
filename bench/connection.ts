import { connect, type Socket } from 'node:net'

/** One HTTP answer. */
export type Answer = { readonly status: number; readonly body: Buffer }

/** One keep-alive connection that carries one request at a time. */
export type Connection = {
  /** Sends a whole request, head and body, and resolves with its answer. Rejects when the connection breaks. */
  readonly send: (request: Buffer) => Promise<Answer>
  readonly close: () => void
}

type Waiting = { readonly resolve: (answer: Answer) => void; readonly reject: (error: Error) => void }

const ANSWER_TIMEOUT_MS = 60_000

/**
 * Opens a connection. By hand rather than with `node:http`, because the generator shares the machine with the server:
 * whatever it spends is missing from the figure.
 */
export function openConnection(host: string, port: number): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true })
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      resolve(connectionOn(socket))
    })
  })
}

function connectionOn(socket: Socket): Connection {
  let waiting: Waiting | undefined
  let chunks: Buffer[] = []
  let receivedBytes = 0
  let neededBytes = 0
  const fail = (error: Error): void => {
    waiting?.reject(error)
    waiting = undefined
    socket.destroy()
  }
  socket.setTimeout(ANSWER_TIMEOUT_MS, () => fail(new Error('no answer within a minute')))
  socket.on('error', fail)
  socket.on('close', () => fail(new Error('the server closed the connection')))
  socket.on('data', (chunk) => {
    chunks.push(chunk)
    receivedBytes += chunk.length
    // Joined once: at each chunk of a large answer it would take longer than the answer.
    if (receivedBytes < neededBytes) return
    const [first = chunk] = chunks
    const received = chunks.length === 1 ? first : Buffer.concat(chunks)
    const parsed = parseAnswer(received)
    neededBytes = parsed === undefined ? answerBytes(received) : 0
    const rest = parsed === undefined ? received : received.subarray(parsed.consumed)
    chunks = rest.length === 0 ? [] : [rest]
    receivedBytes = rest.length
    if (parsed === undefined) return
    const { resolve } = waiting ?? {}
    waiting = undefined
    resolve?.(parsed.answer)
  })
  return {
    send: (request) =>
      new Promise((resolve, reject) => {
        if (socket.destroyed) return reject(new Error('the connection is closed'))
        waiting = { resolve, reject }
        socket.write(request)
      }),
    close: () => socket.destroy(),
  }
}

/** How long the answer is that these bytes begin, as far as its head tells. */
function answerBytes(bytes: Buffer): number {
  const headEnd = bytes.indexOf('\r\n\r\n')
  if (headEnd < 0) return 0
  return headEnd + 4 + Number(CONTENT_LENGTH.exec(bytes.toString('latin1', 0, headEnd))?.[1] ?? 0)
}

const CONTENT_LENGTH = /\r\ncontent-length: *(\d+)/i

/** Reads one answer from the start of the bytes; nothing while it is incomplete. */
export function parseAnswer(bytes: Buffer): { readonly answer: Answer; readonly consumed: number } | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n')
  if (headEnd < 0) return undefined
  const head = bytes.toString('latin1', 0, headEnd)
  const status = Number(head.slice(9, 12))
  const bodyStart = headEnd + 4
  if (/\r\ntransfer-encoding: *chunked/i.test(head)) return parseChunked(bytes, bodyStart, status)
  const length = Number(CONTENT_LENGTH.exec(head)?.[1] ?? 0)
  if (bytes.length < bodyStart + length) return undefined
  const consumed = bodyStart + length
  return { answer: { status, body: bytes.subarray(bodyStart, consumed) }, consumed }
}

function parseChunked(bytes: Buffer, bodyStart: number, status: number): ReturnType<typeof parseAnswer> {
  const chunks: Buffer[] = []
  for (let at = bodyStart; ;) {
    const lineEnd = bytes.indexOf('\r\n', at)
    if (lineEnd < 0) return undefined
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16)
    const end = lineEnd + 2 + size + 2
    if (bytes.length < end) return undefined
    if (size === 0) return { answer: { status, body: Buffer.concat(chunks) }, consumed: end }
    chunks.push(bytes.subarray(lineEnd + 2, end - 2))
    at = end
  }
}

/** Where a server listens. Only plain HTTP: the benchmark never leaves the machine. */
export type Address = { readonly host: string; readonly port: number }

/** Reads `http://host:port`; throws for anything else. */
export function readAddress(url: string): Address {
  const { protocol, hostname, port } = new URL(url)
  if (protocol !== 'http:') throw new Error(`${url}: the benchmark speaks plain http only`)
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? 80 : Number(port) }
}

/** A whole POST request. No `accept`, so that the answer has AWS's own shape. */
export function postRequest(address: Address, path: string, body: Buffer): Buffer {
  const head =
    `POST ${path} HTTP/1.1\r\nHost: ${address.host}:${address.port}\r\nUser-Agent: radiograph-bench\r\n` +
    `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`
  return Buffer.concat([Buffer.from(head, 'latin1'), body])
}

/** Posts a value as JSON and reads the answer's text. Throws for any status but 200. */
export async function postText(
  connection: Connection,
  address: Address,
  path: string,
  value: unknown,
): Promise<string> {
  const answer = await connection.send(postRequest(address, path, Buffer.from(JSON.stringify(value))))
  const text = answer.body.toString('utf8')
  if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${text.slice(0, 200)}`)
  return text
}

/** The same, read as JSON. */
export async function postJson(
  connection: Connection,
  address: Address,
  path: string,
  value: unknown,
): Promise<unknown> {
  return JSON.parse(await postText(connection, address, path, value)) as unknown
}
