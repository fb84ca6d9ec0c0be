import { expect, it } from 'vitest'
import { DatagramQueue } from './datagram-queue.ts'

const datagrams = (...texts: string[]): Uint8Array[] => texts.map((text) => Buffer.from(text))

it('gives back what was put in, in order', () => {
  const queue = new DatagramQueue(10, 1000)
  for (const datagram of datagrams('a', 'b', 'c', 'd', 'e')) queue.push(datagram)
  const taken = [queue.take(2, 99), queue.take(2, 99), queue.take(2, 99), queue.take(2, 99)]
  expect(taken).toEqual([datagrams('a', 'b'), datagrams('c', 'd'), datagrams('e'), []])
})

it('takes no more bytes than asked for, but at least one datagram', () => {
  const queue = new DatagramQueue(10, 1000)
  for (const datagram of datagrams('aaa', 'bbb', 'cc', 'd')) queue.push(datagram)
  expect([queue.take(9, 5), queue.take(9, 5), queue.take(9, 0)]).toEqual([
    datagrams('aaa'),
    datagrams('bbb', 'cc'),
    datagrams('d'),
  ])
})

it('drops the oldest when there are too many', () => {
  const queue = new DatagramQueue(3, 1000)
  expect(datagrams('a', 'b', 'c', 'd', 'e').map((datagram) => queue.push(datagram))).toEqual([0, 0, 0, 1, 1])
  expect(queue.take(9, 99)).toEqual(datagrams('c', 'd', 'e'))
})

it('drops as many as the bytes of a newcomer need, but never the newcomer', () => {
  const queue = new DatagramQueue(100, 10)
  for (const datagram of datagrams('aaa', 'bbb', 'ccc')) queue.push(datagram)
  expect(queue.push(Buffer.alloc(8))).toBe(3)
  expect(queue.push(Buffer.alloc(80))).toBe(1)
  expect(queue.take(9, 99)).toEqual([Buffer.alloc(80)])
})
