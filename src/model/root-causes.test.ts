import { describe, expect, test } from 'vitest'
import { anEntity, entityId, segment, subsegment, TRACE_ID } from '../../test/fixtures/model-documents.ts'
import { assemble } from './assemble.ts'
import type { Cause, Entity, SegmentDocument } from './entity.ts'
import { summarize } from './summarize.ts'
import type { FailedStep, RootCause, SlowStep, TraceSummary } from './summary.ts'

function summaryOf(documents: readonly SegmentDocument[], slowSeconds?: number): TraceSummary {
  const received = documents.map((document, position) => ({ document, received: position }))
  return summarize(assemble(TRACE_ID, 1, received), 1_800_000_000, slowSeconds)
}

/** In words: services between bars, calls in parentheses, `!` before what a client noticed, `~` before inferred ones. */
function words<Step extends FailedStep | SlowStep>({ services, clientImpacting }: RootCause<Step>): string {
  const told = services.map(({ serviceId, inferred, entityPath }) => {
    const steps = entityPath.map((step) => {
      const name = step.name.replace('entity ', '')
      const coverage = 'coverage' in step ? `@${step.coverage}` : ''
      return step.remote ? `(${name})${coverage}` : `${name}${coverage}`
    })
    return `${inferred ? '~' : ''}${serviceId.name}: ${steps.join(' ')}`.replaceAll('entity ', '')
  })
  return `${clientImpacting ? '!' : ''}${told.join(' | ')}`
}

const faulty = (id: string, fields: object = {}): Entity => anEntity(id, { fault: true, ...fields })

describe('fault', () => {
  test.each<{ reason: string; documents: SegmentDocument[]; causes: string[] }>([
    { reason: 'no fault', documents: [segment('a', { error: true })], causes: [] },
    { reason: 'the root alone', documents: [segment('a', { fault: true })], causes: ['!a: a'] },
    {
      reason: 'down to the last fault',
      documents: [
        segment('a', { fault: true, subsegments: [faulty('b', { subsegments: [faulty('c'), anEntity('d')] })] }),
      ],
      causes: ['!a: a b c'],
    },
    {
      reason: 'one for each child',
      documents: [segment('a', { fault: true, subsegments: [faulty('b'), faulty('c')] })],
      causes: ['!a: a b', '!a: a c'],
    },
    {
      reason: 'through the call into the other service',
      documents: [
        segment('a', { fault: true, subsegments: [faulty('b', { namespace: 'remote' })] }),
        segment('c', { fault: true, parent: 'b', subsegments: [faulty('d')] }),
      ],
      causes: ['!a: a (b) | c: c d'],
    },
    {
      reason: 'a call to a service without a fault is the last',
      documents: [
        segment('a', { fault: true, subsegments: [faulty('b', { namespace: 'remote' })] }),
        segment('c', { parent: 'b' }),
      ],
      causes: ['!a: a (b)'],
    },
    {
      reason: 'a service that does not report',
      documents: [
        segment('a', {
          fault: true,
          subsegments: [faulty('b', { namespace: 'aws', name: 'dynamodb', aws: { table_name: 't' } })],
        }),
      ],
      causes: ['!a: a (dynamodb) | ~t: dynamodb'],
    },
    {
      reason: 'a traced call waits',
      documents: [segment('a', { fault: true, subsegments: [faulty('b', { namespace: 'remote', traced: true })] })],
      causes: ['!a: a (b)'],
    },
    {
      reason: 'the root is well: begins where a parent is, with its segment',
      documents: [segment('a', { subsegments: [anEntity('b', { subsegments: [faulty('c')] })] })],
      causes: ['a: a c'],
    },
    {
      reason: 'the root is well, a service further down is not',
      documents: [
        segment('a', { subsegments: [anEntity('b', { namespace: 'remote' })] }),
        segment('c', { fault: true, parent: 'b', subsegments: [faulty('d')] }),
      ],
      causes: ['c: c d'],
    },
    {
      reason: 'a fault beside a root with one does not count',
      documents: [segment('a', { fault: true, subsegments: [anEntity('b', { subsegments: [faulty('c')] })] })],
      causes: ['!a: a'],
    },
    { reason: 'an orphan is in no service', documents: [subsegment('b', 'f', { fault: true })], causes: [] },
    {
      reason: 'the same names once',
      documents: [segment('a', { fault: true, subsegments: [faulty('b', { name: 'x' }), faulty('c', { name: 'x' })] })],
      causes: ['!a: a x'],
    },
    {
      reason: 'ten at most',
      documents: [
        segment('a', { fault: true, subsegments: Array.from({ length: 12 }, (_, n) => faulty(`b${n.toString(16)}`)) }),
      ],
      causes: Array.from({ length: 10 }, (_, n) => `!a: a b${n.toString(16)}`),
    },
    {
      reason: 'a cycle of segments ends',
      documents: [
        segment('a', { fault: true, parent: 'd', subsegments: [faulty('b', { namespace: 'remote' })] }),
        segment('c', { fault: true, parent: 'b', start: 1, subsegments: [faulty('d', { namespace: 'remote' })] }),
      ],
      causes: ['!a: a (b) | c: c (d)'],
    },
  ])('$reason', ({ documents, causes }) => {
    expect(summaryOf(documents).faultRootCauses.map(words)).toEqual(causes)
  })
})

test('errors alike, but faults are not among them', () => {
  const wrong = (id: string, fields: object = {}) => anEntity(id, { error: true, ...fields })
  const documents = [segment('a', { error: true, subsegments: [wrong('b', { fault: true }), wrong('c')] })]
  expect(summaryOf(documents).errorRootCauses.map(words)).toEqual(['!a: a c'])
  const withFault = [segment('a', { error: true, fault: true, subsegments: [wrong('c')] })]
  expect(summaryOf(withFault).errorRootCauses.map(words)).toEqual(['a: a c'])
})

