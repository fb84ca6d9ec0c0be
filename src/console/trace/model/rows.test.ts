import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arbitraryOutline, bigOutline, outlineOf, type OutlineNode } from '../../../../test/fixtures/trace-outline.ts'
import { buildRows } from './build-rows.ts'
import { criticalPath } from './critical-path.ts'
import { initialFold, openPathTo, openSubtree, openToLevel, orderRepeats, type Fold, type FoldRepeats } from './fold.ts'
import { nearestRow, ROW, type Rows, type RowsView } from './rows.ts'
import { toggleChain, toggleRow } from './toggle-row.ts'
import { buildTraceModel, nameOf, type TraceModel } from './trace-model.ts'

const at = (depth: number, name: string, more: Partial<OutlineNode> = {}): OutlineNode => ({
  depth,
  name,
  start: 0,
  end: 100,
  ...more,
})

const root = at(0, 'web', { service: 'web' })
/** Seven calls of one kind, of which the fourth failed and the others took longer and longer. */
const calls = Array.from({ length: 7 }, (_, call) =>
  at(1, 'GetItem', { start: call * 10, end: call * 11 + 5, ...(call === 3 ? { flags: ['fault'] as const } : {}) }),
)

function open(nodes: readonly OutlineNode[], repeats: FoldRepeats = 'auto') {
  const model = buildTraceModel(outlineOf(nodes))
  return { model, fold: initialFold(model, { repeats, critical: criticalPath(model) }) }
}

function viewOf(fold: Fold, more: Partial<RowsView> = {}): RowsView {
  return { fold, hiddenServices: new Set(), onlyMatches: false, ...more }
}

const matching = (model: TraceModel, ...nodes: readonly number[]) => {
  const matches = new Uint8Array(model.count)
  for (const node of nodes) matches[node] = 1
  return matches
}

/** As they would look: indented, with what can be opened. */
function draw(model: TraceModel, rows: Rows): readonly string[] {
  return Array.from({ length: rows.count }, (_, row) => {
    const [kind, node = -1, value = -1] = [rows.kind[row], rows.node[row], rows.value[row]]
    const mark = rows.expanded[row] === -1 ? '' : rows.expanded[row] === 1 ? '- ' : '+ '
    const name = nameOf(model, node)
    const group = rows.view.fold.repeats.groups[value]
    const text =
      kind === ROW.repeat
        ? `${name} ×${group?.members.length ?? 0}`
        : kind === ROW.more
          ? `more ${value}`
          : kind === ROW.gap
            ? `${value} hidden`
            : kind === ROW.missing
              ? `missing ${model.missingParents.get(node) ?? ''}`
              : kind === ROW.chain
                ? `${nameOf(model, value)} › ${name}`
                : name
    return `${' '.repeat((rows.level[row] ?? 1) - 1)}${mark}${text}`
  })
}

