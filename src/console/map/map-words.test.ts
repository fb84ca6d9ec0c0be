import { describe, expect, it } from 'vitest'
import { addCounts } from './map-graph.ts'
import { edgeName, nodeName, rateText, shortName, shortTime, timeText } from './map-words.ts'

describe('times', () => {
  it.each([
    [0, '< 1 ms', '< 1 ms'],
    [0.004, '4 ms', '4 ms'],
    [0.031, '31 ms', '31 ms'],
    [0.24, '240 ms', '240 ms'],
    [2.112, '2.112 s', '2.1 s'],
    [31.04, '31.04 s', '31 s'],
    [125, '2 m 05 s', '2 min'],
    [5_400, '1 h 30 m', '1.5 h'],
  ])('%d s is %s, in a ring %s', (seconds, text, short) => {
    expect([timeText(seconds), shortTime(seconds).join(' ')]).toEqual([text, short])
  })

  it('says nothing of nothing', () => {
    expect(timeText(undefined)).toBe('–')
  })
})

const node = (total: number, fault: number) => ({
  key: 'k',
  name: 'checkout',
  client: false,
  active: true,
  requests: { ...addCounts([]), total, fault, ok: total - fault },
})

describe('names', () => {
  it.each([
    [node(1_000, 21), 1_000, 10, 'checkout, 2.1 % fault, 100 per minute'],
    [node(4_120, 0), 4_120, 10, 'checkout, all OK, 412 per minute'],
    [node(0, 0), 0, 10, 'checkout, no requests, 0 per minute'],
    [node(12, 12), 12, undefined, 'checkout, 100 % fault, 12 requests'],
    [{ ...node(0, 0), client: true }, 30, 10, 'Client of checkout, 3 per minute'],
  ])('of a node: %#', (of, traffic, minutes, name) => {
    expect(nodeName(of, traffic, minutes)).toBe(name)
  })

  it('of an edge', () => {
    const edge = { from: 'k', to: 'k', kind: 'call', calls: node(20, 1).requests } as const
    expect(edgeName(node(1, 0), node(1, 0), edge, 2)).toBe('Calls from checkout to checkout, 5 % fault, 10 per minute')
    expect(edgeName(node(1, 0), node(1, 0), { ...edge, kind: 'link' }, undefined)).toMatch(/^Events from .* 20 calls$/)
  })

  it.each([
    ['api', 'api'],
    ['https://sqs.eu-central-1.amazonaws.com/123456789012/order-placed', 'order-placed'],
    ['a-very-long-service-name', 'a-very-long-servic…'],
  ])('%s is shortened to %s', (name, short) => {
    expect(shortName(name)).toBe(short)
  })

  it.each([
    [412, 1, '412/min'],
    [412, undefined, '× 412'],
  ])('%d in %s minutes is %s', (count, minutes, text) => {
    expect(rateText(count, minutes)).toBe(text)
  })
})
