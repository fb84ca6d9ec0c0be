import { describe, expect, test } from 'vitest'
import type { OwnTraceLine } from '../../wire/own/traces.ts'
import { readTraceRow, secondsOfId } from './trace-row.ts'

const LINE: OwnTraceLine = { type: 'trace', Id: '1-6b0177c9-0198d42ba80c17595fa17398', SegmentCount: 3 }

describe('readTraceRow', () => {
  test('of a summary with nothing in it, everything is blank', () => {
    expect(readTraceRow(LINE)).toEqual({
      id: LINE.Id,
      start: 1_795_258_313,
      duration: 0,
      inProgress: false,
      outcome: 'ok',
      method: '',
      url: '',
      entry: '',
      clientIp: '',
      userAgent: '',
      users: [],
      annotations: [],
      services: [],
      segments: 3,
      cause: '',
      revision: 0,
    })
  })

  test.each([
    [{ HasFault: true, HasError: true, HasThrottle: true }, 'fault'],
    [{ HasError: true, HasThrottle: true }, 'throttle'],
    [{ HasError: true }, 'error'],
    [{}, 'ok'],
  ])('%j is %s', (flags, outcome) => {
    expect(readTraceRow({ ...LINE, ...flags }).outcome).toBe(outcome)
  })

  test('a service is marked where the failure began, is there once, and a client is none', () => {
    const row = readTraceRow({
      ...LINE,
      ServiceIds: [
        { Name: 'web', Type: 'client' },
        { Name: 'web', Type: 'AWS::ECS::Container' },
        { Name: 'web', Type: 'remote' },
        { Name: 'payments' },
      ],
      FaultRootCauses: [
        {
          Services: [
            { Name: 'web' },
            {
              Name: 'payments',
              EntityPath: [{ Name: 'p', Exceptions: [{ Name: 'TypeError', Message: 'no currency' }] }],
            },
          ],
        },
      ],
    })
    expect(row.services).toEqual([
      { name: 'web', type: 'AWS::ECS::Container' },
      { name: 'payments', type: '', cause: 'fault' },
    ])
    expect(row.cause).toBe('payments · TypeError · no currency')
  })

  test('annotations of any type are texts, and `__proto__` is a key like others', () => {
    const annotations = JSON.parse(
      '{"n":[{"AnnotationValue":{"NumberValue":0}},{"AnnotationValue":{"BooleanValue":false}}],"__proto__":[{"AnnotationValue":{"StringValue":"x"}}]}',
    )
    expect(readTraceRow({ ...LINE, Annotations: annotations }).annotations).toEqual([
      ['n', '0, false'],
      ['__proto__', 'x'],
    ])
  })
})

test('an id that has no time is at the beginning', () => {
  expect(secondsOfId('nonsense')).toBe(0)
})
