import { expect, it } from 'vitest'
import { dropsOf } from './kernel-drops.ts'

const TABLE = `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  105: 0100007F:07D0 00000000:0000 07 00000000:00000000 00:00000000 00000000  1000        0 12345 2 0000000000000000 42
  106: 00000000:0050 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 12346 2 0000000000000000 0
`

it.each([
  [2000, [42]],
  [80, [0]],
  [2001, []],
])('port %i: %o', (port, drops) => {
  expect(dropsOf(TABLE, port)).toEqual(drops)
})
