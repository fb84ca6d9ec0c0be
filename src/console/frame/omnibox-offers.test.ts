import { expect, test } from 'vitest'
import { omniboxOffers } from './omnibox-offers.ts'
import { readOmnibox } from './read-omnibox.ts'

const ID = '1-5759e988-bd862e3fe1be46a994272793'
const remembered = {
  recentTraces: [{ id: ID, name: 'POST /checkout' }],
  savedQueries: [{ name: 'slow', filter: 'duration > 2' }],
}
const services = ['web', 'payments', 'web-admin', 'cobweb']

function offered(typed: string): readonly string[] {
  return omniboxOffers(readOmnibox(typed), services, remembered).map(({ part, text }) => `${part}: ${text}`)
}

test.for<[string, readonly string[], string]>([
  ['', ['Recent traces: POST /checkout', 'Saved queries: slow'], 'what is remembered'],
  [ID, [`Trace: Open ${ID}`], 'a trace'],
  ['53995c3f42cd8ad8', ['Segment: Find segment 53995c3f42cd8ad8'], 'a segment'],
  ['fault = true', ['Traces: fault = true'], 'a filter'],
  [
    'WEB',
    ['Services: web', 'Services: web-admin', 'Services: cobweb', 'Traces: WEB', 'Traces: http.url CONTAINS "WEB"'],
    'services, those first that begin so',
  ],
  ['fault', ['Traces: fault', 'Traces: http.url CONTAINS "fault"'], 'a word that no service has'],
])('%j offers %j: %s', ([typed, expected]) => {
  expect(offered(typed)).toEqual(expected)
})

test('offers of one list have names of their own', () => {
  const ids = omniboxOffers(readOmnibox('web'), services, remembered).map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
})
