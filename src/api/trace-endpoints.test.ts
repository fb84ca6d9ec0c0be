import { beforeAll, describe, expect, test } from 'vitest'
import { apiInMemory } from '../../test/fixtures/api-in-memory.ts'
import { controlInMemory } from '../../test/fixtures/control-in-memory.ts'
import { retrievalJobsInMemory } from '../../test/fixtures/retrieval-jobs-in-memory.ts'
import { servicesInMemory } from '../../test/fixtures/services-in-memory.ts'
import { parseObject, type JsonObject } from '../../test/fixtures/xray-client.ts'
import { OUTLINE_FLAGS, type FindAnswer, type SegmentAnswer, type TraceOutline } from '../wire/own/outline.ts'
import type { TracePercentile } from '../wire/own/traces.ts'
import { writeDocument } from '../wire/xray/write-document.ts'
import { createOperations } from './operations.ts'
import { createTraceEndpoints } from './trace-endpoints.ts'

const NOW = 1_700_000_000
const T0 = NOW - 10
const ID = `1-${T0.toString(16)}-00000000000000000000abcd`
const MISSING = `1-${T0.toString(16)}-00000000000000000000ffff`
const defaultTenant = { account: '000000000000', region: 'us-east-1' }
const clock = () => NOW * 1000
const services = servicesInMemory(() => NOW)
const control = controlInMemory(clock)
const called: (string | undefined)[] = []
const api = apiInMemory(clock(), {
  operations: createOperations({
    ...services,
    ...control,
    retrievalJobs: retrievalJobsInMemory(control.settings, services, clock),
    telemetry: { accept: () => undefined },
    writeDocument,
    clock,
  }),
  ownWithIds: createTraceEndpoints({
    queries: services.queries,
    searches: services.searches,
    groups: control.groups,
    defaultTenant,
    limitBytes: 1_000_000,
    clock,
  }),
  onAnswer: (calledFor) => called.push(calledFor),
})

const WEB = '000000000000000a'
const QUERY = '000000000000000b'
const CALL = '000000000000000c'
const TABLE = '000000000000000d'
const API = '000000000000000e'
const LOST = '000000000000000f'

const DOCUMENTS = [
  `{"trace_id":"${ID}","id":"${WEB}","name":"web","origin":"AWS::EC2::Instance","start_time":${T0},"end_time":${T0 + 1},
    "http":{"request":{"method":"GET","url":"https://shop/cart?token=1"},"response":{"status":500}},"fault":true,
    "annotations":{"tenant":"Acme"},"metadata":{"default":{"big":12345678901234567890,"deep":[{"colour":"Mauve"}]}},
    "links":[{"trace_id":"${MISSING}","id":"${LOST}"}],
    "subsegments":[
      {"id":"${QUERY}","name":"orders@db","namespace":"remote","start_time":${T0 + 0.1},"end_time":${T0 + 0.4},
       "sql":{"sanitized_query":"SELECT * FROM basket"},"fault":true,
       "cause":{"exceptions":[{"id":"${LOST}","type":"TimeoutError","message":"upstream timed out"}]}},
      {"id":"${CALL}","name":"api","namespace":"remote","start_time":${T0 + 0.5},"end_time":${T0 + 0.9},
       "http":{"response":{"status":200}}}]}`,
  `{"trace_id":"${ID}","id":"${API}","name":"api","parent_id":"${CALL}","start_time":${T0 + 0.6},"in_progress":true}`,
  `{"type":"subsegment","trace_id":"${ID}","id":"${TABLE}","parent_id":"${API}","name":"DynamoDB","namespace":"aws",
    "start_time":${T0 + 0.7},"end_time":${T0 + 0.8},"aws":{"operation":"GetItem","table_name":"orders"}}`,
  `{"type":"subsegment","trace_id":"${ID}","id":"${LOST}","parent_id":"00000000000000ff","name":"stray",
    "start_time":${T0 + 0.8},"end_time":${T0 + 0.9}}`,
]

const get = async (path: string, headers: Record<string, string> = {}, method = 'GET') => {
  const { signal } = new AbortController()
  return api.answer({ method, path: `/api/traces/${path}`, headers, body: Buffer.alloc(0), signal })
}
const bodyOf = async <T>(path: string): Promise<T> => {
  const { status, body } = await get(path)
  expect(status, body).toBe(200)
  return JSON.parse(body) as T
}
const outline = async (id = ID) => bodyOf<TraceOutline>(`${id}/outline`)
const find = async (parameters: Record<string, string>) =>
  bodyOf<FindAnswer>(`${ID}/find?${new URLSearchParams(parameters).toString()}`)
