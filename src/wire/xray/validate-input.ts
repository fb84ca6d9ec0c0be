import type { Json, JsonObject } from '../../model/json.ts'
import type { ShapeRule } from './shape-rule.ts'
import type { OperationName, Shapes } from './shapes.generated.ts'
import { operations, shapeRules } from './shapes.generated.ts'

/** Why an input was turned away, with the AWS error that says so. */
export type InputFailure = {
  readonly code: 'SerializationException' | 'InvalidRequestException'
  readonly message: string
}

/**
 * What was read of an input. A bound, enum or pattern that is broken leaves the value readable, because some operations
 * have a check of their own that goes first (spec/query §2.6); without one, `violation` is the answer.
 */
export type InputRead<Input> =
  | { readonly ok: true; readonly value: Input; readonly violation?: InputFailure }
  | { readonly ok: false; readonly failure: InputFailure }

/** More than a reader of the message would look at; a hostile list must not grow the answer. */
const MAX_VIOLATIONS = 10
const MAX_QUOTED_CODE_POINTS = 100

/**
 * Reads the parsed body of a call by the operation's shape in the service model. Null is absent, unknown members are
 * dropped, times may be ISO-8601 strings. First come wrong JSON types, then required members, then bounds, enums and
 * patterns (spec/query §0.1, §0.3, §5.3).
 */
export function readInput<Op extends OperationName>(operation: Op, body: Json): InputRead<Shapes[Op]['input']> {
  const findings: Findings = { wrongType: undefined, missing: undefined, violations: [] }
  const value = readValue(ruleOf(operations[operation].input), body, '', findings)
  if (findings.wrongType !== undefined) {
    return { ok: false, failure: { code: 'SerializationException', message: findings.wrongType } }
  }
  if (findings.missing !== undefined) {
    return { ok: false, failure: { code: 'InvalidRequestException', message: `${findings.missing} is required` } }
  }
  // The shape table and the type are generated from one model, and the value has just been read by that table.
  const input = value as Shapes[Op]['input']
  const violation = violationOf(findings.violations)
  return violation === undefined ? { ok: true, value: input } : { ok: true, value: input, violation }
}

type Findings = { wrongType: string | undefined; missing: string | undefined; readonly violations: string[] }

type Value = boolean | number | string | readonly Value[] | { readonly [key: string]: Value }

function ruleOf(shape: string): ShapeRule {
  const rule = shapeRules[shape]
  if (rule === undefined) throw new Error(`the shape table lacks ${shape}`)
  return rule
}

/** Shapes do not contain themselves, so the depth of this recursion is the model's, not the client's. */
function readValue(rule: ShapeRule, json: Json, path: string, findings: Findings): Value | undefined {
  switch (rule.kind) {
    case 'structure':
      return isObject(json) ? readStructure(rule, json, path, findings) : wrongType('an object', json, path, findings)
    case 'list':
      return Array.isArray(json) ? readList(rule, json, path, findings) : wrongType('a list', json, path, findings)
    case 'map':
      return isObject(json) ? readMap(rule, json, path, findings) : wrongType('an object', json, path, findings)
    case 'string':
      if (typeof json !== 'string') return wrongType('a string', json, path, findings)
      checkString(rule, json, path, findings)
      return json
    case 'integer':
    case 'long':
      if (!Number.isInteger(json)) return wrongType('an integer', json, path, findings)
      checkRange({ ...RANGE_OF[rule.kind], ...rule }, Number(json), path, findings)
      return Number(json)
    case 'double':
      if (typeof json !== 'number' || !Number.isFinite(json)) return wrongType('a number', json, path, findings)
      checkRange(rule, json, path, findings)
      return json
    case 'boolean':
      return typeof json === 'boolean' ? json : wrongType('a boolean', json, path, findings)
    case 'timestamp':
      return readTimestamp(json) ?? wrongType('a time in epoch seconds', json, path, findings)
    default:
      return rule satisfies never
  }
}

/** What the types hold that clients have for them: many could not read a greater number back. */
const RANGE_OF = {
  integer: { min: -(2 ** 31), max: 2 ** 31 - 1 },
  long: { min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER },
} as const satisfies Record<string, Bounds>

type RuleOf<Kind extends ShapeRule['kind']> = Extract<ShapeRule, { kind: Kind }>

function readStructure(rule: RuleOf<'structure'>, json: JsonObject, path: string, findings: Findings): Value {
  const value: { [member: string]: Value } = {}
  for (const [member, shape] of Object.entries(rule.members)) {
    const given = json[member]
    if (given === undefined || given === null) continue
    const read = readValue(ruleOf(shape), given, path === '' ? member : `${path}.${member}`, findings)
    if (read !== undefined) value[member] = read
  }
  for (const member of rule.required ?? []) {
    if (json[member] === undefined || json[member] === null) findings.missing ??= join(path, member)
  }
  if (rule.union === true && Object.keys(value).length !== 1) {
    violate(value, path, 'Member must have exactly one member set', findings)
  }
  return value
}

function readList(rule: RuleOf<'list'>, json: readonly Json[], path: string, findings: Findings): readonly Value[] {
  checkLength(rule, json.length, json, path, findings)
  const of = ruleOf(rule.of)
  const value: Value[] = []
  for (let index = 0; index < json.length; index++) {
    const element = json[index] ?? null
    // The hot path: fifty documents that are strings without bounds need no path and no look at the rule's bounds.
    if (typeof element === 'string' && isAnyString(of)) {
      value.push(element)
      continue
    }
    const read = readValue(of, element, `${path}[${index}]`, findings)
    if (findings.wrongType !== undefined) return value
    if (read !== undefined) value.push(read)
  }
  return value
}

