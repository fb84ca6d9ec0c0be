import { execFileSync } from 'node:child_process'
import { rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { jsonAnswer, send } from '../fixtures/raw-http.ts'
import { startServer, temporaryDirectory } from '../fixtures/run-server.ts'
import { newTraceId, segment } from '../fixtures/segments.ts'

const DISK_MIB = 192

/** A small disk of its own, or nothing where this process may not make one. */
async function smallDisk(): Promise<(AsyncDisposable & { readonly path: string }) | undefined> {
  const directory = await temporaryDirectory()
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MIB}m`, 'tmpfs', directory.path], { stdio: 'ignore' })
  } catch {
    await directory[Symbol.asyncDispose]()
    return undefined
  }
  return {
    path: directory.path,
    async [Symbol.asyncDispose]() {
      execFileSync('umount', ['-l', directory.path])
      await directory[Symbol.asyncDispose]()
    },
  }
}

it('a full disk fails calls, loses nothing that was acknowledged, and needs only space to go on', async (context) => {
  await using disk = await smallDisk()
  if (disk === undefined) return context.skip('making a small disk needs the right to mount')
  await using server = await startServer({ dataDir: join(disk.path, 'data') })
  const acknowledged: string[] = []
  const put = async (): Promise<number> => {
    const trace = newTraceId()
    const document = segment({ trace_id: trace, metadata: { default: { padding: 'x'.repeat(50_000) } } })
    const body = JSON.stringify({ TraceSegmentDocuments: [JSON.stringify(document)] })
    const answer = await send(server.url, { body })
    if (answer.status === 200) acknowledged.push(trace)
    else expect(jsonAnswer(answer)['__type']).toBe('InternalFailure')
    return answer.status
  }
  expect(await put()).toBe(200)

  const { bavail, bsize } = await statfs(disk.path)
  const filler = join(disk.path, 'filler')
  await writeFile(filler, Buffer.alloc(Math.max(0, bavail * bsize - 400_000)))
  const statuses = []
  for (let call = 0; call < 40; call++) statuses.push(await put())
  expect(new Set(statuses)).toEqual(new Set([200, 500]))
  expect(statuses.at(-1)).toBe(500)
  expect(server.alive()).toBe(true)

  await rm(filler)
  expect(await put()).toBe(200)
  for (const trace of acknowledged) {
    const answer = jsonAnswer(await send(server.url, { path: '/Traces', body: JSON.stringify({ TraceIds: [trace] }) }))
    expect(answer).toMatchObject({ UnprocessedTraceIds: [] })
  }
  expect(await server.stop()).toBe(0)
})
