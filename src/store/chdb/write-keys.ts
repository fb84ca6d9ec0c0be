import type { Keys } from '../sql/engine.ts'

/** `{name:Type}` */
const PLACE = /\{(\w+):[^}]+\}/g
const HEX = /^[0-9a-f]*$/

/**
 * A statement with its values in its text. Throws for whatever is no digit, so that nothing that somebody sent can become
 * SQL, whatever the types of the caller say.
 */
export function writeKeys(sql: string, keys: Keys): string {
  return sql.replaceAll(PLACE, (place, name: string) => {
    const value = Object.hasOwn(keys, name) ? keys[name] : undefined
    if (value === undefined) throw new Error(`no value for ${place}`)
    return isList(value) ? `[${value.map(literal).join(',')}]` : literal(value)
  })
}

const isList = (value: Keys[string]): value is Extract<Keys[string], readonly unknown[]> => Array.isArray(value)

function literal(value: string | number): string {
  if (typeof value === 'string' && HEX.test(value)) return `'${value}'`
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return String(value)
  throw new Error(`${JSON.stringify(value)} is neither bytes in hex nor a number from 0 on`)
}
