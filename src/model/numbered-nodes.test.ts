import { expect, test } from 'vitest'
import { nodeOf } from './node.ts'
import { nodeNumbers, numberNode } from './numbered-nodes.ts'

test('equal nodes are one; name, type and account tell nodes apart, however many share a name', () => {
  const numbers = nodeNumbers()
  const asked = Array.from({ length: 40 }, (_, number) => {
    const type = number % 4 === 0 ? undefined : `type ${number % 4}`
    return [number < 20 ? 'one' : '__proto__', type, number % 20 < 4 ? undefined : `${number % 20}`] as const
  })
  const first = asked.map(([name, type, account]) => numberNode(numbers, name, type, account))
  expect(first.map(({ number }) => number)).toEqual(asked.map((_, number) => number))
  const again = asked.map(([name, type, account]) => numberNode(numbers, name, type, account))
  expect(again.every((node, number) => node === first[number])).toBe(true)
  expect(numbers.services).toEqual(asked.map(([name, type, account]) => nodeOf(name, type, account)))
})
