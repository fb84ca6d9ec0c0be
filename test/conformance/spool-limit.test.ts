import { createSocket } from 'node:dgram'
import { setTimeout as sleep } from 'node:timers/promises'
import { BatchGetTracesCommand, PutTraceSegmentsCommand, ThrottledException } from '@aws-sdk/client-xray'
import { expect, it } from 'vitest'
import { send } from '../fixtures/raw-http.ts'
import { startServer } from '../fixtures/run-server.ts'
import { newTraceId, segment } from '../fixtures/segments.ts'
import { xrayClient } from '../fixtures/xray-client.ts'

it('a spool at its limit throttles calls, drops and counts datagrams, loses nothing, and takes more when it is empty', async () => {
  // One byte: full as soon as anything is in it that the store does not have yet.
  await using server = await startServer({ args: ['--spool-limit', '1'] })
  const client = xrayClient(server.url)
  const put = async (): Promise<string> => {
    const trace = newTraceId()
    const document = JSON.stringify(segment({ trace_id: trace }))
    await client.send(new PutTraceSegmentsCommand({ TraceSegmentDocuments: [document] }))
    return trace
  }
  const first = await put()
  const refused = put()
  await expect(refused).rejects.toBeInstanceOf(ThrottledException)
  await expect(refused).rejects.toMatchObject({ message: 'Rate exceeded', $metadata: { httpStatusCode: 429 } })

  const socket = createSocket('udp4')
  socket.send(`{"format":"json","version":1}\n${JSON.stringify(segment())}`, server.udpPort, '127.0.0.1')
  const spillover = async (): Promise<string | undefined> => {
    const { text } = await send(server.url, { method: 'GET', path: '/metrics' })
    return /^radiograph_udp_spillover_total (\d+)$/m.exec(text)?.[1]
  }
  for (let tries = 0; tries < 100 && (await spillover()) !== '1'; tries++) await sleep(20)
  expect(await spillover()).toBe('1')
  socket.close()

  // Reading makes the store take what the spool holds, and so makes room.
  const read = await client.send(new BatchGetTracesCommand({ TraceIds: [first] }))
  expect(read.Traces?.map(({ Id }) => Id)).toEqual([first])
  const second = await put()
  const both = await client.send(new BatchGetTracesCommand({ TraceIds: [first, second] }))
  expect(both.Traces).toHaveLength(2)
})
