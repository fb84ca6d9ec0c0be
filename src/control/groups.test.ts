import { expect, test } from 'vitest'
import { controlInMemory } from '../../test/fixtures/control-in-memory.ts'
import { uniqueId, UNIQUE_ID_BYTES } from './unique-id.ts'

// The rules as a client sees them are tested in `api/groups.test.ts`; here is what it cannot see.

const tenant = { account: '000000000000', region: 'us-east-1' }

test('the version counts the expressions that a group has had', async () => {
  const { groups } = controlInMemory(() => 0)
  const versions: unknown[] = []
  const see = () => {
    const found = groups.find(tenant, { name: 'g' })
    versions.push(found.ok ? [found.value.uniqueId, found.value.version] : undefined)
  }
  const update = async (patch: object) => {
    await groups.update(tenant, { name: 'g' }, patch)
    see()
  }
  await groups.create(tenant, { name: 'g', filterExpression: 'fault' })
  see()
  await update({ filterExpression: 'fault' })
  await update({ insightsEnabled: true })
  await update({ filterExpression: 'error', insightsEnabled: false })
  await update({ filterExpression: 'fault' })
  await groups.delete(tenant, { name: 'g' })
  see()
  await groups.create(tenant, { name: 'g', filterExpression: 'fault' })
  see()
  expect(versions).toEqual([['ID1', 1], ['ID1', 1], ['ID1', 1], ['ID1', 2], ['ID1', 3], undefined, ['ID2', 1]])
})

test('a unique id is 26 characters of base 32', () => {
  const bytes = Uint8Array.from({ length: UNIQUE_ID_BYTES }, (_, index) => index * 31)
  expect(uniqueId(bytes)).toMatch(/^[A-Z2-7]{26}$/)
  expect(uniqueId(Uint8Array.of(0, 31, 32, 255))).toBe('A7A7')
})
