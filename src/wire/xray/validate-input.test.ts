import { describe, expect, test } from 'vitest'
import type { Json } from '../../model/json.ts'
import type { OperationName } from './shapes.generated.ts'
import { operations } from './shapes.generated.ts'
import { readInput } from './validate-input.ts'

const ID = '1-58406520-a006649127e371903a2de979'

const rule = {
  ResourceARN: '*',
  Priority: 1,
  FixedRate: 0.5,
  ReservoirSize: 1,
  ServiceName: '*',
  ServiceType: '*',
  Host: '*',
  HTTPMethod: '*',
  URLPath: '*',
  Version: 1,
}

describe('what is read', () => {
  test.each<[string, OperationName, Json, unknown]>([
    ['a member', 'BatchGetTraces', { TraceIds: [ID] }, { TraceIds: [ID] }],
    ['null as absent', 'BatchGetTraces', { TraceIds: [ID], NextToken: null }, { TraceIds: [ID] }],
    ['unknown members not at all', 'GetGroups', { Foo: { Bar: [1] } }, {}],
    [
      'a nested null as absent',
      'CreateGroup',
      { GroupName: 'g', InsightsConfiguration: { InsightsEnabled: null } },
      { GroupName: 'g', InsightsConfiguration: {} },
    ],
    ['an empty list', 'PutTraceSegments', { TraceSegmentDocuments: [] }, { TraceSegmentDocuments: [] }],
    [
      'times as numbers',
      'GetServiceGraph',
      { StartTime: 1.5, EndTime: 1.48e9 },
      { StartTime: 1.5, EndTime: 1_480_000_000 },
    ],
    [
      'times in UTC',
      'GetServiceGraph',
      { StartTime: '1970-01-01T00:00:01Z', EndTime: '1970-01-02T00:00:00.250Z' },
      { StartTime: 1, EndTime: 86_400.25 },
    ],
    [
      'times with an offset',
      'GetServiceGraph',
      { StartTime: '1970-01-01T02:00:00+02:00', EndTime: '1970-01-01T02:00:00+0200' },
      { StartTime: 0, EndTime: 0 },
    ],
    [
      'times without one as UTC',
      'GetServiceGraph',
      { StartTime: '1970-01-01', EndTime: '1970-01-01 00:01' },
      { StartTime: 0, EndTime: 60 },
    ],
    [
      'a list of structures',
      'TagResource',
      { ResourceARN: 'a', Tags: [{ Key: 'k', Value: '' }] },
      { ResourceARN: 'a', Tags: [{ Key: 'k', Value: '' }] },
    ],
    [
      'a map, its nulls dropped',
      'CreateSamplingRule',
      { SamplingRule: { ...rule, Attributes: { a: 'b', c: null } } },
      { SamplingRule: { ...rule, Attributes: { a: 'b' } } },
    ],
  ])('%s', (_, operation, body, value) => {
    expect(readInput(operation, body)).toEqual({ ok: true, value })
  })

  test('__proto__ as a key of a map stays a key', () => {
    const body = JSON.parse(
      JSON.stringify({ SamplingRule: { ...rule, Attributes: { key: 'x' } } }).replace('"key"', '"__proto__"'),
    )
    const read = readInput('CreateSamplingRule', body)
    expect(JSON.stringify(read)).toContain('"Attributes":{"__proto__":"x"}')
  })

  test('a length counts code points', () => {
    expect(readInput('GetGroup', { GroupName: '🙂'.repeat(32) })).not.toHaveProperty('violation')
    expect(readInput('GetGroup', { GroupName: '🙂'.repeat(33) })).toHaveProperty('violation')
  })

  test('every operation has a shape that can be read', () => {
    for (const operation of Object.keys(operations) as OperationName[]) {
      const read = readInput(operation, {})
      expect([operation, read.ok ? 'read' : read.failure.code]).toEqual([
        operation,
        read.ok ? 'read' : 'InvalidRequestException',
      ])
    }
    expect(Object.keys(operations)).toHaveLength(38)
  })
})

describe('a wrong JSON type is a SerializationException', () => {
  test.each<[OperationName, Json, string]>([
    ['GetGroups', [], 'The request body must be an object, but is a list'],
    ['GetGroups', null, 'The request body must be an object, but is null'],
    ['GetGroups', 'x', 'The request body must be an object, but is a string'],
    ['PutTraceSegments', { TraceSegmentDocuments: '{}' }, 'TraceSegmentDocuments must be a list, but is a string'],
    [
      'PutTraceSegments',
      { TraceSegmentDocuments: ['{}', 7] },
      'TraceSegmentDocuments[1] must be a string, but is an integer',
    ],
    ['PutTraceSegments', { TraceSegmentDocuments: [null] }, 'TraceSegmentDocuments[0] must be a string, but is null'],
    [
      'GetTraceSummaries',
      { StartTime: '12', EndTime: 2 },
      'StartTime must be a time in epoch seconds, but is a string',
    ],
    [
      'GetTraceSummaries',
      { StartTime: Infinity, EndTime: 2 },
      'StartTime must be a time in epoch seconds, but is a number',
    ],
    [
      'GetTraceSummaries',
      { StartTime: '2024-13-01T00:00:00Z', EndTime: 2 },
      'StartTime must be a time in epoch seconds, but is a string',
    ],
    [
      'GetTraceSummaries',
      { StartTime: 1, EndTime: 2, Sampling: 'true' },
      'Sampling must be a boolean, but is a string',
    ],
    [
      'GetTraceSummaries',
      { StartTime: 1, EndTime: 2, SamplingStrategy: { Value: '1' } },
      'SamplingStrategy.Value must be a number, but is a string',
    ],
    ['GetInsightEvents', { InsightId: 'x', MaxResults: 1.5 }, 'MaxResults must be an integer, but is a number'],
    [
      'CreateSamplingRule',
      { SamplingRule: { ...rule, Attributes: [] } },
      'SamplingRule.Attributes must be an object, but is a list',
    ],
    // Types come before required members, and those before bounds.
    ['GetTraceSummaries', { TimeRangeType: 1 }, 'TimeRangeType must be a string, but is an integer'],
  ])('%s %j', (operation, body, message) => {
    expect(readInput(operation, body)).toEqual({ ok: false, failure: { code: 'SerializationException', message } })
  })

  test('an object where a document is to be text says what the client forgot', () => {
    const read = readInput('PutTraceSegments', { TraceSegmentDocuments: ['{}', { name: 'x' }] })
    expect(read).toMatchObject({ ok: false, failure: { code: 'SerializationException' } })
    expect(read).toHaveProperty(
      'failure.message',
      expect.stringContaining(
        'TraceSegmentDocuments[1] must be a string, but is an object: the client forgot to stringify it',
      ),
    )
  })
})

