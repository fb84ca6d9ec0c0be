// As much of a PostgreSQL server as a client needs to log in and ask: one row for every query, an error for a query of
// the table "missing". https://www.postgresql.org/docs/current/protocol-message-formats.html
import { createServer } from 'node:net'

/** A server on a free port of 127.0.0.1; `close()` ends it. */
export async function startPostgresStub() {
  const server = createServer((socket) => serve(socket))
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { port: server.address().port, close: () => server.close() }
}

function serve(socket) {
  let waiting = Buffer.alloc(0)
  let isLoggedIn = false
  socket.on('error', () => {})
  socket.on('data', (bytes) => {
    waiting = Buffer.concat([waiting, bytes])
    // The first message has no type before its length.
    for (let header = isLoggedIn ? 1 : 0; waiting.length >= header + 4; header = 1) {
      const end = header + waiting.readInt32BE(header)
      if (waiting.length < end) return
      if (!isLoggedIn) socket.write(Buffer.concat([message('R', int32(0)), ready()]))
      else if (waiting[0] === 0x51) socket.write(answer(waiting.toString('utf8', 5, end - 1)))
      isLoggedIn = true
      waiting = waiting.subarray(end)
    }
  })
}

function answer(query) {
  if (query.includes('missing')) {
    const fields = ['SERROR', 'VERROR', 'C42P01', 'Mrelation "missing" does not exist', ''].join('\0')
    return Buffer.concat([message('E', Buffer.from(`${fields}\0`)), ready()])
  }
  const column = Buffer.concat([int16(1), Buffer.from('answer\0'), int32(0), int16(0), int32(23), int16(4), int32(-1)])
  const row = Buffer.concat([int16(1), int32(2), Buffer.from('42')])
  const format = int16(0)
  const done = Buffer.from('SELECT 1\0')
  return Buffer.concat([message('T', Buffer.concat([column, format])), message('D', row), message('C', done), ready()])
}

const ready = () => message('Z', Buffer.from('I'))

const message = (type, body) => Buffer.concat([Buffer.from(type), int32(body.length + 4), body])

function int16(value) {
  const bytes = Buffer.alloc(2)
  bytes.writeInt16BE(value)
  return bytes
}

function int32(value) {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}
