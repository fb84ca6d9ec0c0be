import { formatDuration } from '../../words/format-duration.ts'
import type { CriticalPath } from '../model/critical-path.ts'
import type { RepeatGroup } from '../model/find-repeats.ts'
import { childrenOf, hasFlag, type TraceModel } from '../model/trace-model.ts'
import type { Zoom } from '../zoom.ts'
import { BarLabel } from './bar-label.tsx'
import { barPaint, barShape } from './bar-shape.ts'
import { piecesOfNode } from './critical-lookup.ts'
import { piecesPaint, stripPaint } from './strip-paint.ts'
import styles from './waterfall-bar.module.css'

/** The bar of one segment or subsegment; its row says in words what it shows. */
export function WaterfallBar({
  model,
  node,
  outerNode = node,
  zoom,
  path,
  note,
}: {
  readonly model: TraceModel
  readonly node: number
  /** Of a chain of wrappers, the first: its time is drawn. */
  readonly outerNode?: number | undefined
  readonly zoom: Zoom
  readonly path: CriticalPath
  /** Said behind the duration. */
  readonly note?: string | undefined
}) {
  const [startUs, endUs] = [model.start[outerNode] ?? 0, model.end[outerNode] ?? 0]
  const shape = barShape(startUs, endUs, zoom)
  const isOpen = hasFlag(model, outerNode, 'inProgress')
  const text = `${formatDuration((endUs - startUs) / 1e6)}${isOpen ? ' …' : ''}${note === undefined ? '' : ` ${note}`}`
  if (shape.at !== 'inside') return <BarLabel shape={shape} text={text} />
  const classes = [
    styles['bar'],
    isOpen ? styles['open'] : undefined,
    isNetworkCall(model, node) ? styles['network'] : undefined,
    hasFlag(model, node, 'inferred') ? styles['inferred'] : undefined,
    shape.isCutLeft ? styles['cutLeft'] : undefined,
    shape.isCutRight ? styles['cutRight'] : undefined,
  ]
  return (
    <>
      <span
        className={classes.filter((name) => name !== undefined).join(' ')}
        style={{ left: `${shape.left}%`, width: `${shape.width}%`, '--paint': barPaint(model, node, zoom) }}
      >
        {path.onPath[node] === 1 ? (
          <Underline
            path={path}
            node={node}
            fromUs={Math.max(startUs, zoom.fromUs)}
            toUs={Math.min(endUs, zoom.toUs)}
          />
        ) : undefined}
        {hasFlag(model, node, 'hasExceptions') && !shape.isCutRight ? (
          <span className={styles['exception']} title="Recorded exceptions" />
        ) : undefined}
      </span>
      <BarLabel shape={shape} text={text} />
    </>
  )
}

/** A call whose other side reports a segment: what that does not cover is the way there and back. */
function isNetworkCall(model: TraceModel, node: number): boolean {
  if (hasFlag(model, node, 'segment') || !hasFlag(model, node, 'callsRemote')) return false
  for (const child of childrenOf(model, node)) {
    return hasFlag(model, child, 'segment') && !hasFlag(model, child, 'inferred')
  }
  return false
}

/** The part of a bar for which everything waited, the darker the more of it. */
function Underline({
  path,
  node,
  fromUs,
  toUs,
}: {
  readonly path: CriticalPath
  readonly node: number
  readonly fromUs: number
  readonly toUs: number
}) {
  const pieces = piecesOfNode(path, node)
  if (pieces.length === 0) return undefined
  return <span className={styles['underline']} style={{ background: piecesPaint(pieces, fromUs, toUs) }} />
}

/** A group of repeats as one strip, the darker the more of them were at work. */
export function RepeatStrip({
  model,
  group,
  zoom,
}: {
  readonly model: TraceModel
  readonly group: RepeatGroup
  readonly zoom: Zoom
}) {
  const shape = barShape(group.startUs, group.endUs, zoom)
  const text = `total ${formatDuration(group.totalUs / 1e6)} · max ${formatDuration(group.maxUs / 1e6)}`
  if (shape.at !== 'inside') return <BarLabel shape={shape} text={text} />
  const paint = stripPaint(model, group.members, group.startUs, group.endUs, zoom)
  return (
    <>
      <span
        className={`${styles['bar']} ${styles['strip']}`}
        style={{ left: `${shape.left}%`, width: `${shape.width}%`, '--paint': paint }}
      />
      <BarLabel shape={shape} text={text} />
    </>
  )
}