const errorOf = async (path: string): Promise<readonly [number, unknown, unknown]> => {
  const { status, body } = await get(path)
  const { __type, Message } = parseObject(body)
  return [status, __type, Message]
}

let inferredIds: readonly string[] = []

beforeAll(async () => {
  const { rejections } = await services.ingest.accept(defaultTenant, DOCUMENTS, 'http')
  if (rejections.length > 0) throw new Error(JSON.stringify(rejections))
  const { signal } = new AbortController()
  const body = Buffer.from(JSON.stringify({ GroupName: 'faults', FilterExpression: 'fault' }))
  await api.answer({ method: 'POST', path: '/CreateGroup', headers: {}, body, signal })
  const { ids } = await outline()
  inferredIds = [ids[2] ?? '', ids[6] ?? '']
})

describe('/api/traces/{id}/outline', () => {
  test('has each entity once, in pre-order, with its columns', async () => {
    const { texts, ...rest } = await outline()
    const text = (at: number) => texts[at]
    const {
      fault,
      error,
      inProgress,
      inferred,
      callsRemote,
      callsAws,
      hasExceptions,
      hasSql,
      segment,
      hasLinks,
      orphan,
    } = OUTLINE_FLAGS
    expect(error).toBe(2)
    expect({ ...rest, name: rest.name.map(text), detail: rest.detail.map(text) }).toEqual({
      id: ID,
      revision: 1,
      startTime: T0,
      duration: 1,
      inProgress: true,
      limitExceeded: false,
      services: [
        { name: 'web', type: 'AWS::EC2::Instance' },
        { name: 'orders@db', type: 'Database::SQL' },
        { name: 'api' },
        { name: 'orders', type: 'AWS::DynamoDB::Table' },
      ],
      ids: [WEB, QUERY, inferredIds[0], CALL, API, TABLE, inferredIds[1], LOST],
      parent: [-1, 0, 1, 0, 3, 4, 5, -1],
      name: ['web', 'orders@db', 'orders@db', 'api', 'api', 'DynamoDB', 'DynamoDB', 'stray'],
      service: [0, 0, 1, 0, 2, 2, 3, -1],
      start: [0, 100_000, 100_000, 500_000, 600_000, 700_000, 700_000, 800_000],
      end: [1_000_000, 400_000, 400_000, 900_000, -1, 800_000, 800_000, 900_000],
      flags: [
        fault | segment | hasLinks,
        fault | callsRemote | hasExceptions | hasSql,
        fault | inferred | segment | hasSql,
        callsRemote,
        inProgress | segment,
        callsAws,
        inferred | segment,
        orphan,
      ],
      status: [500, 0, 0, 200, 0, 0, 0, 0],
      detail: [
        'GET /cart',
        'SELECT * FROM basket',
        'SELECT * FROM basket',
        undefined,
        undefined,
        'GetItem orders',
        'GetItem orders',
        undefined,
      ],
      missingParents: [{ at: 7, parentId: '00000000000000ff' }],
      links: [{ at: 0, traceId: MISSING, id: LOST }],
    })
    expect(new Set(texts).size).toBe(texts.length)
  })

  test('takes ids of 32 digits and in upper case, and a trailing slash', async () => {
    const hex = ID.slice(2).replace('-', '')
    for (const id of [hex, hex.toUpperCase(), ID.toUpperCase()]) expect(await outline(id)).toEqual(await outline())
    expect((await get(`${ID}/outline/`)).status).toBe(200)
  })

  test('has a tag, and is not sent again to who names it', async () => {
    const { headers } = await get(`${ID}/outline`)
    expect(headers['ETag']).toBe('W/"1"')
    for (const known of ['W/"1"', '"1"', '"0", W/"1"', '*']) {
      const { status, headers: again, body } = await get(`${ID}/outline`, { 'if-none-match': known })
      expect([status, body, again['ETag']]).toEqual([304, '', 'W/"1"'])
    }
    expect((await get(`${ID}/outline`, { 'if-none-match': 'W/"10"' })).status).toBe(200)
  })
})

