import {
  CreateGroupCommand,
  DeleteGroupCommand,
  GetGroupCommand,
  GetGroupsCommand,
  type Group,
  InvalidRequestException,
  ListTagsForResourceCommand,
  paginateGetGroups,
  ResourceNotFoundException,
  TagResourceCommand,
  TooManyTagsException,
  UntagResourceCommand,
  UpdateGroupCommand,
  type XRayClient,
} from '@aws-sdk/client-xray'
import { describe, expect, test } from 'vitest'
import { refusal } from '../fixtures/refusal.ts'
import { startServer, temporaryDirectory } from '../fixtures/run-server.ts'
import { sharedServer } from '../fixtures/shared-server.ts'
import { xrayClient } from '../fixtures/xray-client.ts'

const { client } = await sharedServer()

const OFF = { InsightsEnabled: false, NotificationsEnabled: false }

const create = async (GroupName: string, of: XRayClient = client): Promise<Group | undefined> =>
  (await of.send(new CreateGroupCommand({ GroupName, FilterExpression: 'responsetime > 5' }))).Group

async function names(of: XRayClient = client): Promise<readonly string[]> {
  const found = []
  for await (const page of paginateGetGroups({ client: of }, {})) found.push(...(page.Groups ?? []))
  return found.map(({ GroupName = '' }) => GroupName)
}

describe('groups through the AWS SDK', () => {
  test('the list without parameters holds Default, whole, and no token', async () => {
    const answer = await client.send(new GetGroupsCommand({}))
    expect(answer.Groups?.[0]).toEqual({
      GroupName: 'Default',
      GroupARN: 'arn:aws:xray:us-east-1:000000000000:group/Default',
      InsightsConfiguration: OFF,
    })
    expect(answer).not.toHaveProperty('NextToken')
  })

  test('create, read, update, delete, as Terraform does', async () => {
    const Tags = [{ Key: 'Name', Value: 'slow' }]
    const FilterExpression = 'responsetime > 5'
    const { Group: made } = await client.send(new CreateGroupCommand({ GroupName: 'slow', FilterExpression, Tags }))
    const GroupARN = made?.GroupARN ?? ''
    expect(GroupARN).toMatch(/^arn:aws:xray:us-east-1:000000000000:group\/slow\/[A-Z2-7]{26}$/)
    const read = async () => (await client.send(new GetGroupCommand({ GroupARN }))).Group
    expect(await read()).toEqual({ GroupName: 'slow', GroupARN, FilterExpression, InsightsConfiguration: OFF })
    expect(await client.send(new ListTagsForResourceCommand({ ResourceARN: GroupARN }))).toMatchObject({ Tags })

    const InsightsConfiguration = { InsightsEnabled: true, NotificationsEnabled: true }
    await client.send(
      new UpdateGroupCommand({ GroupARN, FilterExpression: 'responsetime > 10', InsightsConfiguration }),
    )
    const updated = { GroupName: 'slow', GroupARN, FilterExpression: 'responsetime > 10', InsightsConfiguration }
    expect(await read()).toEqual(updated)

    await client.send(new DeleteGroupCommand({ GroupARN }))
    const gone = await refusal(read())
    expect(gone).toBeInstanceOf(InvalidRequestException)
    expect(String(gone)).toContain('Group not found')
    expect(await refusal(client.send(new ListTagsForResourceCommand({ ResourceARN: GroupARN })))).toBeInstanceOf(
      ResourceNotFoundException,
    )
  })

  test('a duplicate, and text that is no expression, are told in the words that clients match', async () => {
    await create('once')
    const duplicate = await refusal(create('once'))
    expect(duplicate).toBeInstanceOf(InvalidRequestException)
    expect(String(duplicate)).toContain('already exist')
    const wrong = await refusal(
      client.send(new CreateGroupCommand({ GroupName: 'wrong', FilterExpression: 'response_time > 1' })),
    )
    expect(wrong).toMatchObject({
      name: 'InvalidRequestException',
      message: "Error Location: line 1, position 1 : Invalid input symbol: 'response_'",
    })
  })

  test('of ten callers who create one group at the same time, one succeeds', async () => {
    const answers = await Promise.allSettled(Array.from({ length: 10 }, () => create('contended')))
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect((await names()).filter((name) => name === 'contended')).toHaveLength(1)
  })

  test('tags are typed errors, too', async () => {
    const ResourceARN = (await create('tagged'))?.GroupARN ?? ''
    const Tags = Array.from({ length: 51 }, (_, index) => ({ Key: `${index}`, Value: '' }))
    const tooMany = await refusal(client.send(new TagResourceCommand({ ResourceARN, Tags })))
    expect(tooMany).toBeInstanceOf(TooManyTagsException)
    expect(tooMany).toMatchObject({ ResourceName: ResourceARN })
    await client.send(new TagResourceCommand({ ResourceARN, Tags: Tags.slice(0, 2) }))
    await client.send(new UntagResourceCommand({ ResourceARN, TagKeys: ['0'] }))
    const { Tags: left } = await client.send(new ListTagsForResourceCommand({ ResourceARN }))
    expect(left).toEqual([{ Key: '1', Value: '' }])
    const nowhere = await refusal(client.send(new TagResourceCommand({ ResourceARN: 'arn:none', Tags: [] })))
    expect(nowhere).toBeInstanceOf(ResourceNotFoundException)
    expect(nowhere).toMatchObject({ ResourceName: 'arn:none', $metadata: { httpStatusCode: 404 } })
  })
})

test(
  'what was answered survives kill −9 and a restart, and what was deleted stays away',
  { timeout: 120_000 },
  async () => {
    await using directory = await temporaryDirectory()
    const acknowledged = new Set<string>(['Default'])
    const unsure = new Set<string>()
    for (let round = 0; round < 4; round++) {
      await using running = await startServer({ dataDir: directory.path })
      const own = xrayClient(running.url)
      const kept = (await names(own)).filter((name) => !unsure.has(name))
      expect(new Set(kept)).toEqual(acknowledged)
      const writing = (async () => {
        for (let index = 0; ; index++) {
          const name = `group-${round}-${index}`
          unsure.add(name)
          await create(name, own)
          // Every other one stays; before the limit is reached, all of them go.
          if (index % 2 === 1 || acknowledged.size > 20) await own.send(new DeleteGroupCommand({ GroupName: name }))
          else acknowledged.add(name)
          unsure.delete(name)
        }
      })()
      const ended = refusal(writing)
      await new Promise((resolve) => setTimeout(resolve, 300 + round * 100))
      if (round === 2) await running.stop()
      else await running.kill()
      expect(await ended).toBeInstanceOf(Error)
      own.destroy()
    }
    expect(acknowledged.size).toBeGreaterThan(4)
  },
)
