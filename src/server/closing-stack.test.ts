import { expect, it } from 'vitest'
import { ClosingStack } from './closing-stack.ts'

it('closes in reverse, once, and goes on after an error', async () => {
  const closed: string[] = []
  const stack = new ClosingStack()
  stack.defer(async () => void closed.push('first'))
  stack.defer(() => Promise.reject(new Error('stuck')))
  stack.defer(async () => void closed.push('last'))
  await expect(stack.close()).rejects.toThrow('stuck')
  expect(closed).toEqual(['last', 'first'])
  await stack.close()
  expect(closed).toEqual(['last', 'first'])
})
