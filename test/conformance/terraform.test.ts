import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { GetGroupsCommand, ListTagsForResourceCommand } from '@aws-sdk/client-xray'
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

const group = (url: string, expression: string, insights: boolean, tag: string) => `
  provider "aws" {
    region                      = "us-east-1"
    access_key                  = "AKIDEXAMPLE"
    secret_key                  = "none"
    skip_credentials_validation = true
    skip_metadata_api_check     = true
    skip_requesting_account_id  = true
    endpoints { xray = "${url}" }
  }
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

// Needs Terraform and its AWS provider, which not every machine has.
describe.skipIf(!hasTerraform || PLUGINS === undefined)('Terraform', () => {
  test('creates, reads, changes and destroys a group, and never plans what is done', { timeout: 300_000 }, async () => {
    await using server = await startServer()
    await using directory = await temporaryDirectory()
    const client = xrayClient(server.url)
    const env = cleanEnvironment(directory.path, {
      TF_IN_AUTOMATION: '1',
      CHECKPOINT_DISABLE: '1',
      TF_CLI_CONFIG_FILE: '',
    })
    /** 0, or 2 when a plan has something to do. */
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
    const write = (text: string) => writeFile(join(directory.path, 'main.tf'), text)
    const plan = () => terraform('plan', '-input=false', '-detailed-exitcode')
    const groups = async () => (await client.send(new GetGroupsCommand({}))).Groups?.slice(1)

    await write(group(server.url, 'responsetime > 5', false, 'test'))
    await terraform('init', '-input=false', `-plugin-dir=${PLUGINS ?? ''}`)
    await terraform('apply', '-input=false', '-auto-approve')
    expect(await plan()).toBe(0)
    const [made] = (await groups()) ?? []
    expect(made).toMatchObject({ GroupName: 'slow', FilterExpression: 'responsetime > 5' })

    await write(group(server.url, 'responsetime > 10', true, 'prod'))
    expect(await plan()).toBe(2)
    await terraform('apply', '-input=false', '-auto-approve')
    expect(await plan()).toBe(0)
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

    await terraform('destroy', '-input=false', '-auto-approve')
    expect(await groups()).toEqual([])
    client.destroy()
  })
})
