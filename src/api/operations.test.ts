import { expect, test } from 'vitest'
import { controlInMemory } from '../../test/fixtures/control-in-memory.ts'
import { operations } from '../wire/xray/shapes.generated.ts'
import type { Operations } from './handler.ts'
import { createOperations } from './operations.ts'

const unused = () => Promise.reject(new Error('not asked for'))
const table = createOperations({
  ingest: { accept: unused },
  telemetry: { accept: () => undefined },
  queries: { traces: unused, summaries: unused, count: unused },
  graphs: { serviceGraph: unused, traceGraph: unused, periods: unused },
  ...controlInMemory(() => 0),
  retrievalJobs: {
    ensure: () => undefined,
    isRunning: () => false,
    stop: () => undefined,
    [Symbol.asyncDispose]: unused,
  },
  writeDocument: () => '{}',
  clock: () => 0,
})

test('the table has every operation of the service model and no other', () => {
  expect(Object.keys(table).toSorted()).toEqual(Object.keys(operations).toSorted())
  expect(Object.keys(table)).toHaveLength(38)
})

test('a missing operation does not compile', () => {
  const { GetInsight: left, ...rest } = table
  // @ts-expect-error: GetInsight is missing
  const incomplete: Operations = rest
  expect(Object.keys(incomplete)).not.toContain('GetInsight')
  expect(left).toBeTypeOf('function')
})