describe('rows', () => {
  test('a tree, closed in the middle', () => {
    const { model, fold } = open([root, at(1, 'a', { service: 'a' }), at(2, 'b'), at(1, 'c'), at(1, 'd')])
    const all = buildRows(model, viewOf(fold))
    expect(draw(model, all)).toEqual(['- web', ' - a', '  b', ' c', ' d'])
    const closed = buildRows(model, viewOf(toggleRow(all, 1)))
    expect(draw(model, closed)).toEqual(['- web', ' + a', ' c', ' d'])
    expect([...closed.rowOf]).toEqual([0, 1, -1, 2, 3])
    expect(nearestRow(model, closed, 2)).toBe(1)
    expect(closed.shown).toBe(4)
    expect([...closed.position]).toEqual([1, 1, 2, 3])
    expect([...closed.setSize]).toEqual([1, 3, 3, 3])
    expect([...closed.parentRow]).toEqual([-1, 0, 0, 0])
  })

  test('repeats are one row, and problems first when opened', () => {
    const { model, fold } = open([root, ...calls, at(1, 'PutItem')])
    const closed = buildRows(model, viewOf(fold))
    expect(draw(model, closed)).toEqual(['- web', ' + GetItem ×7', ' PutItem'])
    expect(nearestRow(model, closed, 4)).toBe(1)
    const opened = toggleRow(closed, 1)
    expect([...buildRows(model, viewOf(opened)).node]).toEqual([0, 1, 4, 1, 2, 3, 5, 6, 7, 8])
    const longest = buildRows(model, viewOf(orderRepeats(opened, 'duration')))
    expect([...longest.node]).toEqual([0, 1, 4, 7, 6, 5, 3, 2, 1, 8])
    expect([...longest.level]).toEqual([1, 2, 3, 3, 3, 3, 3, 3, 3, 2])
  })

  test.each<[FoldRepeats, number, readonly string[]]>([
    ['auto', 4, ['- web', ' GetItem', ' GetItem', ' GetItem', ' GetItem']],
    ['auto', 5, ['- web', ' + GetItem ×5']],
    [3, 3, ['- web', ' + GetItem ×3']],
    ['off', 5, ['- web', ' GetItem', ' GetItem', ' GetItem', ' GetItem', ' GetItem']],
  ])('folding %s of %i', (repeats, count, expected) => {
    const { model, fold } = open([root, ...calls.slice(0, count)], repeats)
    expect(draw(model, buildRows(model, viewOf(fold)))).toEqual(expected)
  })

  test.each<[string, Partial<OutlineNode>]>([
    ['name', { name: 'PutItem' }],
    ['detail', { detail: 'GetItem other' }],
    ['kind', { flags: ['callsAws'] }],
    ['service', { service: 'other' }],
  ])('another %s is no repeat', (_, other) => {
    const { model, fold } = open([root, ...calls.slice(0, 4), at(1, 'GetItem', other)])
    expect(fold.repeats.groups).toEqual([])
    expect(buildRows(model, viewOf(fold)).count).toBe(6)
  })

  test('what a group says', () => {
    const { fold } = open([root, ...calls])
    expect(fold.repeats.groups).toEqual([
      {
        parent: 0,
        members: Int32Array.of(1, 2, 3, 4, 5, 6, 7),
        totalUs: 56,
        sumUs: 56,
        maxUs: 11,
        startUs: 0,
        endUs: 71,
        problems: 1,
        problemMembers: 1,
      },
    ])
  })

  test('an open group shows a hundred, and then more', () => {
    const many = Array.from({ length: 243 }, (_, call) => at(1, 'GetItem', { start: call }))
    const { model, fold } = open([root, ...many])
    let rows = buildRows(model, viewOf(fold))
    const seen: (readonly [number, string | undefined])[] = []
    for (let step = 0; step < 3; step++) {
      rows = buildRows(model, viewOf(toggleRow(rows, step === 0 ? 1 : rows.count - 1)))
      seen.push([rows.count, draw(model, rows).at(-1)])
    }
    expect(seen).toEqual([
      [103, '  more 143'],
      [203, '  more 43'],
      [245, '  GetItem'],
    ])
    const found = buildRows(model, viewOf(openPathTo(model, fold, 243)))
    expect(found.rowOf[243]).toBe(244)
  })

  test('wrappers are one row', () => {
    const { model, fold } = open([root, at(1, 'auth'), at(2, 'cache'), at(3, 'client'), at(4, 'a'), at(4, 'b')])
    const rows = buildRows(model, viewOf(fold))
    expect(draw(model, rows)).toEqual(['- web', ' - auth › client', '  a', '  b'])
    expect([...rows.rowOf]).toEqual([0, 1, 1, 1, 2, 3])
    expect(rows.shown).toBe(6)
    expect(draw(model, buildRows(model, viewOf(toggleRow(rows, 1))))).toEqual(['- web', ' + auth › client'])
    const chainless = ['- web', ' - auth', '  - cache', '   - client', '    a', '    b']
    expect(draw(model, buildRows(model, viewOf(toggleChain(fold, 1))))).toEqual(chainless)
    expect(draw(model, buildRows(model, viewOf(openPathTo(model, fold, 2))))).toEqual(chainless)
    expect(openPathTo(model, fold, 3)).toBe(fold)
  })

  test.each<[string, Partial<OutlineNode>]>([
    ['did something itself', { end: 102 }],
    ['failed', { flags: ['fault'] }],
    ['is a segment', { service: 'cache' }],
    ['has not ended', { flags: ['inProgress'] }],
  ])('no wrapper: %s', (_, other) => {
    const { fold } = open([root, at(1, 'auth'), at(2, 'cache', other), at(3, 'client')])
    expect([...fold.chainEnd]).toEqual([-1, -1, -1, -1])
  })

  test('orphans stand together under the parent that is missing', () => {
    const lost = (name: string, missing: string) => at(0, name, { missing, service: name })
    const { model, fold } = open([root, lost('a', 'ff'), at(1, 'b'), lost('c', 'ee'), lost('d', 'ff')])
    const rows = buildRows(model, viewOf(fold))
    expect(draw(model, rows)).toEqual(['web', '- missing ff', ' - a', '  b', ' d', '- missing ee', ' c'])
    const closed = toggleRow(rows, 1)
    expect(draw(model, buildRows(model, viewOf(closed)))).toEqual(['web', '+ missing ff', '- missing ee', ' c'])
    expect(buildRows(model, viewOf(openPathTo(model, closed, 4))).rowOf[4]).toBe(4)
    const hidden = buildRows(model, viewOf(fold, { hiddenServices: new Set(['a', 'c']) }))
    expect(draw(model, hidden)).toEqual(['web', '- missing ff', ' d'])
    const only = buildRows(model, viewOf(fold, { matches: matching(model, 4), onlyMatches: true }))
    expect(draw(model, only)).toEqual(['4 hidden', '- missing ff', ' d'])
  })

  test('hidden services leave what others did below them', () => {
    const { model, fold } = open([
      root,
      at(1, 'mesh', { service: 'mesh' }),
      at(2, 'mesh call'),
      at(3, 'api', { service: 'api' }),
    ])
    const rows = buildRows(model, viewOf(fold, { hiddenServices: new Set(['mesh']) }))
    expect(draw(model, rows)).toEqual(['- web', ' api'])
    const leaf = buildRows(model, viewOf(fold, { hiddenServices: new Set(['api']) }))
    expect(draw(model, leaf)).toEqual(['- web', ' - mesh', '  mesh call'])
  })

  test('only matches: with what is above them, and how many are hidden', () => {
    const { model, fold } = open([root, at(1, 'a'), at(2, 'b'), at(2, 'c'), ...calls, at(1, 'z')])
    const view = viewOf(fold, { matches: matching(model, 3, 7), onlyMatches: true })
    const rows = buildRows(model, view)
    expect(draw(model, rows)).toEqual(['- web', ' - a', '  1 hidden', '  c', ' 7 hidden', ' GetItem'])
    const closed = buildRows(model, { ...view, fold: toggleRow(rows, 1) })
    expect(draw(model, closed)).toEqual(['- web', ' + a', ' 7 hidden', ' GetItem'])
    expect(buildRows(model, { ...view, fold: openPathTo(model, closed.view.fold, 3) }).rowOf[3]).toBe(3)
  })

  test('levels and sub-trees', () => {
    const { model, fold } = open([
      root,
      at(1, 'a', { service: 'a' }),
      at(2, 'b', { service: 'b' }),
      at(3, 'c'),
      at(1, 'd'),
    ])
    const drawn = (next: Fold) => draw(model, buildRows(model, viewOf(next)))
    expect(drawn(openToLevel(model, fold, 1))).toEqual(['+ web'])
    expect(drawn(openToLevel(model, fold, 2))).toEqual(['- web', ' + a', ' d'])
    expect(drawn(openToLevel(model, fold, 3))).toEqual(['- web', ' - a', '  + b', ' d'])
    const all = ['- web', ' - a', '  - b', '   c', ' d']
    expect(drawn(openSubtree(model, openToLevel(model, fold, 2), 1, true))).toEqual(all)
    expect(drawn(openPathTo(model, openToLevel(model, fold, 1), 3))).toEqual(all)
    const closed = openSubtree(model, fold, 1, false)
    expect(drawn(closed)).toEqual(['- web', ' + a', ' d'])
    expect([...closed.state.subarray(1, 4)].every((bits) => (bits & 1) === 0)).toBe(true)
  })
})

