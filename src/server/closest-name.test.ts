import { expect, it } from 'vitest'

import { closestName } from './closest-name.ts'

const names = ['host', 'port', 'udpPort', 'spoolLimit']

it.each<[string, string | undefined, string]>([
  ['prot', 'port', 'two letters swapped'],
  ['HOST', 'host', 'case does not matter'],
  ['spoolimit', 'spoolLimit', 'a letter missing'],
  ['udp-port', 'udpPort', 'a letter too many'],
  ['colour', undefined, 'nothing is near'],
  ['', undefined, 'nothing was given'],
])('%s → %s: %s', (given, expected, _reason) => {
  expect(closestName(given, names)).toBe(expected)
})

it('has nothing to offer from no names', () => {
  expect(closestName('port', [])).toBeUndefined()
})
