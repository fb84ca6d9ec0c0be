import { expect, test } from 'vitest'
import { requestText, shortened } from './request-text.ts'

test.each([
  ['https://shop.example/cart?x=1', { host: 'shop.example', path: '/cart', query: '?x=1' }],
  ['https://shop.example', { host: 'shop.example', path: '/', query: '' }],
  ['https://shop.example?x', { host: 'shop.example', path: '/', query: '?x' }],
  ['/cart', { host: '', path: '/cart', query: '' }],
  ['javascript:alert(1)', { host: '', path: 'javascript:alert(1)', query: '' }],
  ['file:///etc/passwd', { host: '', path: '/etc/passwd', query: '' }],
  ['', { host: '', path: '', query: '' }],
  ['two\nlines', { host: '', path: 'two\nlines', query: '' }],
])('%j', (url, parts) => {
  expect(requestText(url)).toEqual(parts)
})

test.each([
  ['short', 10, 'short'],
  ['/a/very/long/path/to/orders', 12, '/a/very…ders'],
  ['👍👍👍👍👍', 4, '👍👍…👍'],
])('%s in %i characters is %s', (text, most, short) => {
  expect(shortened(text, most)).toBe(short)
})
