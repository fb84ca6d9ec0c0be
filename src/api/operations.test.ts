import { expect, test } from 'vitest'
import { operations } from '../wire/xray/shapes.generated.ts'
import type { Operations } from './handler.ts'
import { createOperations } from './operations.ts'
import { unavailableOperations } from './unavailable.ts'

const unused = () => Promise.reject(new Error('not asked for'))
const table = createOperations({
  ingest: { accept: unused },
  telemetry: { accept: () => undefined },
  queries: { traces: unused, summaries: unused },
  writeDocument: () => '{}',
  clock: () => 0,
})

test('the table has every operation of the service model and no other', () => {
  expect(Object.keys(table).toSorted()).toEqual(Object.keys(operations).toSorted())
  expect(Object.keys(table)).toHaveLength(38)
})

test('a missing operation does not compile', () => {
  const { GetGroups: left, ...rest } = unavailableOperations
  // @ts-expect-error: GetGroups is missing
  const incomplete: Pick<Operations, 'GetGroups' | 'GetGroup'> = rest
  expect(Object.keys(incomplete)).not.toContain('GetGroups')
  expect(left).toBeTypeOf('function')
})