describe('/api/traces/{id}/segments/{segment}', () => {
  const shown = async (segment: string) => bodyOf<SegmentAnswer>(`${ID}/segments/${segment}`)

  test('a segment, as BatchGetTraces writes it, with all digits, without its subsegments', async () => {
    const { document, documentId } = await shown(WEB)
    expect(documentId).toBe(WEB)
    expect(document).toContain('"big":12345678901234567890')
    const { signal } = new AbortController()
    const body = Buffer.from(JSON.stringify({ TraceIds: [ID] }))
    const batch = await api.answer({ method: 'POST', path: '/Traces', headers: {}, body, signal })
    const texts = JSON.parse(batch.body).Traces[0].Segments as readonly { Id: string; Document: string }[]
    const whole: JsonObject = parseObject(texts.find(({ Id }) => Id === WEB)?.Document ?? '')
    expect({ ...parseObject(document), subsegments: whole['subsegments'] }).toEqual(whole)
    expect(texts.map(({ Id }) => Id)).toContain(inferredIds[0])
  })

  test('subsegments, embedded and on their own, inferred segments and orphans', async () => {
    expect(parseObject((await shown(QUERY)).document)).toMatchObject({ id: QUERY, namespace: 'remote', fault: true })
    expect((await shown(QUERY)).documentId).toBe(WEB)
    expect(await shown(TABLE)).toEqual({
      document: `{"id":"${TABLE}","name":"DynamoDB","start_time":${T0 + 0.7},"end_time":${T0 + 0.8},"aws":{"operation":"GetItem","table_name":"orders","resource_names":["orders"]},"namespace":"aws"}`,
      documentId: API,
    })
    const [inferred = ''] = inferredIds
    expect(parseObject((await shown(inferred)).document)).toMatchObject({ inferred: true, parent_id: QUERY })
    expect(parseObject((await shown(LOST.toUpperCase())).document)).toMatchObject({ type: 'subsegment', id: LOST })
  })
})

describe('/api/traces/{id}/find', () => {
  test.each([
    ['mauve', [0], 'metadata, however deep, in any case'],
    ['COLOUR', [0], 'a key of metadata'],
    ['12345678901234567890', [0], 'digits beyond 2^53'],
    ['acme', [0], 'an annotation'],
    ['tenant', [0], 'its key'],
    ['basket', [1, 2], 'SQL'],
    ['timeouterror', [1], 'the type of an exception'],
    ['timed out', [1], 'its message'],
    ['orders', [1, 2, 5, 6], 'names, nodes and details'],
    ['api', [3, 4], 'the call and the segment, but not what stands in it'],
    ['web', [0], 'a service'],
    ['getitem', [5, 6], 'an operation'],
    [LOST, [7], 'an id'],
    ['nothing says this', [], 'nowhere'],
  ])('text %s: %j, %s', async (text, matches) => {
    expect(await find({ text })).toEqual({ revision: 1, matches })
  })

  test.each([
    ['fault', [0, 1, 2], 'each alone'],
    ['!fault', [3, 4, 5, 6, 7], 'the others'],
    ['partial', [4], 'in progress'],
    ['inferred', [2, 6], 'inferred'],
    ['duration > 0.35', [0, 3], 'durations of their own'],
    ['http.status = 200 OR http.status = 500', [0, 3], 'or'],
    ['fault AND http.status = 500', [0], 'and'],
    ['annotation.tenant = "Acme"', [0], 'annotations'],
    ['http.url CONTAINS "cart"', [0], 'URLs'],
    ['service("web")', [0], 'segments of a node'],
    ['service("web") { fault } AND fault', [0], 'segments of which the body is true'],
    ['service("api") { fault }', [], 'or not'],
    ['service() { inferred }', [2, 6], 'inferred segments'],
    ['edge("web", "api")', [3], 'a call'],
    ['edge("api", "orders") { ok }', [5], 'a call of what is inferred'],
    ['name = "api"', [3, 4], 'what only braces know'],
    ['name BEGINSWITH "Dyn" AND type = "AWS::DynamoDB::Table"', [5], 'of calls, what they call'],
    ['root', [0], 'the root segment'],
    ['rootcause.fault.service { name = "web" }', [0, 1, 2, 3, 4, 5, 6, 7], 'asked of the trace'],
    ['group.name = "faults" AND inferred', [2], 'the expression of a group'],
  ])('filter %s: %j, %s', async (filter, matches) => {
    expect((await find({ filter })).matches).toEqual(matches)
  })

  test.each([
    ['metadata.colour = "Mauve"', [], 'not under that key'],
    ['metadata.deep = "Mauve"', [0], 'under its key'],
    ['segments() { fault } > 5', [0, 2], 'those that are counted'],
    ['path("web", "orders")', [6], 'what stands below'],
    ['name MATCHES "^or"', [1, 2, 6], 'in braces, of inferred segments the node'],
  ])('extended filter %s: %j, %s', async (filter, matches) => {
    expect((await find({ filter, dialect: 'extended' })).matches).toEqual(matches)
  })
})