describe('what is missing', () => {
  test.each<[OperationName, Json, string]>([
    ['PutTraceSegments', {}, 'TraceSegmentDocuments is required'],
    ['PutTraceSegments', { TraceSegmentDocuments: null }, 'TraceSegmentDocuments is required'],
    ['GetTraceSummaries', {}, 'StartTime is required'],
    ['GetTraceSummaries', { StartTime: 1 }, 'EndTime is required'],
    ['CreateSamplingRule', { SamplingRule: { ...rule, Host: null } }, 'SamplingRule.Host is required'],
    ['TagResource', { ResourceARN: '', Tags: [{ Key: 'k' }] }, 'Tags[0].Value is required'],
  ])('%s %j', (operation, body, message) => {
    expect(readInput(operation, body)).toEqual({ ok: false, failure: { code: 'InvalidRequestException', message } })
  })
})

describe('what is out of bounds', () => {
  const one = '1 validation error detected: '
  test.each<[OperationName, Json, string]>([
    [
      'GetGroup',
      { GroupName: 'x'.repeat(33) },
      `${one}Value '${'x'.repeat(33)}' at 'groupName' failed to satisfy constraint: Member must have length less than or equal to 32`,
    ],
    [
      'GetGroup',
      { GroupName: '' },
      `${one}Value '' at 'groupName' failed to satisfy constraint: Member must have length greater than or equal to 1`,
    ],
    [
      'BatchGetTraces',
      { TraceIds: ['a', 'x'.repeat(36)] },
      `${one}Value '${'x'.repeat(36)}' at 'traceIds.2.member' failed to satisfy constraint: Member must have length less than or equal to 35`,
    ],
    [
      'GetInsightEvents',
      { InsightId: '00000000-0000-1000-8000-000000000000', MaxResults: 51 },
      `${one}Value '51' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 50`,
    ],
    [
      'GetTraceSummaries',
      { StartTime: 1, EndTime: 2, TimeRangeType: 'x' },
      `${one}Value 'x' at 'timeRangeType' failed to satisfy constraint: Member must satisfy enum value set: [TraceId, Event, Service]`,
    ],
    [
      'DeleteResourcePolicy',
      { PolicyName: 'a b' },
      `${one}Value 'a b' at 'policyName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]+`,
    ],
    [
      'CreateSamplingRule',
      { SamplingRule: { ...rule, FixedRate: 2, Version: 0 } },
      "2 validation errors detected: Value '2' at 'samplingRule.fixedRate' failed to satisfy constraint: Member must have value less than or equal to 1; Value '0' at 'samplingRule.version' failed to satisfy constraint: Member must have value greater than or equal to 1",
    ],
    [
      'PutTelemetryRecords',
      { TelemetryRecords: [{ Timestamp: 1, SegmentsSentCount: 2 ** 31 }] },
      `${one}Value '2147483648' at 'telemetryRecords.1.member.segmentsSentCount' failed to satisfy constraint: Member must have value less than or equal to 2147483647`,
    ],
    [
      'TagResource',
      { ResourceARN: 'a', Tags: [{ Key: '', Value: '' }] },
      `${one}Value '' at 'tags.1.member.key' failed to satisfy constraint: Member must have length greater than or equal to 1`,
    ],
    [
      'StartTraceRetrieval',
      { StartTime: 1, EndTime: 2, TraceIds: Array<string>(101).fill(ID) },
      `${one}Value '[101 elements]' at 'traceIds' failed to satisfy constraint: Member must have length less than or equal to 100`,
    ],
    [
      'UpdateIndexingRule',
      { Name: 'Default', Rule: {} },
      `${one}Value '{0 members}' at 'rule' failed to satisfy constraint: Member must have exactly one member set`,
    ],
  ])('%s %j', (operation, body, message) => {
    expect(readInput(operation, body)).toMatchObject({
      ok: true,
      violation: { code: 'InvalidRequestException', message },
    })
  })

  test('a hostile value does not grow the message', () => {
    const read = readInput('BatchGetTraces', { TraceIds: Array<string>(10_000).fill('x'.repeat(1_000)) })
    const message = read.ok ? (read.violation?.message ?? '') : ''
    expect(message).toMatch(/^10 validation errors detected: Value 'x{100}…' at 'traceIds\.1\.member'/)
    expect(message.length).toBeLessThan(4_000)
  })
})
