import { describe, expect, test } from 'vitest'
import { catalogue } from '../../../test/fixtures/catalogue.ts'
import { createStory } from '../../../test/fixtures/story.ts'
import { mutateText, seededRandom } from '../../../test/fuzz/mutate.ts'
import { assemble } from '../../model/assemble.ts'
import type { IncomingDocument } from '../../model/document.ts'
import type { SegmentDocument } from '../../model/entity.ts'
import { summarize } from '../../model/summarize.ts'
import { createDocumentReader } from './read-document.ts'
import { readSegmentDocument } from './read-segment-document.ts'
import { readStoredOutline } from './read-stored-outline.ts'
import { defaultReaderOptions } from './reader-options.ts'
import { writeSummaryText } from './summary-text.ts'

const NOW = 1_800_000_000
const SEED = Number(process.env['RADIOGRAPH_TEST_SEED'] ?? Date.now() % 2 ** 31)
const MUTATIONS = 4_000

const read = createDocumentReader({ ...defaultReaderOptions, maxPastSeconds: 0, doubleEncoding: true })

function accepted(texts: readonly string[]): readonly IncomingDocument[] {
  return texts.flatMap((text) => read(text, NOW)).flatMap((one) => (one.ok ? [one.value] : []))
}

/** The summaries of the traces of these documents, as they are answered. */
function summaries(
  documents: readonly IncomingDocument[],
  treeOf: (document: IncomingDocument) => SegmentDocument,
): readonly string[] {
  const ids = [...new Set(documents.map(({ traceId }) => traceId))]
  return ids.map((id) => {
    const trees = documents.flatMap((one, at) =>
      one.traceId === id ? [{ document: treeOf(one), received: 1_000 + at }] : [],
    )
    return writeSummaryText(summarize(assemble(id, 1, trees), NOW))
  })
}

/** Outlines as they are made at the door and later from the store, against whole trees. */
function expectSame(texts: readonly string[], of: string): number {
  const documents = accepted(texts)
  const whole = summaries(documents, ({ raw }) => readSegmentDocument(raw))
  expect(
    summaries(documents, ({ outline }) => outline()),
    of,
  ).toEqual(whole)
  expect(
    summaries(documents, ({ raw }) => readStoredOutline(raw)),
    of,
  ).toEqual(whole)
  return documents.length
}

describe('a summary of outlines is the summary of whole trees', () => {
  test.each(catalogue(NOW).map(({ row, story, texts }) => [row, story, texts] as const))(
    'row %i of the catalogue: %s',
    (_, story, texts) => {
      expectSame(texts, story)
    },
  )

  test.each(createStory(1, NOW).all())('the story $title', ({ title, documents }) => {
    const texts = documents.map((one) => JSON.stringify(one))
    expect(expectSame(texts, title)).toBe(texts.length)
  })

  test(`${MUTATIONS} mutations of both, seed ${SEED}`, () => {
    const sources = [
      ...catalogue(NOW).map(({ texts }) => texts),
      ...createStory(2, NOW)
        .all()
        .map(({ documents }) => documents.map((one) => JSON.stringify(one))),
    ].filter((texts) => texts.every((text) => text.length < 8_000))
    let documents = 0
    for (let round = 0; round < MUTATIONS; round++) {
      const random = seededRandom(SEED + round)
      const texts = sources[random.below(sources.length)] ?? []
      documents += expectSame(
        texts.map((text) => mutateText(text, random)),
        `RADIOGRAPH_TEST_SEED=${SEED + round}`,
      )
    }
    expect(documents).toBeGreaterThan(MUTATIONS / 4)
  })

  test.each<[string, object]>([
    ['every member of aws that a summary might name', awsEverything()],
    ['numbers of many digits', { annotations: { large: 12_345_678_901_234_567_890n.toString(), a: 1.5 } }],
    ['exceptions with all that they can have', causeEverything()],
    ['a reference to an exception', { cause: '00000000000000ee', fault: true }],
    ['sql', { sql: { url: 'db@host', database_type: 'PG' }, namespace: 'remote' }],
    ['flags as text', { error: 'true', throttle: 'TRUE', fault: 'false', traced: 'true' }],
  ])('%s, of a segment and of a subsegment', (story, fields) => {
    const times = { start_time: NOW - 2, end_time: NOW - 1 }
    const subsegment = { id: '00000000000000b1', name: 'call', namespace: 'aws', ...times, ...fields }
    const ids = { trace_id: `1-${(NOW - 2).toString(16)}-000000000000000000000001`, id: '00000000000000a1' }
    const document = { ...ids, name: 'web', ...times, ...fields, subsegments: [subsegment] }
    expect(expectSame([JSON.stringify(document)], story)).toBe(1)
  })

  test('numbers in annotations that a double does not hold', () => {
    const text = `{"trace_id":"1-${(NOW - 2).toString(16)}-000000000000000000000001","id":"00000000000000a1","name":"web",
      "start_time":${NOW - 2},"end_time":${NOW - 1},"annotations":{"a":12345678901234567890,"b":0.1000000000000000055}}`
    expect(expectSame([text], 'long numbers')).toBe(1)
  })
})

function awsEverything(): object {
  const text = Object.fromEntries(
    [
      'account_id',
      'region',
      'operation',
      'table_name',
      'queue_url',
      'bucket_name',
      'function_name',
      'function_arn',
      'topic_arn',
      'endpoint_name',
      'request_id',
      'cluster_name',
      'stream_name',
      'state_machine_arn',
      'resource_arn',
      'secret_arn',
    ].map((name) => [name, `arn:aws:x:us-east-1:123456789012:${name}`]),
  )
  return {
    origin: 'AWS::EC2::Instance',
    resource_arn: 'arn:aws:ecs:us-east-1:123456789012:container/a',
    aws: {
      ...text,
      table_names: ['a', 'b'],
      resource_names: ['c'],
      ec2: { instance_id: 'i-1', availability_zone: 'us-east-1a', ami_id: 'ami-1' },
      ecs: { container: 'c', container_arn: 'arn:c', container_id: 'd' },
      eks: { cluster_name: 'k', pod: 'p', container_id: 'e' },
      elastic_beanstalk: { environment_name: 'env', version_label: 'v', deployment_id: 3 },
      cloudwatch_logs: [{ log_group: 'g', arn: 'arn:logs' }],
      api_gateway: { account_id: '1', rest_api_id: 'r', stage: 's' },
      xray: { sdk: 'node', auto_instrumentation: true, sampling_rule_name: 'Default' },
      unknown: { deep: [1] },
    },
  }
}

function causeEverything(): object {
  const exception = {
    id: '00000000000000ee',
    message: 'no',
    type: 'E',
    remote: true,
    truncated: 3,
    skipped: 4,
    cause: '00000000000000ef',
    stack: [{ path: 'a.js', line: 1, label: 'f' }],
  }
  return {
    fault: true,
    cause: { working_directory: '/', paths: ['a'], message: 'm', exceptions: [exception, { id: '00000000000000ef' }] },
  }
}