describe('/api/traces/{id}/percentile', () => {
  const tenant = { account: '111111111111', region: 'us-east-1' }
  const idOf = (number: number, ago: number) => `1-${(T0 - ago).toString(16)}-${number.toString(16).padStart(24, '0')}`
  type Sent = { seconds?: number; ago?: number; url?: string; name?: string; parent?: string }
  const sent = (number: number, { seconds, ago = 60, url = '/item/17', name = 'shop', parent }: Sent) =>
    JSON.stringify({
      trace_id: idOf(number, ago),
      id: number.toString(16).padStart(16, '0'),
      name,
      start_time: T0 - ago,
      ...(seconds === undefined ? { in_progress: true } : { end_time: T0 - ago + seconds }),
      ...(parent === undefined ? {} : { parent_id: parent }),
      http: { request: { method: 'GET', url: `https://shop${url}` } },
    })
  const OF = idOf(1, 0)
  const FIRST = idOf(2, 3_000)
  const GOING = idOf(3, 10)

  beforeAll(async () => {
    const documents = [
      sent(1, { seconds: 2, ago: 0, url: '/item/4711?secret=1' }),
      sent(2, { seconds: 1, ago: 3_000 }),
      sent(3, { ago: 10 }),
      ...Array.from({ length: 30 }, (_, at) => sent(100 + at, { seconds: 0.25 + at * 0.125, url: `/item/${at}` })),
      sent(200, { seconds: 1, url: '/cart' }),
      sent(201, { seconds: 1, name: 'stock' }),
      sent(202, { seconds: 1, ago: 6_700 }),
      sent(203, { seconds: 1, parent: '00000000000000ff' }),
      sent(204, { seconds: 1, ago: -5 }),
    ]
    const { rejections } = await services.ingest.accept(tenant, documents, 'http')
    if (rejections.length > 0) throw new Error(JSON.stringify(rejections))
  })

  const percentile = async (id: string) => bodyOf<TracePercentile>(`${id}/percentile?account=${tenant.account}`)

  test('counts those that began with the same request in the hour before', async () => {
    expect(await percentile(OF)).toEqual({
      service: 'shop',
      request: 'GET /item/*',
      from: T0 - 3_600,
      to: T0,
      // Of the thirty, 0.25 to 1.875 s are less than 2 s; so is the first.
      compared: 31,
      shorter: 15,
      complete: true,
    })
  })

  test('compares nothing before anything came, nor while the trace goes on', async () => {
    expect(await percentile(FIRST)).toMatchObject({ service: 'shop', compared: 0, shorter: 0, complete: true })
    const going = await percentile(GOING)
    expect(going).toEqual({ from: expect.any(Number), to: T0 - 10, compared: 0, shorter: 0, complete: true })
  })

  test('of a trace that is not there', async () => {
    const message = `There is no trace ${MISSING}`
    expect(await errorOf(`${MISSING}/percentile`)).toEqual([404, 'ResourceNotFoundException', message])
  })
})

describe('refusals', () => {
  test.each([
    [`${MISSING}/outline`, 404, 'ResourceNotFoundException', `There is no trace ${MISSING}`],
    [`${MISSING}/find?text=a`, 404, 'ResourceNotFoundException', `There is no trace ${MISSING}`],
    [`${MISSING}/segments/${WEB}`, 404, 'ResourceNotFoundException', `There is no trace ${MISSING}`],
    [`${ID}/outline?account=123456789012`, 404, 'ResourceNotFoundException', `There is no trace ${ID}`],
    [
      `${ID}/segments/00000000000000aa`,
      404,
      'ResourceNotFoundException',
      `There is no segment 00000000000000aa in trace ${ID}`,
    ],
    ['1-2-3/outline', 400, 'InvalidRequestException', expect.stringContaining('no trace id')],
    [`${ID}/segments/xyz`, 400, 'InvalidRequestException', expect.stringContaining('16 hex digits')],
    [`${ID}/find`, 400, 'InvalidRequestException', 'Either text or filter is required'],
    [`${ID}/find?text=a&filter=fault`, 400, 'InvalidRequestException', 'Either text or filter is required'],
    [`${ID}/find?filter=fault%20%7D%20AND%20service()%20%7B%20ok`, 400, 'InvalidRequestException', expect.any(String)],
    [`${ID}/nothing`, 404, 'UnknownOperationException', 'No operation has this path'],
    [`${ID}/outline/more`, 404, 'UnknownOperationException', 'No operation has this path'],
  ])('%s: %i', async (path, status, type, message) => {
    expect(await errorOf(path)).toEqual([status, type, message])
  })

  test('POST is refused, and answers are counted under a name without ids', async () => {
    called.length = 0
    for (const path of [`${ID}/outline`, `${ID}/segments/${WEB}`, `${MISSING}/find`]) await get(path, {}, 'POST')
    const { status } = await get(`${ID}/outline`, {}, 'POST')
    expect(status).toBe(405)
    expect(called).toEqual([
      '/api/traces/{id}/outline',
      '/api/traces/{id}/segments/{segment}',
      '/api/traces/{id}/find',
      '/api/traces/{id}/outline',
    ])
  })
})
