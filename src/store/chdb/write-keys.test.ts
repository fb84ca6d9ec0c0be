import { expect, it } from 'vitest'
import type { Hex, Keys } from '../sql/engine.ts'
import { writeKeys } from './write-keys.ts'

const hex = (digits: string): Hex => digits as Hex

it('puts each value into all of its places', () => {
  const sql =
    'a = unhex({a:String}) AND b IN {b:Array(UInt32)} AND c = {c:UInt32} OR unhex({a:String}) IN {d:Array(String)}'
  const keys: Keys = { a: hex('00ff'), b: [1, 20], c: 0, d: [hex('ab'), hex('')] }
  expect(writeKeys(sql, keys)).toBe("a = unhex('00ff') AND b IN [1,20] AND c = 0 OR unhex('00ff') IN ['ab','']")
})

it.each<[string, unknown]>([
  ['a quote', "ab' OR '1"],
  ['a backslash', 'ab\\'],
  ['a letter that is no digit', 'g0'],
  ['upper case', 'AB'],
  ['a line end', 'ab\n'],
  ['a place', '{a:String}'],
  ['a fraction', 1.5],
  ['a number below 0', -1],
  ['no number', Number.NaN],
  ['a number that is not exact', 2 ** 60],
  ['nothing', undefined],
])('refuses %s, alone and in a list', (_, value) => {
  expect(() => writeKeys('x = {a:String}', { a: value } as Keys)).toThrow(Error)
  expect(() => writeKeys('x IN {a:Array(String)}', { a: [value] } as Keys)).toThrow(Error)
})

it('takes no value from a prototype', () => {
  expect(() => writeKeys('x = {constructor:String}', {})).toThrow('no value for {constructor:String}')
})
