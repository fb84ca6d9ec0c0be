import { describe, expect, test } from 'vitest'
import { anEntity, entityId, segment, subsegment, TRACE_ID } from '../../test/fixtures/model-documents.ts'
import { assemble } from './assemble.ts'
import type { Entity, SegmentDocument } from './entity.ts'
import type { Trace } from './trace.ts'
import { walk } from './walk.ts'

/** Documents in the order of their arrival. */
function assembled(...documents: readonly SegmentDocument[]): Trace {
  return assemble(
    TRACE_ID,
    1,
    documents.map((document, position) => ({ document, received: position + 1 })),
  )
}

/** The tree as text: `a(b c(d)) ?e`, orphans with a question mark, entities in progress with an ellipsis. */
function drawn({ roots }: Trace): string {
  const draw = ({ id, inProgress, subsegments }: Entity): string => {
    const inner = subsegments.length === 0 ? '' : `(${subsegments.map(draw).join(' ')})`
    return `${id.replace(/^0+/, '')}${inProgress ? '…' : ''}${inner}`
  }
  return roots.map(({ kind, entity }) => (kind === 'orphan' ? '?' : '') + draw(entity)).join(' ')
}

const open = { end: undefined }

describe('who stands where', () => {
  test.each<{ reason: string; documents: SegmentDocument[]; tree: string }>([
    { reason: 'no documents, no roots', documents: [], tree: '' },
    { reason: 'an independent subsegment', documents: [segment('a'), subsegment('b', 'a')], tree: 'a(b)' },
    { reason: 'sent ahead of its segment', documents: [subsegment('b', 'a'), segment('a')], tree: 'a(b)' },
    {
      reason: 'under an embedded subsegment',
      documents: [subsegment('c', 'b'), segment('a', { subsegments: [anEntity('b')] })],
      tree: 'a(b(c))',
    },
    {
      reason: 'under what is embedded in an independent subsegment',
      documents: [segment('a'), subsegment('d', 'c'), subsegment('b', 'a', { subsegments: [anEntity('c')] })],
      tree: 'a(b(c(d)))',
    },
    {
      reason: 'siblings by start, then id, however they came',
      documents: [
        subsegment('e', 'a', { start: 2 }),
        subsegment('d', 'a', { start: 1 }),
        segment('a', { subsegments: [anEntity('f', { start: 3 }), anEntity('b', { start: 1 })] }),
      ],
      tree: 'a(b d e f)',
    },
    {
      reason: 'roots by start, then id',
      documents: [segment('c', { start: 1 }), segment('b', { start: 1 }), segment('d', { start: 0, parent: 'b' })],
      tree: 'd b c',
    },
    { reason: 'a downstream segment is a root', documents: [segment('b', { parent: 'a' }), segment('a')], tree: 'a b' },
    { reason: 'an orphan is a root', documents: [segment('a'), subsegment('b', 'f')], tree: 'a ?b' },
    {
      reason: 'an orphan keeps its own',
      documents: [subsegment('c', 'b'), subsegment('b', 'f')],
      tree: '?b(c)',
    },
    {
      reason: 'parent look-ups prefer the subsegment',
      documents: [segment('a'), segment('b'), subsegment('b', 'a'), subsegment('c', 'b')],
      tree: 'a(b(c)) b',
    },
    {
      reason: 'documents marked inferred are ignored',
      documents: [segment('a'), { ...segment('b', { parent: 'a' }), inferred: true }],
      tree: 'a',
    },
  ])('$reason', ({ documents, tree }) => {
    expect(drawn(assembled(...documents))).toBe(tree)
    expect(drawn(assembled(...documents.toReversed()))).toBe(tree)
  })

  test('roots keep the parent they name, and subsegments folded in lose theirs', () => {
    const trace = assembled(segment('a', { parent: 'e' }), subsegment('b', 'a'), subsegment('c', 'f'))
    const a = anEntity('a', { subsegments: [anEntity('b')] })
    expect(trace).toEqual({
      id: TRACE_ID,
      revision: 1,
      roots: [
        { kind: 'segment', parentId: entityId('e'), entity: a },
        { kind: 'orphan', parentId: entityId('f'), entity: anEntity('c') },
      ],
    })
  })
})

