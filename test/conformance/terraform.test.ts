import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  GetEncryptionConfigCommand,
  GetGroupsCommand,
  GetSamplingRulesCommand,
  ListResourcePoliciesCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-xray'
import { describe, expect, test } from 'vitest'
import { cleanEnvironment, startServer, temporaryDirectory } from '../fixtures/run-server.ts'
import { xrayClient } from '../fixtures/xray-client.ts'

/** Where providers may lie for a Terraform that is not to fetch any. `RADIOGRAPH_TERRAFORM_PLUGINS` names another place. */
const PLUGINS = [
  process.env['RADIOGRAPH_TERRAFORM_PLUGINS'] ?? '',
  '/usr/local/share/terraform/plugins',
  '/usr/share/terraform/plugins',
  '/opt/tf-plugins',
].find((place) => existsSync(join(place, 'registry.terraform.io', 'hashicorp', 'aws')))

const run = promisify(execFile)
const hasTerraform = await run('terraform', ['version']).then(
  () => true,
  () => false,
)

/** The provider, pointed at us, and one resource. */
const file = (url: string, resource: string) => `
  provider "aws" {
    region                      = "us-east-1"
    access_key                  = "AKIDEXAMPLE"
    secret_key                  = "none"
    skip_credentials_validation = true
    skip_metadata_api_check     = true
    skip_requesting_account_id  = true
    endpoints { xray = "${url}" }
  }
  ${resource}
`

const group = (expression: string, insights: boolean, tag: string) => `
  resource "aws_xray_group" "slow" {
    group_name        = "slow"
    filter_expression = "${expression}"
    insights_configuration {
      insights_enabled      = ${String(insights)}
      notifications_enabled = ${String(insights)}
    }
    tags = { stage = "${tag}" }
  }
`

/** A policy becomes another resource, since the provider fails over its own updates of one (its issue 45446). */
const settings = (key: string, name: string) => `
  resource "aws_xray_encryption_config" "traces" {
    type   = "KMS"
    key_id = "arn:aws:kms:us-east-1:000000000000:key/${key}"
  }
  resource "aws_xray_resource_policy" "${name}" {
    policy_name     = "${name}"
    policy_document = jsonencode({
      Version   = "2012-10-17"
      Statement = [{ Effect = "Allow", Principal = "*", Action = "xray:PutTraceSegments", Resource = "*" }]
    })
  }
`

const rule = (rate: number, tier: string, tag: string) => `
  resource "aws_xray_sampling_rule" "orders" {
    rule_name      = "orders"
    priority       = 100
    version        = 1
    reservoir_size = 3
    fixed_rate     = ${rate}
    url_path       = "/orders*"
    host           = "*"
    http_method    = "POST"
    service_type   = "*"
    service_name   = "shop"
    resource_arn   = "*"
    attributes     = { tier = "${tier}" }
    tags           = { stage = "${tag}" }
  }
`

/** Terraform in a directory of its own. Of a `plan` the answer is 0, or 2 when it has something to do. */
async function openTerraform() {
  const directory = await temporaryDirectory()
  const env = cleanEnvironment(directory.path, {
    TF_IN_AUTOMATION: '1',
    CHECKPOINT_DISABLE: '1',
    TF_CLI_CONFIG_FILE: '',
  })
  const terraform = async (...args: readonly string[]): Promise<number> => {
    try {
      await run('terraform', [`-chdir=${directory.path}`, ...args], { env })
      return 0
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
      if (args[0] === 'plan' && code === 2) return 2
      throw new Error(stdout + stderr, { cause: error })
    }
  }
  return {
    write: (text: string) => writeFile(join(directory.path, 'main.tf'), text),
    init: () => terraform('init', '-input=false', `-plugin-dir=${PLUGINS ?? ''}`),
    plan: () => terraform('plan', '-input=false', '-detailed-exitcode'),
    apply: () => terraform('apply', '-input=false', '-auto-approve'),
    destroy: () => terraform('destroy', '-input=false', '-auto-approve'),
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  }
}