describe('exceptions', () => {
  const exceptions = (...list: Extract<Cause, { kind: 'exceptions' }>['exceptions'] & {}): Cause => ({
    kind: 'exceptions',
    exceptions: list,
  })
  const oops = { id: entityId('e'), type: 'Oops', message: 'no', stack: [], remote: true }
  test.each<{ reason: string; root: Cause; leaf?: Cause; expected: object[] }>([
    {
      reason: 'its own',
      root: exceptions(oops, { message: 'm' }),
      expected: [{ name: 'Oops', message: 'no' }, { message: 'm' }],
    },
    {
      reason: 'a reference to an exception',
      root: { kind: 'reference', id: entityId('e') },
      leaf: exceptions({ id: entityId('c') }, oops),
      expected: [{ name: 'Oops', message: 'no' }],
    },
    {
      reason: 'a reference to a subsegment',
      root: { kind: 'reference', id: entityId('b') },
      leaf: exceptions(oops),
      expected: [{ name: 'Oops', message: 'no' }],
    },
    {
      reason: 'the form of Node',
      root: { kind: 'exceptions', id: entityId('b'), exceptions: [] },
      leaf: exceptions(oops),
      expected: [{ name: 'Oops', message: 'no' }],
    },
    {
      reason: 'an exception before an entity of its id',
      root: { kind: 'reference', id: entityId('b') },
      leaf: exceptions(oops, { id: entityId('b'), type: 'Mine' }),
      expected: [{ name: 'Mine' }],
    },
    { reason: 'a reference to nothing', root: { kind: 'reference', id: entityId('f') }, expected: [] },
    {
      reason: 'references in a circle',
      root: { kind: 'reference', id: entityId('b') },
      leaf: { kind: 'reference', id: entityId('a') },
      expected: [],
    },
    { reason: 'an empty cause', root: { kind: 'exceptions' }, expected: [] },
  ])('$reason', ({ root, leaf, expected }) => {
    const child = anEntity('b', leaf === undefined ? {} : { cause: leaf })
    const [cause] = summaryOf([segment('a', { fault: true, cause: root, subsegments: [child] })]).faultRootCauses
    expect(cause?.services[0]?.entityPath[0]?.exceptions).toEqual(expected)
  })
})

describe('response time', () => {
  test.each<{ reason: string; documents: SegmentDocument[]; slow?: number; causes: string[] }>([
    { reason: 'quick', documents: [segment('a', { end: 1.999 })], causes: [] },
    { reason: 'slow', documents: [segment('a', { end: 2 })], causes: ['!a: a@1'] },
    { reason: 'by another measure', documents: [segment('a', { end: 1 })], slow: 0.5, causes: ['!a: a@1'] },
    { reason: 'no time at all', documents: [segment('a', { end: 0 })], slow: 0, causes: [] },
    { reason: 'in progress', documents: [segment('a', { end: undefined })], causes: [] },
    {
      reason: 'the longest child of at least half',
      documents: [
        segment('a', {
          end: 4,
          subsegments: [
            anEntity('b', { end: 1 }),
            anEntity('c', { end: 2, subsegments: [anEntity('d', { end: 0.9 })] }),
          ],
        }),
      ],
      causes: ['!a: a@1 c@0.5'],
    },
    {
      reason: 'into another service and an inferred one',
      documents: [
        segment('a', { end: 4, subsegments: [anEntity('b', { end: 3, namespace: 'remote' })] }),
        segment('c', { end: 2.5, parent: 'b', subsegments: [anEntity('d', { end: 2, namespace: 'remote' })] }),
      ],
      causes: ['!a: a@1 (b)@0.75 | c: c@0.625 (d)@0.5 | ~d: d@0.5'],
    },
    {
      // spec/query §2.4: the function segment shows the coverage of its initialization, which is longer than itself.
      reason: 'a child longer than its parent',
      documents: [
        segment('a', { end: 10 }),
        segment('b', { parent: 'a', start: 1, end: 3, subsegments: [anEntity('c', { start: 0.5, end: 6.5 })] }),
        segment('d', { parent: 'a', end: 1 }),
      ],
      causes: ['!a: a@1'],
    },
    {
      reason: 'a chosen child longer than its parent',
      documents: [
        segment('a', { end: 10 }),
        segment('b', { parent: 'a', end: 5, subsegments: [anEntity('c', { end: 8.634 })] }),
      ],
      causes: ['!a: a@1 | b: b@0.863 c@0.863'],
    },
    {
      reason: 'longer than the response',
      documents: [segment('a', { end: 4, subsegments: [anEntity('b', { end: 9 })] })],
      causes: ['!a: a@1 b@1'],
    },
  ])('$reason', ({ documents, slow, causes }) => {
    expect(summaryOf(documents, slow).responseTimeRootCauses.map(words)).toEqual(causes)
  })
})

test('a chain of twenty thousand faults', () => {
  const digits = (number: number) => (number + 1).toString(16)
  const fields = { fault: true, end: 5, name: 'x' }
  const chain = Array.from({ length: 20_000 }, (_, n) => subsegment(digits(n + 1), digits(n), fields))
  const { faultRootCauses, responseTimeRootCauses } = summaryOf([segment(digits(0), fields), ...chain])
  expect(faultRootCauses.map(({ services }) => services[0]?.entityPath.length)).toEqual([20_001])
  expect(responseTimeRootCauses[0]?.services[0]?.entityPath).toHaveLength(20_001)
})
