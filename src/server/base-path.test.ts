import { expect, it } from 'vitest'

import { basePathOf, readBasePath, withoutBasePath } from './base-path.ts'

it.each<[string, string | undefined]>([
  ['/', '/'],
  ['/tracing', '/tracing/'],
  ['/tracing/', '/tracing/'],
  ['/a.b/c-d/_~', '/a.b/c-d/_~/'],
  ['', '/'],
  ['tracing', undefined],
  ['//evil.example', undefined],
  ['/a//b', undefined],
  ['/../a', undefined],
  ['/a/./b', undefined],
  ['/a b', undefined],
  ['/a"><script>', undefined],
  ['/a%2f', undefined],
  ['/a?b', undefined],
  [`/${'a'.repeat(300)}`, undefined],
])('reads %j as %j', (text, expected) => {
  expect(readBasePath(text)).toBe(expected)
})

it.each<[string, string | undefined, string]>([
  ['the header wins', '/proxy', '/proxy/'],
  ['of none, the configured one', undefined, '/tracing/'],
  ['nonsense is none', 'javascript:alert(1)', '/tracing/'],
  ['another host is nonsense', '//evil.example/', '/tracing/'],
  ['a proxy may say the root', '/', '/'],
])('%s', (_, header, expected) => {
  expect(basePathOf(header === undefined ? {} : { 'x-forwarded-prefix': header }, '/tracing/')).toBe(expected)
})

it.each<[string, string, string]>([
  ['/tracing/Traces?a=/tracing/', '/tracing/', '/Traces?a=/tracing/'],
  ['/tracing/', '/tracing/', '/'],
  ['/tracing', '/tracing/', '/'],
  ['/tracing?t=1h', '/tracing/', '/?t=1h'],
  ['/tracings', '/tracing/', '/tracings'],
  ['/Traces', '/tracing/', '/Traces'],
  ['/Traces', '/', '/Traces'],
  ['*', '/tracing/', '*'],
])('%s below %s is %s', (target, basePath, expected) => {
  expect(withoutBasePath(target, basePath)).toBe(expected)
})
