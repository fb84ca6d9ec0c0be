import { expect, test } from 'vitest'
import { anEntity } from '../../test/fixtures/model-documents.ts'
import { effectiveFlags } from './effective-flags.ts'

test.each([
  { reason: 'nothing known', fields: {}, flags: '' },
  { reason: 'a redirect is fine', fields: { http: { status: 302 } }, flags: '' },
  { reason: '4xx', fields: { http: { status: 404 } }, flags: 'error' },
  { reason: '429', fields: { http: { status: 429 } }, flags: 'error throttle' },
  { reason: '5xx', fields: { http: { status: 503 } }, flags: 'fault' },
  { reason: 'no status of HTTP', fields: { http: { status: 600 } }, flags: '' },
  { reason: 'a flag without status', fields: { fault: true }, flags: 'fault' },
  { reason: 'a throttle is an error', fields: { throttle: true }, flags: 'error throttle' },
  { reason: 'unless it says that it is none', fields: { throttle: true, error: false }, flags: 'throttle' },
  { reason: 'a flag beside status 200 wins', fields: { error: true, http: { status: 200 } }, flags: 'error' },
  { reason: 'false beside status 500 wins', fields: { fault: false, http: { status: 500 } }, flags: '' },
  { reason: 'false beside status 429 wins', fields: { throttle: false, http: { status: 429 } }, flags: 'error' },
  { reason: 'several at once', fields: { error: true, http: { status: 500 } }, flags: 'fault error' },
])('$reason: $flags', ({ fields, flags }) => {
  const set = Object.entries(effectiveFlags(anEntity('a', fields))).filter(([, value]) => value)
  expect(set.map(([name]) => name).join(' ')).toBe(flags)
})
