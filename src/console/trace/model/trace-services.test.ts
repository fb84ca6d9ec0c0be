import { expect, test } from 'vitest'
import { sortServices } from './trace-services.ts'

const badges = (...names: readonly string[]) =>
  Object.fromEntries(sortServices(names.map((name) => ({ name }))).services.map(({ name, badge }) => [name, badge]))

test.each<[readonly string[], Readonly<Record<string, string>>, string]>([
  [['checkout', 'gateway'], { checkout: 'ch', gateway: 'ga' }, 'the first two letters'],
  [['orders-db', 'orders'], { orders: 'or', 'orders-db': 'od' }, 'first letters of words'],
  [['orderService', 'orders'], { orderService: 'os', orders: 'or' }, 'words in one'],
  [['cat', 'car', 'ca'], { ca: 'ca', car: 'cr', cat: 'ct' }, 'another letter where a pair is taken'],
  [['a', 'A'], { A: 'a1', a: 'a2' }, 'digits where letters do not suffice'],
  [['日本', '***', ''], { 日本: '日本', '***': '·2', '': '·1' }, 'whatever letters are, or none'],
])('%j: %j: %s', (names, expected) => {
  expect(badges(...names)).toEqual(expected)
})

test('every viewer sees the same colours, one for each name', () => {
  const listed = [
    { name: 'web' },
    { name: 'api', type: 'AWS::Lambda::Function' },
    { name: 'db' },
    { name: 'api', type: 'AWS::Lambda' },
  ]
  const seen = (order: readonly number[]) =>
    sortServices(order.flatMap((at) => listed[at] ?? [])).services.map(({ name, colour, type }) => [name, colour, type])
  expect(seen([0, 1, 2, 3])).toEqual([
    ['api', 1, 'AWS::Lambda'],
    ['api', 1, 'AWS::Lambda::Function'],
    ['db', 2, undefined],
    ['web', 3, undefined],
  ])
  expect(seen([3, 2, 1, 0])).toEqual(seen([0, 1, 2, 3]))
})

test('positions say where each went', () => {
  const { services, positions } = sortServices([{ name: 'b' }, { name: 'a' }])
  expect([...positions].map((at) => services[at]?.name)).toEqual(['b', 'a'])
})

test('of nine the last has the first colour again, and another badge', () => {
  const { services } = sortServices(Array.from({ length: 9 }, (_, at) => ({ name: `s${at}` })))
  expect(services.at(-1)?.colour).toBe(services[0]?.colour)
  expect(new Set(services.map(({ badge }) => badge)).size).toBe(9)
})
