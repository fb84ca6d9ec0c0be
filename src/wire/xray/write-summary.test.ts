import { expect, test } from 'vitest'
import type { TraceId } from '../../model/ids.ts'
import { readTraceId } from '../../model/ids.ts'
import type { TraceSummary } from '../../model/summary.ts'
import { writeSummary } from './write-summary.ts'

const bare: TraceSummary = {
  id: readTraceId('1-58406520-a006649127e371903a2de979') as TraceId,
  startTime: 1_480_615_200.010_000_2,
  duration: 0,
  hasFault: false,
  hasError: false,
  hasThrottle: false,
  isPartial: true,
  http: {},
  annotations: new Map(),
  users: [],
  serviceIds: [],
  resourceArns: [],
  instanceIds: [],
  availabilityZones: [],
  faultRootCauses: [],
  errorRootCauses: [],
  responseTimeRootCauses: [],
  revision: 1,
}

test('a trace of which little is known has every list, Http and Annotations, and nothing null', () => {
  expect(writeSummary(bare)).toStrictEqual({
    Id: '1-58406520-a006649127e371903a2de979',
    StartTime: 1_480_615_200.01,
    Duration: 0,
    HasFault: false,
    HasError: false,
    HasThrottle: false,
    IsPartial: true,
    Http: {},
    Annotations: {},
    Users: [],
    ServiceIds: [],
    ResourceARNs: [],
    InstanceIds: [],
    AvailabilityZones: [],
    FaultRootCauses: [],
    ErrorRootCauses: [],
    ResponseTimeRootCauses: [],
    Revision: 1,
  })
})

test('a trace of which everything is known', () => {
  const web = { name: 'web', names: ['web'], type: 'AWS::EC2::Instance', accountId: '111122223333' }
  const written = writeSummary({
    ...bare,
    responseTime: 1.5,
    http: { url: 'http://x/', method: 'GET', userAgent: 'curl', clientIp: '1.2.3.4', status: 200 },
    annotations: new Map([
      ['__proto__', [{ value: 'text', serviceIds: [web] }]],
      [
        'mixed',
        [
          { value: 7, serviceIds: [] },
          { value: true, serviceIds: [] },
        ],
      ],
    ]),
    users: [{ name: 'ann', serviceIds: [web] }],
    serviceIds: [web],
    resourceArns: ['arn:x'],
    instanceIds: ['i-1'],
    availabilityZones: ['us-east-1a'],
    entryPoint: web,
    faultRootCauses: [
      {
        services: [
          {
            serviceId: web,
            inferred: false,
            entityPath: [
              { name: 'web', remote: false, exceptions: [{ name: 'Oops', message: 'no' }, { name: 'Bare' }] },
            ],
          },
        ],
        clientImpacting: true,
      },
    ],
    errorRootCauses: [{ services: [], clientImpacting: false }],
    responseTimeRootCauses: [
      {
        services: [{ serviceId: web, inferred: true, entityPath: [{ name: 'web', remote: true, coverage: 0.5 }] }],
        clientImpacting: true,
      },
    ],
  })
  const Web = { Name: 'web', Names: ['web'], AccountId: '111122223333', Type: 'AWS::EC2::Instance' }
  expect(written).toMatchObject({
    ResponseTime: 1.5,
    Http: { HttpURL: 'http://x/', HttpStatus: 200, HttpMethod: 'GET', UserAgent: 'curl', ClientIp: '1.2.3.4' },
    Users: [{ UserName: 'ann', ServiceIds: [Web] }],
    ServiceIds: [Web],
    ResourceARNs: [{ ARN: 'arn:x' }],
    InstanceIds: [{ Id: 'i-1' }],
    AvailabilityZones: [{ Name: 'us-east-1a' }],
    EntryPoint: Web,
    FaultRootCauses: [
      {
        Services: [
          {
            ...Web,
            Inferred: false,
            EntityPath: [
              { Name: 'web', Remote: false, Exceptions: [{ Name: 'Oops', Message: 'no' }, { Name: 'Bare' }] },
            ],
          },
        ],
        ClientImpacting: true,
      },
    ],
    ErrorRootCauses: [{ Services: [], ClientImpacting: false }],
    ResponseTimeRootCauses: [
      {
        Services: [{ ...Web, Inferred: true, EntityPath: [{ Name: 'web', Remote: true, Coverage: 0.5 }] }],
        ClientImpacting: true,
      },
    ],
  })
  expect(
    JSON.parse(JSON.stringify(written.Annotations), (key, value) => (key === '__proto__' ? undefined : value)),
  ).toEqual({
    mixed: [
      { AnnotationValue: { NumberValue: 7 }, ServiceIds: [] },
      { AnnotationValue: { BooleanValue: true }, ServiceIds: [] },
    ],
  })
  expect(JSON.stringify(written.Annotations)).toContain('"__proto__":[{"AnnotationValue":{"StringValue":"text"}')
})
