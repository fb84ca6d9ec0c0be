import { describe, expect, test } from 'vitest'
import { anEntity, segment, subsegment, TRACE_ID } from '../../test/fixtures/model-documents.ts'
import { assemble } from './assemble.ts'
import { traceGraph } from './edges.ts'
import type { SegmentDocument, SpanLink } from './entity.ts'
import type { ServiceId } from './summary.ts'
import { indexTrace } from './trace-index.ts'

/** The graph in words: `from → to (last digits of what gives the statistics)`, nodes as `name:type`. */
function graphOf(...documents: readonly SegmentDocument[]) {
  const received = documents.map((document, position) => ({ document, received: position }))
  const { nodes, edges, links } = traceGraph(indexTrace(assemble(TRACE_ID, 1, received)))
  const label = ({ name, type }: ServiceId) => (type === undefined ? name : `${name}:${type}`)
  const byKey = new Map(nodes.map((node) => [node.key, label(node.service)]))
  return {
    nodes: nodes.map(({ service, isRoot, segments, inferred }) => {
      const count = `${segments.length}+${inferred.length}`
      return `${label(service)} ${count}${isRoot ? ' root' : ''}`
    }),
    edges: edges.map(({ from, to, statistics, alias }) => {
      const called = alias === undefined ? '' : ` as ${label(alias)}`
      return `${byKey.get(from)} → ${byKey.get(to)} (${statistics.id.replace(/^0+/, '')})${called}`
    }),
    links: links.map(({ to, link, segment: { id } }) => `${link.id} → ${byKey.get(to)} (${id.replace(/^0+/, '')})`),
  }
}

const call = (id: string, fields: object = {}) => anEntity(id, { namespace: 'remote', name: 'api', ...fields })

describe('nodes and edges', () => {
  test.each<{ reason: string; documents: SegmentDocument[]; nodes: string[]; edges: string[] }>([
    { reason: 'nothing', documents: [], nodes: [], edges: [] },
    {
      reason: 'a client calls the root',
      documents: [segment('a', { name: 'web', origin: 'EC2' })],
      nodes: ['web:client 0+0', 'web:EC2 1+0 root'],
      edges: ['web:client → web:EC2 (a)'],
    },
    {
      reason: 'a call with its other side counts as the caller saw it',
      documents: [
        segment('a', { name: 'web', subsegments: [call('b')] }),
        segment('c', { name: 'api', parent: 'b', start: 1 }),
      ],
      nodes: ['web:client 0+0', 'web 1+0 root', 'api 1+0'],
      edges: ['web:client → web (a)', 'web → api (b)'],
    },
    {
      reason: 'a call by another name',
      documents: [
        segment('a', { name: 'web', subsegments: [call('b', { name: 'api.local' })] }),
        segment('c', { name: 'api', parent: 'b', start: 1 }),
      ],
      nodes: ['web:client 0+0', 'web 1+0 root', 'api 1+0'],
      edges: ['web:client → web (a)', 'web → api (b) as api.local:remote'],
    },
    {
      reason: 'inferred: an AWS resource, a host',
      documents: [
        segment('a', {
          name: 'web',
          subsegments: [
            call('b', { name: 'dynamodb', namespace: 'aws', aws: { table_name: 't' } }),
            call('c', { name: 'example.com' }),
          ],
        }),
      ],
      nodes: ['web:client 0+0', 'web 1+0 root', 't:AWS::DynamoDB::Table 0+1', 'example.com:remote 0+1'],
      edges: [
        'web:client → web (a)',
        'web → t:AWS::DynamoDB::Table (b) as dynamodb:AWS::DynamoDB',
        'web → example.com:remote (c)',
      ],
    },
    {
      reason: 'a traced call leads nowhere until its other side is there',
      documents: [segment('a', { name: 'web', subsegments: [call('b', { traced: true })] })],
      nodes: ['web:client 0+0', 'web 1+0 root'],
      edges: ['web:client → web (a)'],
    },
    {
      reason: 'a segment called directly, and one from within local work, tell how it went',
      documents: [
        segment('a', { name: 'f', origin: 'L', subsegments: [anEntity('b')] }),
        segment('c', { name: 'f', origin: 'F', parent: 'b', start: 1 }),
        segment('d', { name: 'g', parent: 'a', start: 2 }),
      ],
      nodes: ['f:client 0+0', 'f:L 1+0 root', 'f:F 1+0', 'g 1+0'],
      edges: ['f:client → f:L (a)', 'f:L → f:F (c)', 'f:L → g (d)'],
    },
    {
      reason: 'a service that calls itself',
      documents: [
        segment('a', { name: 'web', subsegments: [call('b', { name: 'web' })] }),
        segment('c', { name: 'web', parent: 'b', start: 1 }),
      ],
      nodes: ['web:client 0+0', 'web 2+0 root'],
      edges: ['web:client → web (a)', 'web → web (b)'],
    },
    {
      reason: 'two segments of one node behind one call are one call',
      documents: [
        segment('a', { name: 'web', subsegments: [call('b')] }),
        segment('c', { name: 'api', parent: 'b', start: 1 }),
        segment('d', { name: 'api', parent: 'b', start: 2 }),
      ],
      nodes: ['web:client 0+0', 'web 1+0 root', 'api 2+0'],
      edges: ['web:client → web (a)', 'web → api (b)'],
    },
    {
      reason: 'a parent that is not there: a node, no root, no edge',
      documents: [segment('a', { name: 'api', parent: 'f' })],
      nodes: ['api 1+0'],
      edges: [],
    },
    {
      reason: 'its own parent',
      documents: [segment('a', { name: 'api', parent: 'a' })],
      nodes: ['api 1+0'],
      edges: [],
    },
    {
      reason: 'an orphan called somebody, on whose behalf is not known',
      documents: [subsegment('b', 'f', { namespace: 'remote', name: 'api' })],
      nodes: ['api:remote 0+1'],
      edges: [],
    },
    {
      reason: 'a cycle: each calls the other',
      documents: [
        segment('a', { name: 'x', parent: 'd', subsegments: [call('b', { name: 'y' })] }),
        segment('c', { name: 'y', parent: 'b', start: 1, subsegments: [call('d', { name: 'x' })] }),
      ],
      nodes: ['x 1+0', 'y 1+0'],
      edges: ['x → y (b)', 'y → x (d)'],
    },
  ])('$reason', ({ documents, nodes, edges }) => {
    expect(graphOf(...documents)).toEqual({ nodes, edges, links: [] })
  })

  test('one name in two accounts makes two nodes', () => {
    const inAccount = (account_id: string) => ({ name: 'api', aws: { account_id } })
    expect(graphOf(segment('a', inAccount('1')), segment('b', inAccount('2'))).nodes).toHaveLength(3)
  })
})

describe('links', () => {
  const link = (id: string, reference?: string): SpanLink => ({
    id,
    ...(reference === undefined ? {} : { attributes: { 'aws.xray.reserved.reference_type': reference } }),
  })
  test('lead to the consumer from wherever it has them; those to children are of the producer', () => {
    const consumer = segment('a', {
      name: 'worker',
      links: [link('1', 'parent'), link('2', 'child'), link('3')],
      subsegments: [anEntity('b', { links: [link('4')] })],
    })
    expect(graphOf(consumer).links).toEqual(['1 → worker (a)', '3 → worker (a)', '4 → worker (a)'])
  })

  test('are a hundred for each trace', () => {
    const links = Array.from({ length: 60 }, (_, number) => link(`${number}`))
    expect(graphOf(segment('a', { links }), segment('b', { links })).links).toHaveLength(100)
  })
})