describe('in any trace', () => {
  const views = fc.record({
    outline: arbitraryOutline,
    repeats: fc.constantFrom<FoldRepeats>('auto', 'off', 2),
    toggles: fc.array(fc.nat(), { maxLength: 8 }),
    hidden: fc.subarray(['api', 'orders', 'db']),
    isOnly: fc.boolean(),
    wanted: fc.nat(),
  })

  test('rows are a tree, and the inverse index agrees', () => {
    fc.assert(
      fc.property(views, ({ outline, repeats, toggles, hidden, isOnly, wanted }) => {
        const { model, rows } = toggled(outline, repeats, toggles, hidden, isOnly)
        for (let row = 0; row < rows.count; row++) {
          const above = rows.parentRow[row] ?? -1
          expect(above).toBeLessThan(row)
          expect(rows.level[row]).toBe(above === -1 ? 1 : (rows.level[above] ?? 0) + 1)
          // What stands between a row and the one it is under is below that one, too.
          if (above !== -1) expect(rows.expanded[above]).toBe(1)
          for (let between = above + 1; between < row; between++) {
            expect(rows.level[between]).toBeGreaterThan(rows.level[above] ?? 0)
          }
          if (rows.kind[row] === ROW.node) expect(rows.rowOf[rows.node[row] ?? -1]).toBe(row)
          if ((rows.expanded[row] ?? -1) === 1) expect(rows.parentRow[row + 1]).toBe(row)
        }
        expect(rows.shown).toBe([...rows.rowOf].filter((row) => row !== -1).length)
        const node = wanted % model.count
        const [service] = [model.services[model.service[node] ?? -1]?.name ?? '']
        const opened = buildRows(model, { ...rows.view, fold: openPathTo(model, rows.view.fold, node) })
        if (!hidden.includes(service) && !isOnly) expect(opened.rowOf[node]).not.toBe(-1)
      }),
    )
  })

  test('every node is shown, or in exactly one gap, group or closed row', () => {
    fc.assert(
      fc.property(views, ({ outline, repeats, toggles, hidden, isOnly }) => {
        const { model, rows } = toggled(outline, repeats, toggles, hidden, isOnly)
        const nodes = [...model.parent.keys()]
        const isHidden = (node: number) => hidden.includes(model.services[model.service[node] ?? -1]?.name ?? '')
        let counted = 0
        for (const node of nodes) if (!isHidden(node) && rows.rowOf[node] !== -1) counted += 1
        expect(counted).toBe(rows.shown)
        if (!isOnly || toggles.length > 0) return
        let gaps = 0
        for (let row = 0; row < rows.count; row++) if (rows.kind[row] === ROW.gap) gaps += rows.value[row] ?? 0
        expect(gaps + rows.shown).toBe(nodes.filter((node) => !isHidden(node)).length)
      }),
    )
  })

  test('to fold and unfold leaves everything as it was', () => {
    fc.assert(
      fc.property(views, ({ outline, repeats, toggles, hidden, isOnly, wanted }) => {
        const { model, rows } = toggled(outline, repeats, toggles, hidden, isOnly)
        const row = wanted % Math.max(1, rows.count)
        if (row >= rows.count || rows.kind[row] === ROW.more || rows.expanded[row] === -1) return
        const once = buildRows(model, { ...rows.view, fold: toggleRow(rows, row) })
        expect(once.expanded[row]).toBe(1 - (rows.expanded[row] ?? 0))
        const twice = buildRows(model, { ...rows.view, fold: toggleRow(once, row) })
        expect([...twice.node]).toEqual([...rows.node])
        expect([...twice.kind]).toEqual([...rows.kind])
      }),
    )
  })

  function toggled(
    outline: Parameters<typeof buildTraceModel>[0],
    repeats: FoldRepeats,
    toggles: readonly number[],
    hidden: readonly string[],
    isOnly: boolean,
  ) {
    const model = buildTraceModel(outline)
    const fold = initialFold(model, { repeats, critical: criticalPath(model) })
    const matches = Uint8Array.from(model.flags, (flags) => ((flags & 1) === 1 ? 1 : 0))
    let rows = buildRows(model, { fold, hiddenServices: new Set(hidden), matches, onlyMatches: isOnly })
    for (const toggle of toggles) {
      const next = toggleRow(rows, toggle % Math.max(1, rows.count))
      rows = buildRows(model, { ...rows.view, fold: next })
    }
    return { model, rows }
  }
})

