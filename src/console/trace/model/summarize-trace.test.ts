import { expect, test } from 'vitest'
import { outlineOf } from '../../../../test/fixtures/trace-outline.ts'
import { criticalPath } from './critical-path.ts'
import { summarizeTrace } from './summarize-trace.ts'
import { buildTraceModel } from './trace-model.ts'

test('what the header says', () => {
  const model = buildTraceModel(
    outlineOf([
      { depth: 0, name: 'web', service: 'web', start: 0, end: 100, flags: ['fault', 'error'] },
      { depth: 1, name: 'call', start: 0, end: 90, flags: ['error'] },
      { depth: 2, name: 'db', service: 'db', start: 3, end: 90, flags: ['inferred'] },
      { depth: 1, name: 'other', start: 95, end: 96, flags: ['error', 'throttle'] },
      { depth: 0, name: 'lost', service: 'late', start: 200, end: 200, missing: 'ff00000000000000' },
      { depth: 0, name: 'lost', start: 200, end: 200, missing: 'ff00000000000000' },
    ]),
  )
  expect(summarizeTrace(model, criticalPath(model))).toEqual({
    segments: 2,
    subsegments: 3,
    nodes: 6,
    services: 3,
    faults: 1,
    errors: 1,
    throttles: 1,
    missingParents: 1,
    slowest: { service: 'db', share: 0.87 },
  })
})

test('an empty trace has nobody slow', () => {
  const model = buildTraceModel(outlineOf([]))
  expect(summarizeTrace(model, criticalPath(model)).slowest).toBeUndefined()
})
