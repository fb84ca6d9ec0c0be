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

test('all 38 operations are there, each with a path of its own and an input shape', () => {
  const all = Object.values(operations)
  expect(all).toHaveLength(38)
  expect(new Set(all.map(({ path }) => path)).size).toBe(38)
  expect(all.filter(({ input }) => shapeRules[input]?.kind !== 'structure')).toEqual([])
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