function readMap(rule: RuleOf<'map'>, json: JsonObject, path: string, findings: Findings): Value {
  const entries = Object.entries(json).filter(([, given]) => given !== null)
  checkLength(rule, entries.length, json, path, findings)
  const read: [string, Value][] = []
  for (const [key, given] of entries) {
    readValue(ruleOf(rule.key), key, join(path, 'key'), findings)
    const value = readValue(ruleOf(rule.value), given, join(path, 'value'), findings)
    if (findings.wrongType !== undefined) break
    if (value !== undefined) read.push([key, value])
  }
  // Keys are the client's, and fromEntries, unlike an assignment, keeps `__proto__` a key.
  return Object.fromEntries(read)
}

const ISO_8601 = /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)([Zz]|[+-]\d\d:?\d\d)?)?$/

/** Epoch seconds of a number or an ISO-8601 string; without an offset it is UTC (spec/query §0.3). */
function readTimestamp(json: Json): number | undefined {
  if (typeof json === 'number') return Number.isFinite(json) ? json : undefined
  const [match, date, time = '00:00', offset = 'Z'] = (typeof json === 'string' ? ISO_8601.exec(json) : null) ?? []
  if (match === undefined) return undefined
  const millis = Date.parse(`${date}T${time}${offset.toUpperCase().replace(/^(...)(\d\d)$/, '$1:$2')}`)
  return Number.isNaN(millis) ? undefined : millis / 1000
}

const isAnyString = (rule: ShapeRule): boolean =>
  rule.kind === 'string' &&
  rule.min === undefined &&
  rule.max === undefined &&
  rule.pattern === undefined &&
  rule.values === undefined

function checkString(rule: RuleOf<'string'>, text: string, path: string, findings: Findings): void {
  if (isAnyString(rule)) return
  checkLength(rule, codePoints(text), text, path, findings)
  if (rule.values !== undefined && !rule.values.includes(text)) {
    violate(text, path, `Member must satisfy enum value set: [${rule.values.join(', ')}]`, findings)
  }
  if (rule.pattern !== undefined && !new RegExp(`^(?:${rule.pattern})$`).test(text)) {
    violate(text, path, `Member must satisfy regular expression pattern: ${rule.pattern}`, findings)
  }
}

type Bounds = { readonly min?: number; readonly max?: number }

function checkLength(bounds: Bounds, length: number, value: Json | Value, path: string, findings: Findings): void {
  if (bounds.max !== undefined && length > bounds.max) {
    violate(value, path, `Member must have length less than or equal to ${bounds.max}`, findings)
  }
  if (bounds.min !== undefined && length < bounds.min) {
    violate(value, path, `Member must have length greater than or equal to ${bounds.min}`, findings)
  }
}

function checkRange(bounds: Bounds, value: number, path: string, findings: Findings): void {
  if (bounds.max !== undefined && value > bounds.max) {
    violate(value, path, `Member must have value less than or equal to ${bounds.max}`, findings)
  }
  if (bounds.min !== undefined && value < bounds.min) {
    violate(value, path, `Member must have value greater than or equal to ${bounds.min}`, findings)
  }
}

function violate(value: Json | Value, path: string, constraint: string, findings: Findings): void {
  if (findings.violations.length >= MAX_VIOLATIONS) return
  findings.violations.push(`Value '${quoted(value)}' at '${awsPath(path)}' failed to satisfy constraint: ${constraint}`)
}

function violationOf(violations: readonly string[]): InputFailure | undefined {
  const count = violations.length
  if (count === 0) return undefined
  const head = `${count} validation error${count === 1 ? '' : 's'} detected: `
  return { code: 'InvalidRequestException', message: head + violations.join('; ') }
}

function wrongType(wanted: string, json: Json, path: string, findings: Findings): undefined {
  const found = describe(json)
  const where = path === '' ? 'The request body' : path
  const hint =
    wanted === 'a string' && found === 'an object'
      ? ': the client forgot to stringify it. Send its JSON text, for example JSON.stringify(document)'
      : ''
  findings.wrongType ??= `${where} must be ${wanted}, but is ${found}${hint}`
}

function describe(json: Json): string {
  if (json === null) return 'null'
  if (Array.isArray(json)) return 'a list'
  if (typeof json === 'number') return Number.isInteger(json) ? 'an integer' : 'a number'
  return typeof json === 'object' ? 'an object' : `a ${typeof json}`
}

/** Only scalars are shown: a list or map is the client's to look up, and may be large. */
function quoted(value: Json | Value): string {
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `[${value.length} elements]`
  if (typeof value === 'object') return value === null ? 'null' : `{${Object.keys(value).length} members}`
  const text = String(value)
  const head = Array.from(text.slice(0, 2 * MAX_QUOTED_CODE_POINTS))
  return head.length > MAX_QUOTED_CODE_POINTS ? `${head.slice(0, MAX_QUOTED_CODE_POINTS).join('')}…` : text
}

/** AWS's way to name a member in such a message: `samplingRule.priority`, `tags.1.member.key`. */
function awsPath(path: string): string {
  return path
    .split('.')
    .map((part) => part.slice(0, 1).toLowerCase() + part.slice(1))
    .join('.')
    .replaceAll(/\[(\d+)\]/g, (_, index: string) => `.${Number(index) + 1}.member`)
}

const join = (path: string, member: string): string => (path === '' ? member : `${path}.${member}`)

const isObject = (json: Json): json is JsonObject => typeof json === 'object' && json !== null && !Array.isArray(json)

function codePoints(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}
