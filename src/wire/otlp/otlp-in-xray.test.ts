import { expect, it } from 'vitest'
import { otlpKey } from './otlp-in-xray.ts'

it.each([
  ['sampled spans', 'T1SCgQKAhIA'],
  ['spans that were not sampled', 'T1UCgQKAhIA'],
  ['nothing after the mark', 'T1S'],
])('knows %s', (_story, text) => {
  expect(otlpKey(text)).toMatch(/^[0-9a-f]{16}$/)
  expect(otlpKey(text)).toBe(otlpKey(text))
  expect(otlpKey(`${text}A`)).not.toBe(otlpKey(text))
})

it.each(['{"id":"53995c3f42cd8ad8"}', 'T1', 't1S', ' T1S', ''])('leaves %j to others', (text) => {
  expect(otlpKey(text)).toBeUndefined()
})