describe('which copy counts', () => {
  const withB = (...inside: readonly Entity[]) =>
    segment('a', { subsegments: [anEntity('b', { subsegments: inside })] })
  const withOpenB = (...inside: readonly Entity[]) =>
    segment('a', { subsegments: [anEntity('b', { ...open, subsegments: inside })] })

  test.each<{ reason: string; documents: SegmentDocument[]; tree: string }>([
    {
      reason: 'complete replaces in progress with all that is embedded',
      documents: [segment('a', { ...open, subsegments: [anEntity('b', open)] }), segment('a')],
      tree: 'a',
    },
    {
      reason: 'a late in-progress changes nothing',
      documents: [segment('a'), segment('a', { ...open, subsegments: [anEntity('b')] })],
      tree: 'a',
    },
    {
      reason: 'independent subsegments stay attached when their parent is replaced',
      documents: [segment('a', open), subsegment('b', 'a'), segment('a')],
      tree: 'a(b)',
    },
    {
      reason: 'embedded complete beats independent in progress',
      documents: [withB(anEntity('c')), subsegment('b', 'a', open)],
      tree: 'a(b(c))',
    },
    {
      reason: 'independent complete beats embedded in progress, and replaces what stood in it',
      documents: [subsegment('b', 'a'), withOpenB(anEntity('c'))],
      tree: 'a(b)',
    },
    {
      reason: 'both complete: the later, here the independent one',
      documents: [withB(anEntity('c')), subsegment('b', 'a')],
      tree: 'a(b)',
    },
    {
      reason: 'both complete: the later, here the embedded one',
      documents: [subsegment('b', 'a'), withB(anEntity('c'))],
      tree: 'a(b(c))',
    },
    {
      reason: 'what stands in a loser does not compete',
      documents: [subsegment('b', 'a'), subsegment('c', 'a', open), withOpenB(anEntity('c'))],
      tree: 'a(b c…)',
    },
    {
      reason: 'twice in one document: the complete one',
      documents: [segment('a', { subsegments: [anEntity('b'), anEntity('b', open)] })],
      tree: 'a(b)',
    },
    {
      reason: 'twice in one document, both complete: the last',
      documents: [
        segment('a', { subsegments: [anEntity('b', { subsegments: [anEntity('c')] }), anEntity('b', { start: 5 })] }),
      ],
      tree: 'a(b)',
    },
    {
      reason: 'within itself: the outer one',
      documents: [segment('a', { subsegments: [anEntity('b', { subsegments: [anEntity('b')] })] })],
      tree: 'a(b)',
    },
    {
      reason: 'each within the other, in two documents: the earlier start is settled first',
      documents: [
        segment('a'),
        subsegment('b', 'a', { start: 1, subsegments: [anEntity('c', { start: 2 })] }),
        subsegment('c', 'a', { start: 2, subsegments: [anEntity('b', { start: 1 })] }),
      ],
      tree: 'a(b c)',
    },
  ])('$reason', ({ documents, tree }) => {
    expect(drawn(assembled(...documents))).toBe(tree)
  })
})

describe('cycles', () => {
  test.each<{ reason: string; documents: SegmentDocument[]; tree: string }>([
    { reason: 'its own parent', documents: [segment('a'), subsegment('b', 'b')], tree: 'a ?b' },
    {
      reason: 'its own parent by name, but there is a segment of that id',
      documents: [segment('b'), subsegment('b', 'b')],
      tree: 'b(b)',
    },
    {
      reason: 'broken at the smallest start',
      documents: [subsegment('b', 'c', { start: 2 }), subsegment('c', 'd', { start: 1 }), subsegment('d', 'b')],
      tree: '?d(c(b))',
    },
    {
      reason: 'broken at the smallest id when starts are equal',
      documents: [subsegment('c', 'b'), subsegment('b', 'c')],
      tree: '?b(c)',
    },
    {
      reason: 'under its own embedded subsegment',
      documents: [subsegment('c', 'b', { start: 3, subsegments: [anEntity('b')] })],
      tree: '?c(b)',
    },
    {
      reason: 'what hangs on a cycle stays on it',
      documents: [subsegment('d', 'c'), subsegment('c', 'b', { start: 1 }), subsegment('b', 'c', { start: 2 })],
      tree: '?c(d b)',
    },
  ])('$reason', ({ documents, tree }) => {
    expect(drawn(assembled(...documents))).toBe(tree)
    expect(drawn(assembled(...documents.toReversed()))).toBe(tree)
  })
})

describe('size', () => {
  const digits = (number: number) => (number + 1).toString(16)
  const count = 20_000

  test('a chain of 20,000 independent subsegments', () => {
    const chain = Array.from({ length: count }, (_, n) => subsegment(digits(n + 1), digits(n), { start: n }))
    const { roots } = assembled(...chain.toReversed(), segment(digits(0)))
    expect(roots.map(({ kind, entity }) => [kind, entity.id])).toEqual([['segment', entityId(digits(0))]])
    const ids = Array.from(walk(roots[0]?.entity ?? anEntity('1')), ({ id }) => id)
    expect(ids).toEqual(Array.from({ length: count + 1 }, (_, n) => entityId(digits(n))))
  })

  test('a cycle of 20,000 independent subsegments', () => {
    const ring = Array.from({ length: count }, (_, n) => subsegment(digits(n), digits((n + 1) % count), { start: n }))
    const { roots } = assembled(...ring)
    expect(roots.map(({ entity }) => entity.id)).toEqual([entityId(digits(0))])
    expect(Array.from(walk(roots[0]?.entity ?? anEntity('1')))).toHaveLength(count)
  })

  test('a document of 10,000 subsegments, each sent alone as well', () => {
    const inside = Array.from({ length: 10_000 }, (_, n) => anEntity(digits(n + 1), { start: n }))
    const alone = inside.map((_, n) => subsegment(digits(n + 1), digits(0), { start: n, user: 'alone' }))
    const { roots } = assembled(segment(digits(0), { subsegments: inside.toReversed() }), ...alone)
    expect(roots).toHaveLength(1)
    expect(roots[0]?.entity.subsegments.map(({ id }) => id)).toEqual(inside.map(({ id }) => id))
    expect(roots[0]?.entity.subsegments.every(({ user }) => user === 'alone')).toBe(true)
  })
})
