import { expect, test } from 'vitest'
import { looksLikeFilter, readOmnibox, type OmniboxText } from './read-omnibox.ts'

const HEX = '5759e988bd862e3fe1be46a994272793'
const ID = '1-5759e988-bd862e3fe1be46a994272793'
const SEGMENT = '53995c3f42cd8ad8'
const trace: OmniboxText = { kind: 'trace', id: ID }
const segmentOfTrace: OmniboxText = { kind: 'trace', id: ID, segment: SEGMENT }

test.for<[string, OmniboxText, string]>([
  ['', { kind: 'empty' }, 'nothing'],
  ['  \n ', { kind: 'empty' }, 'nothing but space'],
  [ID, trace, 'as X-Ray writes it'],
  [ID.toUpperCase(), trace, 'in capitals'],
  [` ${ID}\n`, trace, 'copied with a line end'],
  [`"${ID}",`, trace, 'copied from JSON'],
  [HEX, trace, 'as W3C writes it'],
  [`Root=${ID}`, trace, 'a header without a parent'],
  [`Root=${ID};Parent=${SEGMENT};Sampled=1`, segmentOfTrace, 'a header'],
  [`Root=${ID}; Parent=${SEGMENT}; Sampled=1; Lineage=a:1|b:0`, segmentOfTrace, 'a header with spaces and more in it'],
  [`Self=1-5759e989-000000000000000000000001;Root=${ID}`, trace, 'a header that passed a load balancer'],
  [`X-Amzn-Trace-Id: Root=${ID};Parent=${SEGMENT};Sampled=0`, segmentOfTrace, 'a line of a log'],
  [`"x-amzn-trace-id": "Root=${ID};Parent=${SEGMENT};Sampled=1",`, segmentOfTrace, 'a line of logged JSON'],
  [`_X_AMZN_TRACE_ID=Root=${ID};Parent=${SEGMENT};Sampled=1`, segmentOfTrace, "Lambda's variable"],
  [`Root=${HEX};Parent=${SEGMENT}`, segmentOfTrace, 'a header with the other form'],
  [`Root=${ID};Parent=xyz`, trace, 'a parent that is none'],
  [`00-${HEX}-${SEGMENT}-01`, segmentOfTrace, 'traceparent'],
  [`traceparent: 00-${HEX}-${SEGMENT}-01`, segmentOfTrace, 'traceparent with its name'],
  [`cc-${HEX}-${SEGMENT}-01-later`, segmentOfTrace, 'traceparent of a later version'],
  [`00-${'0'.repeat(32)}-${SEGMENT}-01`, { kind: 'text', text: `00-${'0'.repeat(32)}-${SEGMENT}-01` }, 'no trace'],
  [SEGMENT, { kind: 'segment', id: SEGMENT }, 'a segment'],
  [SEGMENT.toUpperCase(), { kind: 'segment', id: SEGMENT }, 'a segment in capitals'],
  [`https://eu-west-1.console.aws.amazon.com/xray/home?region=eu-west-1#/traces/${ID}`, trace, "AWS's address"],
  [`http://127.0.0.1:2000/traces/${ID}?as=raw`, trace, 'an address of ours'],
  ['checkout', { kind: 'text', text: 'checkout' }, 'a service'],
  ['service("api") { fault }', { kind: 'text', text: 'service("api") { fault }' }, 'a filter keeps its quotes'],
  [`annotation.trace = "${ID}"`, { kind: 'text', text: `annotation.trace = "${ID}"` }, 'a filter that names an id'],
  ['"', { kind: 'text', text: '"' }, 'a quote alone'],
  ['traceparent:', { kind: 'text', text: 'traceparent:' }, 'a header that is empty'],
])('%j is %j: %s', ([typed, expected]) => {
  expect(readOmnibox(typed)).toEqual(expected)
})

test.for<[string, boolean]>([
  ['fault = true', true],
  ['service("api")', true],
  ['error and throttle', true],
  ['orders', false],
  ['order service', false],
])('%j looks like a filter: %s', ([text, expected]) => {
  expect(looksLikeFilter(text)).toBe(expected)
})
