import { GetServiceGraphCommand, GetTraceSummariesCommand, paginateGetTraceSummaries } from '@aws-sdk/client-xray'
import { spawnSync } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jsonAnswer, send } from '../fixtures/raw-http.ts'
import { CLI_PATH, runCli, startServer, type CommandResult, type RunningServer } from '../fixtures/run-server.ts'
import { xrayClient } from '../fixtures/xray-client.ts'

let server: RunningServer
let told: CommandResult

beforeAll(async () => {
  server = await startServer()
  told = await runCli(['demo', '--url', server.url, '--minutes', '20', '--seed', '7'], { withinMs: 60_000 })
})
afterAll(async () => server?.[Symbol.asyncDispose]())

const window = () => ({ StartTime: new Date(Date.now() - 25 * 60_000), EndTime: new Date() })

describe('radiograph demo', () => {
  test('says what it did and where to look, and nothing else', () => {
    expect(told, told.stderr).toMatchObject({ code: 0, stderr: '' })
    expect(told.stdout).toMatch(
      /^\d{3} traces of a web shop \(\d{4} documents\) are at http:\S+, of the last 20 minutes\.\n/,
    )
    expect(told.stdout).toContain(`radiograph traces 'fault' --from 25m --url ${server.url}\n`)
  })

  test.each([
    ['demo', ['demo', '--minutes', '1', '--url']],
    ['traces', ['traces', '--from', '25m', '--url']],
    ['rejected', ['rejected', '--url']],
  ])('%s ends quietly when nobody reads what it prints', (_, command) => {
    const line = `${[process.execPath, CLI_PATH, ...command, server.url].map((word) => `'${word}'`).join(' ')} | true`
    const { status, stderr } = spawnSync('bash', ['-o', 'pipefail', '-c', line], { encoding: 'utf8' })
    expect([status, stderr]).toEqual([0, ''])
  })

  test('each command that it names finds something', async () => {
    const commands = [...told.stdout.matchAll(/^ {2}radiograph traces '(.*)' (.*)$/gm)]
    expect(commands).toHaveLength(3)
    for (const [, filter = '', options = ''] of commands) {
      const { code, stdout } = await runCli(['traces', filter, ...options.split(' ')])
      expect([code, stdout.split('\n')[0]], filter).toEqual([0, expect.stringMatching(/ segments /)])
    }
  })

  test('the faults are in GetTraceSummaries, with the exception that they come from', async () => {
    const client = xrayClient(server.url)
    const found = []
    for await (const page of paginateGetTraceSummaries({ client }, { ...window(), FilterExpression: 'fault' })) {
      found.push(...(page.TraceSummaries ?? []))
    }
    client.destroy()
    expect(found.length).toBeGreaterThan(3)
    expect(JSON.stringify(found.map(({ FaultRootCauses }) => FaultRootCauses))).toContain('TypeError')
  })

  test('the services are in GetServiceGraph: the Lambda function twice, and the queue linked to it', async () => {
    const client = xrayClient(server.url)
    const { Services = [] } = await client.send(new GetServiceGraphCommand(window()))
    client.destroy()
    const shown = Services.map(({ Name, Type }) => `${Name} ${Type ?? '-'}`)
    expect(shown).toEqual(
      expect.arrayContaining([
        'web client',
        'web AWS::ECS::Container',
        'catalog AWS::EKS::Container',
        'checkout AWS::ECS::Fargate',
        'payments AWS::ECS::Fargate',
        'api.cardpay.example remote',
        'orders@db.shop.internal Database::SQL',
        'products AWS::DynamoDB::Table',
        'send-receipt AWS::Lambda',
        'send-receipt AWS::Lambda::Function',
      ]),
    )
    const queue = Services.find(({ Type }) => Type === 'AWS::SQS::Queue')
    const receiver = Services.find(({ Type }) => Type === 'AWS::Lambda')
    expect(queue?.Edges).toMatchObject([{ EdgeType: 'link', ReferenceId: receiver?.ReferenceId }])
  })

  test('a small one', async () => {
    const small = await runCli(['demo', '--url', server.url, '--minutes', '1', '--traces', '3'])
    expect(small).toMatchObject({ code: 0, stderr: '' })
  })
})

test('POST /api/demo tells the story for the default tenant', async () => {
  await using own = await startServer({ args: ['--store', 'memory'] })
  const answer = await send(own.url, { method: 'POST', path: '/api/demo' })
  expect(answer.status, answer.text).toBe(200)
  expect(jsonAnswer(answer)).toEqual({ traces: expect.any(Number), documents: expect.any(Number) })
  const client = xrayClient(own.url, { credentials: { accessKeyId: 'any', secretAccessKey: 'any' } })
  const faults = await client.send(new GetTraceSummariesCommand({ ...window(), FilterExpression: 'fault' }))
  client.destroy()
  expect(faults.TraceSummaries?.length).toBeGreaterThan(0)
  expect((await send(own.url, { method: 'GET', path: '/api/demo' })).status).toBe(405)
})

describe('errors', () => {
  test.each<[string, readonly string[], string]>([
    ['no number of minutes', ['--minutes', 'all'], '--minutes must be an integer from 1 to 10080'],
    ['no traces', ['--traces', '0'], '--traces must be an integer from 1 to 1000000'],
    ['no URL', ['--url', 'localhost:2000'], 'cannot send to localhost:2000: expected a URL such as'],
    ['no server', ['--url', 'http://127.0.0.1:1'], ': is the server running there?'],
  ])('%s', async (_, args, message) => {
    const { code, stdout, stderr } = await runCli(['demo', ...args])
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain(message)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  })

  test('a server of another kind', async () => {
    const other = createServer((_, response) => response.end('hello'))
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`
    const { code, stderr } = await runCli(['demo', '--url', url])
    other.close()
    expect([code, stderr]).toEqual([1, `radiograph: cannot send to ${url}: that is no Radiograph\n`])
  })
})
