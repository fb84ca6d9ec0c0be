import { expect, test } from 'vitest'
import { isLegalName, legalName } from './entity-name.ts'

test.each([
  ['api.example.com:443/orders_v2?'.slice(0, -1), true],
  ['a%b&c#d=e+f-g@h\\i', true],
  ['Bestellungen für Kärnten', true],
  ['注文サービス', true],
  ['a\u2028b\u00a0c', true],
  ['x'.repeat(200), true],
  ['x'.repeat(201), false],
  ['𐐷'.repeat(200), true],
  ['𐐷'.repeat(201), false],
  ['', false],
  ['a\tb', false],
  ['é\n', false],
  ['🚀', false],
  ['\ud800', false],
  ...Array.from('?()$,;*!~^<>[]{}\'"|`', (sign): [string, boolean] => [`a${sign}`, false]),
])('%j is legal: %s', (name, legal) => {
  expect(isLegalName(name)).toBe(legal)
})

test.each([
  ['api', 'api'],
  ['$Proxy42.save()', 'Proxy42.save'],
  ['🚀 rocket\t', ' rocket'],
  ['???', 'unknown'],
  [`?${'𐐷'.repeat(300)}`, '𐐷'.repeat(200)],
])('%j is repaired to %j', (name, repaired) => {
  expect(legalName(name)).toBe(repaired)
  expect(isLegalName(repaired)).toBe(true)
})
