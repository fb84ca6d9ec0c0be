import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { errorCatalogue } from '../../src/wire/aws/error-catalogue.ts'
import { operations, type OperationName } from '../../src/wire/xray/shapes.generated.ts'
import { outputFaults } from '../fixtures/check-output.ts'
import { operationSamples, type OperationSample } from '../fixtures/operation-samples.ts'
import { jsonAnswer, type RawAnswer } from '../fixtures/raw-http.ts'
import { rawOperations, type RawOperations, type TenantName } from '../fixtures/raw-operation.ts'
import { startServer, type RunningServer } from '../fixtures/run-server.ts'
import { parseObject } from '../fixtures/xray-client.ts'
import { seed, type Seeds } from '../fixtures/seeded-state.ts'
import { shapeCases, type ShapeCase } from '../fixtures/shape-cases.ts'

/**
 * Every operation, called with everything that the service model says of its input (test/fixtures/shape-cases.ts). What
 * the model has nothing against succeeds, with an output that is as the model says, or is listed as refused, with the
 * reason (test/fixtures/operation-samples.ts); everything else is an error that the operation declares.
 */

let server: RunningServer
let raw: RawOperations
let shared: Seeds
let accounts = 200_000_000_000

const MAIN: TenantName = { account: '200000000000', region: 'us-east-1' }
const names = Object.keys(operations) as OperationName[]
/** So many calls are under way at a time. */
const AT_A_TIME = 4

beforeAll(async () => {
  server = await startServer()
  raw = rawOperations(server.url)
  shared = await seed((operation, input) => raw.output(operation, input, MAIN))
}, 120_000)

afterAll(async () => {
  raw?.close()
  await server?.[Symbol.asyncDispose]()
})

/** The cases of an operation, and a way to make each anew with the seeds of another tenant. */
const casesWith = (operation: OperationName, seeds: Seeds): readonly ShapeCase[] => {
  const { sample, keeps = [] } = operationSamples[operation]
  return shapeCases(operation, sample(seeds), keeps)
}

/** A case is called in the tenant that all share, unless it would change what the others find. */
async function callCase(operation: OperationName, { against, input, label }: ShapeCase): Promise<RawAnswer> {
  const { alone } = operationSamples[operation]
  if (alone === undefined || against !== undefined) return raw.answer(operation, input, MAIN)
  const own = { account: String(++accounts), region: 'us-east-1' }
  const seeds = await seed((name, seeded) => raw.output(name, seeded, own), alone)
  const again = casesWith(operation, seeds).find((other) => other.label === label)
  return raw.answer(operation, again?.input, own)
}

/** What is wrong with an answer; nothing when it is as it should be. */
function faultsOf(operation: OperationName, which: ShapeCase, answer: RawAnswer): readonly string[] {
  const body = jsonAnswer(answer)
  if (/[:,[]null\b/.test(answer.text)) return ['there is null in it']
  const { refused = [], ownErrors = [] } = operationSamples[operation]
  const refusals = refused.filter(({ cases }) => cases.test(which.label))
  if (answer.status === 200) {
    if (which.against !== undefined) return [`done, but ${which.against.says}`]
    if (refusals.some(({ maybe }) => maybe !== true)) return ['done, but is listed as refused']
    return outputFaults(operation, body, which.input)
  }
  const faults = errorFaults(operation, answer)
  const said = String(body['message'])
  if (which.against === undefined) {
    return refusals.some(({ says }) => says.test(said)) ? faults : [...faults, `refused, and not listed so: ${said}`]
  }
  const own = ownErrors.find(({ cases }) => cases.test(which.label))
  const code = which.against.code === 'InvalidRequestException' ? (own?.code ?? which.against.code) : which.against.code
  if (body['__type'] !== code) faults.push(`${code} was expected: ${answer.text}`)
  if (own === undefined && !said.includes(which.against.says))
    faults.push(`${which.against.says} was expected: ${said}`)
  return faults
}

/** Errors of every operation, beside those that it declares (spec/query §5.2, §5.3). */
const OF_ALL = ['InvalidRequestException', 'SerializationException']

/** The form of an error (spec/query §5.2). */
function errorFaults(operation: OperationName, { status, headers, text }: RawAnswer): string[] {
  const { __type, message, Message, ...more } = parseObject(text)
  const code = String(__type)
  const header = String(headers['x-amzn-errortype'])
  const faults: string[] = []
  const known = Object.entries(errorCatalogue).find(([name]) => name === code)?.[1]
  if (![...operations[operation].errors, ...OF_ALL].includes(code)) faults.push(`${code} is not declared`)
  if (known?.status !== status) faults.push(`status ${status} is not that of ${code}`)
  if (header !== code) faults.push(`the header says ${header}, not ${code}`)
  if (typeof message !== 'string' || message === '' || Message !== message) faults.push('no message, or two')
  if (!['', 'ResourceName'].includes(Object.keys(more).join())) faults.push(`more members: ${Object.keys(more).join()}`)
  return faults
}

describe.each(names)('%s', (operation) => {
  const sample: OperationSample = operationSamples[operation]

  test('with every input that the model speaks of', { timeout: 120_000 }, async () => {
    const cases = casesWith(operation, shared)
    expect(new Set(cases.map(({ label }) => label)).size).toBe(cases.length)
    const wrong: string[] = []
    const seen = new Set<string>()
    const waiting = [...cases]
    const work = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const answer = await callCase(operation, next)
        if (answer.status === 200) seen.add(next.label)
        wrong.push(...faultsOf(operation, next, answer).map((fault) => `${next?.label}: ${fault}`))
      }
    }
    await Promise.all(Array.from({ length: AT_A_TIME }, work))
    expect(wrong).toEqual([])
    // What is listed as refused is so, or the list has gone stale; and the operation does do something.
    for (const { cases: listed } of sample.refused ?? [])
      expect(cases.some(({ label }) => listed.test(label))).toBe(true)
    const mayRefuseAll = (sample.refused ?? []).some(({ cases: of, maybe }) => maybe === true && of.test('the least'))
    if (!mayRefuseAll) expect(seen).toContain('the least')
  })

  test.each(['{', '', '[1', '"\\ud800"', '{"a":1}{}', '{"a":1e999}', '\u0000', 'null'])(
    'with the body %j',
    async (body) => {
      const answer = await raw.answerToText(operation, body, MAIN)
      const which = { label: 'the least', input: undefined }
      if (answer.status === 200) expect(faultsOf(operation, which, answer)).toEqual([])
      else expect(errorFaults(operation, answer)).toEqual([])
    },
  )
})

test('there are some thousands of cases, of all operations', () => {
  const counts = names.map((operation) => casesWith(operation, shared).length)
  expect(counts).toHaveLength(38)
  expect(counts.reduce((all, count) => all + count, 0)).toBeGreaterThan(1_500)
})
