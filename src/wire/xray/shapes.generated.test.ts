import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { defaultModelPath, generatedPath, generateShapes } from '../../../tools/generate-shapes.ts'
import { operations, shapeRules } from './shapes.generated.ts'

test('the generated shapes are those of the service model', ({ skip }) => {
  if (!existsSync(defaultModelPath)) skip(`the service model is not at ${defaultModelPath}; the committed file stands`)
  const generated = generateShapes(readFileSync(defaultModelPath, 'utf8'))
  const hint = 'the file is not current: run npm run generate'
  expect(readFileSync(generatedPath, 'utf8') === generated, hint).toBe(true)
})

/** The model as it is written, read here without the generator. */
type ModelShape = {
  readonly type: string
  readonly members?: { readonly [name: string]: { readonly shape: string } }
  readonly member?: { readonly shape: string }
  readonly key?: { readonly shape: string }
  readonly value?: { readonly shape: string }
} & { readonly [trait: string]: unknown }

type Model = {
  readonly operations: {
    readonly [name: string]: {
      readonly http: { readonly requestUri: string }
      readonly input: { readonly shape: string }
      readonly output: { readonly shape: string }
      readonly errors: readonly { readonly shape: string }[]
    }
  }
  readonly shapes: { readonly [name: string]: ModelShape }
}

test('member by member, inputs and outputs are those of the service model', ({ skip }) => {
  if (!existsSync(defaultModelPath)) skip(`the service model is not at ${defaultModelPath}; the committed file stands`)
  const model = JSON.parse(readFileSync(defaultModelPath, 'utf8')) as Model
  const looked = new Set<string>()

  function compare(name: string): void {
    if (looked.has(name)) return
    looked.add(name)
    const [theirs, ours] = [model.shapes[name], shapeRules[name]]
    if (theirs === undefined || ours === undefined) return expect.fail(`there is no shape ${name}`)
    const of = ours.kind === 'structure' ? ours.members : {}
    const members = Object.fromEntries(Object.entries(theirs.members ?? {}).map(([key, { shape }]) => [key, shape]))
    const { min, max, pattern, enum: values, required, union } = theirs
    const [member, key, value] = [theirs.member?.shape, theirs.key?.shape, theirs.value?.shape]
    const said = { kind: theirs.type, min, max, pattern, values, required, union, of: member, key, value }
    // toEqual does not tell a trait that is absent from one that is undefined.
    expect({ ...ours, name, members: of }).toEqual({ ...said, name, members })
    const parts = [member, key, value, ...Object.values(members)]
    for (const part of parts) if (part !== undefined) compare(part)
  }

  expect(Object.keys(operations).toSorted()).toEqual(Object.keys(model.operations).toSorted())
  for (const [name, { path, input, output, errors }] of Object.entries(operations)) {
    const { http, ...theirs } = model.operations[name] ?? expect.fail(name)
    expect([name, path, input, output]).toEqual([name, http.requestUri, theirs.input.shape, theirs.output.shape])
    expect([name, ...errors]).toEqual([name, ...theirs.errors.map(({ shape }) => shape)])
    compare(input)
    compare(output)
  }
  expect([...looked].toSorted()).toEqual(Object.keys(shapeRules).toSorted())
})

test('all 38 operations are there, each with a path of its own, an input and an output', () => {
  const all = Object.values(operations)
  expect(all).toHaveLength(38)
  expect(new Set(all.map(({ path }) => path)).size).toBe(38)
  const sides = all.flatMap(({ input, output }) => [input, output])
  expect(sides.filter((shape) => shapeRules[shape]?.kind !== 'structure')).toEqual([])
})

test('the table names no shape that it lacks', () => {
  const named = Object.values(shapeRules).flatMap((rule) => {
    if (rule.kind === 'structure') return Object.values(rule.members)
    if (rule.kind === 'list') return [rule.of]
    return rule.kind === 'map' ? [rule.key, rule.value] : []
  })
  expect(named.length).toBeGreaterThan(100)
  expect(named.filter((name) => shapeRules[name] === undefined)).toEqual([])
})