// Needs Terraform and its AWS provider, which not every machine has.
describe.skipIf(!hasTerraform || PLUGINS === undefined)('Terraform', () => {
  test('creates, reads, changes and destroys a group, and never plans what is done', { timeout: 300_000 }, async () => {
    await using server = await startServer()
    await using terraform = await openTerraform()
    const client = xrayClient(server.url)
    const groups = async () => (await client.send(new GetGroupsCommand({}))).Groups?.slice(1)

    await terraform.write(file(server.url, group('responsetime > 5', false, 'test')))
    await terraform.init()
    await terraform.apply()
    expect(await terraform.plan()).toBe(0)
    const [made] = (await groups()) ?? []
    expect(made).toMatchObject({ GroupName: 'slow', FilterExpression: 'responsetime > 5' })

    await terraform.write(file(server.url, group('responsetime > 10', true, 'prod')))
    expect(await terraform.plan()).toBe(2)
    await terraform.apply()
    expect(await terraform.plan()).toBe(0)
    expect(await groups()).toEqual([
      {
        GroupName: 'slow',
        GroupARN: made?.GroupARN,
        FilterExpression: 'responsetime > 10',
        InsightsConfiguration: { InsightsEnabled: true, NotificationsEnabled: true },
      },
    ])
    const { Tags } = await client.send(new ListTagsForResourceCommand({ ResourceARN: made?.GroupARN }))
    expect(Tags).toEqual([{ Key: 'stage', Value: 'prod' }])

    await terraform.destroy()
    expect(await groups()).toEqual([])
    client.destroy()
  })

  test('does the same with a sampling rule', { timeout: 300_000 }, async () => {
    await using server = await startServer()
    await using terraform = await openTerraform()
    const client = xrayClient(server.url)
    const rules = async () =>
      (await client.send(new GetSamplingRulesCommand({}))).SamplingRuleRecords?.map((record) => record.SamplingRule)

    await terraform.write(file(server.url, rule(0.1, 'gold', 'test')))
    await terraform.init()
    await terraform.apply()
    expect(await terraform.plan()).toBe(0)
    const expected = { RuleName: 'orders', URLPath: '/orders*', ReservoirSize: 3, FixedRate: 0.1 }
    expect(await rules()).toMatchObject([{ ...expected, Attributes: { tier: 'gold' } }, { RuleName: 'Default' }])

    await terraform.write(file(server.url, rule(0.25, 'silver', 'prod')))
    expect(await terraform.plan()).toBe(2)
    await terraform.apply()
    expect(await terraform.plan()).toBe(0)
    const [changed] = (await rules()) ?? []
    expect(changed).toMatchObject({ ...expected, FixedRate: 0.25, Attributes: { tier: 'silver' } })
    const { Tags } = await client.send(new ListTagsForResourceCommand({ ResourceARN: changed?.RuleARN }))
    expect(Tags).toEqual([{ Key: 'stage', Value: 'prod' }])

    await terraform.destroy()
    expect(await rules()).toMatchObject([{ RuleName: 'Default' }])
    client.destroy()
  })

  test('does the same with the encryption configuration and a resource policy', { timeout: 300_000 }, async () => {
    await using server = await startServer()
    await using terraform = await openTerraform()
    const client = xrayClient(server.url)
    const policies = async () => (await client.send(new ListResourcePoliciesCommand({}))).ResourcePolicies
    const key = async () => (await client.send(new GetEncryptionConfigCommand({}))).EncryptionConfig?.KeyId

    await terraform.write(file(server.url, settings('first', 'senders')))
    await terraform.init()
    await terraform.apply()
    expect(await terraform.plan()).toBe(0)
    expect(await key()).toMatch(/:key\/first$/)
    expect(await policies()).toMatchObject([{ PolicyName: 'senders', PolicyRevisionId: '1' }])

    await terraform.write(file(server.url, settings('second', 'others')))
    expect(await terraform.plan()).toBe(2)
    await terraform.apply()
    expect(await terraform.plan()).toBe(0)
    expect(await key()).toMatch(/:key\/second$/)
    expect(await policies()).toMatchObject([{ PolicyName: 'others', PolicyRevisionId: '1' }])

    // Of the configuration there is one, which Terraform leaves as it is.
    await terraform.destroy()
    expect(await policies()).toEqual([])
    client.destroy()
  })
})
