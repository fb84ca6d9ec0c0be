import { describe, expect, test } from 'vitest'
import { anEntity } from '../../test/fixtures/model-documents.ts'
import type { JsonObject } from './json.ts'
import { calledNode, canonicalServiceName, isCall } from './called-node.ts'

test.each([
  ['dynamodb', 'DynamoDB'],
  ['AmazonDynamoDBv2', 'DynamoDB'],
  ['DynamoDBv2', 'DynamoDB'],
  ['Amazon S3', 'S3'],
  ['AWSLambda', 'Lambda'],
  ['states', 'StepFunctions'],
  ['SFN', 'StepFunctions'],
  ['eventbridge', 'Events'],
  ['secretsmanager', 'SecretsManager'],
  ['AWSAppSync', 'AppSync'],
  ['Bedrock Runtime', 'Bedrock Runtime'],
  ['aws', 'aws'],
  ['__proto__', '__proto__'],
])('the service that is sent as %s is %s', (sent, name) => {
  expect(canonicalServiceName(sent)).toBe(name)
})

describe('the node of an AWS call', () => {
  test.each<{ service: string; aws?: JsonObject; name: string; type: string }>([
    { service: 'dynamodb', aws: { table_name: 't' }, name: 't', type: 'AWS::DynamoDB::Table' },
    { service: 'DynamoDB', aws: { table_names: ['t1', 't2'] }, name: 't1', type: 'AWS::DynamoDB::Table' },
    { service: 'DynamoDB', aws: { table_names: "dict_keys(['t1'])" }, name: 't1', type: 'AWS::DynamoDB::Table' },
    { service: 'DynamoDB', aws: { resource_names: ['r'] }, name: 'r', type: 'AWS::DynamoDB::Table' },
    { service: 'DynamoDB', aws: { table_names: 'dict_keys([])' }, name: 'DynamoDB', type: 'AWS::DynamoDB' },
    { service: 'SNS', aws: { topic_arn: 'arn:aws:sns:us-east-1:1:t' }, name: 'SNS', type: 'AWS::SNS' },
    { service: 'SQS', aws: { queue_url: 'https://q/1/q' }, name: 'https://q/1/q', type: 'AWS::SQS::Queue' },
    { service: 'SQS', name: 'SQS', type: 'AWS::SQS' },
    { service: 'S3', aws: { bucket_name: 'b' }, name: 'b', type: 'AWS::S3::Bucket' },
    { service: 'S3', aws: {}, name: 'S3', type: 'AWS::S3' },
    { service: 'Lambda', aws: { function_name: 'f' }, name: 'f', type: 'AWS::Lambda' },
    {
      service: 'Lambda',
      aws: { function_name: 'arn:aws:lambda:us-east-1:1:function:f:PROD' },
      name: 'f',
      type: 'AWS::Lambda',
    },
    { service: 'Lambda', name: 'Lambda', type: 'AWS::Lambda' },
    { service: 'kinesis', name: 'Kinesis', type: 'AWS::Kinesis' },
    { service: 'cognito-idp', name: 'cognito-idp', type: 'AWS::cognito-idp' },
  ])('$service $aws → $name, $type', ({ service, aws, name, type }) => {
    const call = anEntity('a', { name: service, namespace: 'aws', ...(aws === undefined ? {} : { aws }) })
    expect(calledNode(call)).toEqual({ name, names: [name], type })
  })

  test('is in the account that the call names', () => {
    const aws = { account_id: '123456789012', table_name: 't' }
    expect(calledNode(anEntity('a', { name: 'DynamoDB', namespace: 'aws', aws }))).toMatchObject({
      accountId: '123456789012',
    })
  })
})

test.each([
  { reason: 'a host', fields: { name: 'example.com' }, type: 'remote' },
  { reason: 'a database, were nothing known of it', fields: { name: 'example.com', sql: {} }, type: 'Database::SQL' },
])('the node of any other call: $reason', ({ fields, type }) => {
  const node = calledNode(anEntity('a', { namespace: 'remote', ...fields }))
  expect(node).toEqual({ name: 'example.com', names: ['example.com'], type })
})

test.each([
  ['aws', true],
  ['remote', true],
  ['local', false],
  ['other', false],
  [undefined, false],
])('the namespace %s makes a call: %s', (namespace, call) => {
  expect(isCall(anEntity('a', namespace === undefined ? {} : { namespace }))).toBe(call)
})
