import { expect, test } from 'vitest'
import { parseAnswer, readAddress } from './connection.ts'

test.each([
  ['length', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', 200, 'hello'],
  ['no body', 'HTTP/1.1 204 No Content\r\n\r\n', 204, ''],
  ['chunks', 'HTTP/1.1 500 X\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n', 500, 'hello'],
])('reads an answer with %s, however it is cut', (_, text, status, body) => {
  const bytes = Buffer.from(text)
  for (let cut = 0; cut < bytes.length; cut++) expect(parseAnswer(bytes.subarray(0, cut))).toBeUndefined()
  const parsed = parseAnswer(Buffer.concat([bytes, Buffer.from('HTTP/1.1 2')]))
  expect(parsed?.consumed).toBe(bytes.length)
  expect([parsed?.answer.status, parsed?.answer.body.toString()]).toEqual([status, body])
})

test('reads addresses, plain http only', () => {
  expect(readAddress('http://127.0.0.1:2000')).toEqual({ host: '127.0.0.1', port: 2000 })
  expect(readAddress('http://[::1]:2000/')).toEqual({ host: '::1', port: 2000 })
  expect(() => readAddress('https://127.0.0.1:2000')).toThrow('plain http')
})