describe('large traces', () => {
  test.each([
    [100_000, 'scattered'],
    [60_000, 'chain'],
  ] as const)('%i nodes, %s', (count, shape) => {
    const model = buildTraceModel(bigOutline(count, shape))
    const fold = initialFold(model, { repeats: 'auto', critical: criticalPath(model) })
    const rows = buildRows(model, viewOf(fold))
    expect(rows.count).toBeLessThan(count)
    const all = buildRows(model, viewOf(initialFold(model, { repeats: 'off', critical: criticalPath(model) })))
    expect([all.count, all.shown]).toEqual([count, count])
    const last = openPathTo(model, fold, count - 1)
    expect(buildRows(model, viewOf(last)).rowOf[count - 1]).not.toBe(-1)
  })

  test('begin with three levels, problems and the critical path', () => {
    const deep = (name: string, more: Partial<OutlineNode> = {}) =>
      [1, 2, 3, 4, 5].map((depth) =>
        at(depth, `${name} ${depth}`, { service: name, end: 50, ...(depth === 5 ? more : {}) }),
      )
    const many = Array.from({ length: 500 }, (_, call) => deep(`s${call}`)).flat()
    const { model, fold } = open([root, ...many, ...deep('bad', { flags: ['fault'] })])
    const rows = buildRows(model, viewOf(fold))
    const drawn = draw(model, rows)
    expect(drawn.filter((row) => row.trim().startsWith('+ s7 '))).toEqual(['   + s7 3'])
    expect(drawn).toContain('     bad 5')
    expect(rows.count).toBe(1 + 500 * 3 + 5)
  })
})
