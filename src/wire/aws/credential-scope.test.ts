import { expect, test } from 'vitest'
import { credentialScope } from './credential-scope.ts'

const defaults = { account: '000000000000', region: 'us-east-1' }
const signed = (credential: string) =>
  `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host;x-amz-date, Signature=00`

test.each<[string, string | undefined, string, object]>([
  ['unsigned', undefined, '/Traces', defaults],
  [
    'an access key that is an account',
    signed('123456789012/20260101/eu-west-1/xray/aws4_request'),
    '/',
    { account: '123456789012', region: 'eu-west-1' },
  ],
  [
    'any other key',
    signed('AKIDEXAMPLE/20260101/us-gov-west-1/xray/aws4_request'),
    '/',
    { ...defaults, region: 'us-gov-west-1' },
  ],
  [
    'no spaces after commas',
    signed('123456789012/20260101/eu-west-1/xray/aws4_request').replaceAll(', ', ','),
    '/',
    { account: '123456789012', region: 'eu-west-1' },
  ],
  [
    'SigV4a, which names no region',
    signed('123456789012/20260101/xray/aws4_request').replace('HMAC', 'ECDSA-P256'),
    '/',
    { ...defaults, account: '123456789012' },
  ],
  [
    'a presigned call',
    undefined,
    '/Traces?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=123456789012%2F20260101%2Feu-west-1%2Fxray%2Faws4_request',
    { account: '123456789012', region: 'eu-west-1' },
  ],
  ['a query that is not decodable', undefined, '/?X-Amz-Credential=%E0%A4%A', defaults],
  ['another scheme', 'Bearer Credential=123456789012/1/eu-west-1/xray/aws4_request', '/', defaults],
  [
    'a key of eleven digits',
    signed('12345678901/20260101/eu-west-1/xray/aws4_request'),
    '/',
    { ...defaults, region: 'eu-west-1' },
  ],
  [
    'a region that is none',
    signed("123456789012/20260101/eu'; DROP/xray/aws4_request"),
    '/',
    { ...defaults, account: '123456789012' },
  ],
  [
    'an upper-case region',
    signed('123456789012/20260101/EU/xray/aws4_request'),
    '/',
    { ...defaults, account: '123456789012' },
  ],
  [
    'a region without end',
    signed(`123456789012/20260101/${'a'.repeat(40)}/xray/aws4_request`),
    '/',
    { ...defaults, account: '123456789012' },
  ],
  ['nothing but the scheme', 'AWS4-HMAC-SHA256', '/', defaults],
  ['no credential', 'AWS4-HMAC-SHA256 Credential=', '/', defaults],
])('%s', (_, authorization, path, tenant) => {
  const headers = authorization === undefined ? {} : { authorization }
  expect(credentialScope({ method: 'POST', path, headers }, defaults)).toEqual(tenant)
})
