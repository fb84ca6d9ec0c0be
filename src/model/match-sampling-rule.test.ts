import { expect, test } from 'vitest'
import type { SamplingRequest } from './match-sampling-rule.ts'
import { considerRules, matchesWildcards } from './match-sampling-rule.ts'
import type { SamplingRule } from './sampling-rule.ts'

test.each<[pattern: string, text: string, matches: boolean, why: string]>([
  ['*', '', true, '* covers nothing, too'],
  ['*', 'anything', true, 'or everything'],
  ['', '', true, 'an empty pattern is an empty text'],
  ['', 'a', false, 'and no other'],
  ['?', '', false, '? is one character, not none'],
  ['?', 'a', true, 'any one'],
  ['?', '😀', true, 'a character is a code point'],
  ['??', 'a', false, 'one for each'],
  ['GET', 'get', true, 'upper and lower case are the same'],
  ['api.*.com', 'API.eu.example.COM', true, 'a run holds dots'],
  ['/cart', '/cart/1', false, 'the whole text is covered'],
  ['/cart/*', '/cart', false, 'the slash is asked for'],
  ['*/items/?', '/a/items/b/items/7', true, 'a run is as long as it must be'],
  ['*a*b*', 'xxbxxa', false, 'in order'],
  ['a.c', 'abc', false, 'a dot is a dot'],
  ['a[b]', 'b', false, 'brackets are brackets'],
  [`${'*a'.repeat(30)}b`, 'a'.repeat(5000), false, 'and it takes no time that grows with the stars'],
])('%j and %j: %s, %s', (pattern, text, matches) => {
  expect(matchesWildcards(pattern, text)).toBe(matches)
})

const any = { resourceArn: '*', serviceName: '*', serviceType: '*', host: '*', httpMethod: '*', urlPath: '*' }
const rule = (name: string, more: Partial<SamplingRule> = {}): SamplingRule => ({
  ...any,
  name,
  priority: 100,
  fixedRate: 0.1,
  reservoirSize: 1,
  attributes: [],
  ...more,
})
const last = rule('Default', { priority: 10_000 })

test.each<[why: string, rules: readonly SamplingRule[], request: SamplingRequest, winner: string]>([
  ['the least priority wins', [last, rule('b', { priority: 2 }), rule('c', { priority: 1 })], {}, 'c'],
  ['of equal ones the first by name', [rule('b'), rule('a'), last], {}, 'a'],
  ['Default is last, whatever its number', [rule('Default', { priority: 1 }), rule('z', { priority: 9999 })], {}, 'z'],
  [
    'each matcher has to match',
    [rule('a', { host: 'a', httpMethod: 'GET' }), last],
    { host: 'a', httpMethod: 'PUT' },
    'Default',
  ],
  ['what the request does not say matches', [rule('a', { host: 'shop', urlPath: '/x' }), last], { urlPath: '/x' }, 'a'],
  ['service name', [rule('a', { serviceName: 'web*' }), last], { serviceName: 'api' }, 'Default'],
  ['service type', [rule('a', { serviceType: 'AWS::ECS::*' }), last], { serviceType: 'AWS::ECS::Container' }, 'a'],
  ['SDKs drop rules for resources', [rule('a', { resourceArn: 'arn:aws:lambda:*' }), last], {}, 'Default'],
  ['but a resource can be asked about', [rule('a', { resourceArn: 'arn:*' }), last], { resourceArn: 'arn:aws:x' }, 'a'],
  ['every attribute has to be there', [rule('a', { attributes: [['tier', '*']] }), last], {}, 'Default'],
  [
    'and to match',
    [rule('a', { attributes: [['tier', 'G*']] }), last],
    { attributes: new Map([['tier', 'gold']]) },
    'a',
  ],
])('%s', (_, rules, request, winner) => {
  expect(considerRules(rules, request).find(({ failed }) => failed.length === 0)?.rule.name).toBe(winner)
})

test('what failed is named, and rules after the one that decides are considered, too', () => {
  const strict = rule('strict', { host: 'a', urlPath: '/b', attributes: [['__proto__', 'x']], priority: 1 })
  expect(considerRules([last, strict], { host: 'b', urlPath: '/c' })).toEqual([
    {
      rule: strict,
      failed: [
        { kind: 'matcher', name: 'host' },
        { kind: 'matcher', name: 'urlPath' },
        { kind: 'attribute', name: '__proto__' },
      ],
    },
    { rule: last, failed: [] },
  ])
})
