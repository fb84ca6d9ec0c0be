import { describe, expect, it } from 'vitest'
import { readDatagram } from './read-datagram.ts'

const document = '{"id":"53995c3f42cd8ad8"}'
const header = '{"format":"json","version":1}'

describe('readDatagram', () => {
  it.each([
    ['compact header (Node, Python, Ruby, .NET)', `${header}\n${document}`, document],
    ['spaced header (Java, Go)', `{"format": "json", "version": 1}\n${document}`, document],
    ['upper-case format and further members', `{"format":"JSON","version":1,"x":[]}\n${document}`, document],
    ['carriage return before the newline', `${header}\r\n${document}`, document],
    ['later newlines belong to the document', `${header}\n{\n"id":\n"1"}`, '{\n"id":\n"1"}'],
    ['trailing newline stays', `${header}\n${document}\n`, `${document}\n`],
    ['version written as 1.0 is the number 1', `{"format":"json","version":1.0}\n${document}`, document],
    ['text beyond ASCII', `${header}\n{"name":"größe 漢"}`, '{"name":"größe 漢"}'],
  ])('%s', (_story, datagram, text) => {
    expect(readDatagram(Buffer.from(datagram))).toEqual({ kind: 'document', text })
  })

  it.each([
    ['no newline', header, 'no newline after the header'],
    ['header only', `${header}\n`, 'nothing after the header'],
    ['a document without header', `${document}\n${document}`, 'the header is not {"format":"json","version":1}'],
    [
      'version in quotes',
      `{"format":"json","version":"1"}\n${document}`,
      'the header is not {"format":"json","version":1}',
    ],
    ['another format', `{"format":"xml","version":1}\n${document}`, 'the header is not {"format":"json","version":1}'],
    ['header is null', `null\n${document}`, 'the header is not {"format":"json","version":1}'],
    ['header is not JSON', `PUT\n${document}`, 'the header is not {"format":"json","version":1}'],
  ])('%s is malformed', (_story, datagram, reason) => {
    expect(readDatagram(Buffer.from(datagram))).toEqual({ kind: 'malformed', reason })
  })

  it('is nothing when empty', () => {
    expect(readDatagram(Buffer.alloc(0))).toEqual({ kind: 'empty' })
  })

  it('replaces invalid UTF-8 instead of refusing it', () => {
    const bytes = Buffer.concat([Buffer.from(`${header}\n"`), Buffer.from([0xff]), Buffer.from('"')])
    expect(readDatagram(bytes)).toEqual({ kind: 'document', text: '"\ufffd"' })
  })
})
