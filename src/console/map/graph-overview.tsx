import { memo, useEffect, useMemo, useRef, type PointerEvent } from 'react'
import type { Point } from './adjacency.ts'
import styles from './graph-overview.module.css'
import { isProblem } from './outcome-shares.ts'
import type { Box, Follow } from './pan-zoom.ts'
import type { PlacedNode } from './place-graph.ts'

/** Width and height that the whole map is fitted into, in pixels. */
const [MOST_WIDTH, MOST_HEIGHT] = [168, 104]

/**
 * All of a large map, small, and the part of it that is seen, when that is not all: a click, or a drag, brings another into sight. For the eye
 * and the pointer; the keyboard has arrows along edges, the search and the list.
 */
export const GraphOverview = memo(function GraphOverview({
  nodes,
  box,
  follow,
  onCentre,
}: {
  readonly nodes: ReadonlyMap<string, PlacedNode>
  readonly box: Box
  readonly follow: Follow
  readonly onCentre: (point: Point) => void
}) {
  const frame = useRef<HTMLDivElement>(null)
  const seen = useRef<SVGRectElement>(null)
  useEffect(
    () =>
      follow(({ x, y, scale, width, height, isFitted }) => {
        // It would tell nothing of a map that is seen whole, and stand in front of a part of it.
        if (frame.current !== null) frame.current.hidden = isFitted
        const rect = { x: -x / scale, y: -y / scale, width: width / scale, height: height / scale }
        for (const [name, value] of Object.entries(rect)) seen.current?.setAttribute(name, String(value))
      }),
    [follow],
  )
  const scale = Math.min(MOST_WIDTH / box.width, MOST_HEIGHT / box.height)
  const [usual, troubled] = useMemo(() => dotsOf(nodes), [nodes])
  const go = (event: PointerEvent): void => {
    const { left, top } = event.currentTarget.getBoundingClientRect()
    onCentre({ x: box.x + (event.clientX - left) / scale, y: box.y + (event.clientY - top) / scale })
  }
  return (
    <div ref={frame} className={styles['overview']} aria-hidden="true">
      <svg
        width={box.width * scale}
        height={box.height * scale}
        viewBox={`${box.x} ${box.y} ${box.width} ${box.height}`}
        onPointerDown={(event) => {
          if (event.button !== 0) return
          event.currentTarget.setPointerCapture(event.pointerId)
          go(event)
        }}
        onPointerMove={(event) => {
          if (event.currentTarget.hasPointerCapture(event.pointerId)) go(event)
        }}
      >
        <path className={styles['usual']} d={usual} strokeWidth={3 / scale} />
        <path className={styles['troubled']} d={troubled} strokeWidth={4.5 / scale} />
        <rect ref={seen} className={styles['seen']} strokeWidth={1.5 / scale} />
      </svg>
    </div>
  )
})

/** Nodes as round ends of lines without length: those that fare well, and those that do not. */
function dotsOf(nodes: ReadonlyMap<string, PlacedNode>): readonly [string, string] {
  let [usual, troubled] = ['', '']
  for (const { node, at } of nodes.values()) {
    const dot = `M${Math.round(at.x)} ${Math.round(at.y)}h0`
    if (isProblem(node.requests)) troubled += dot
    else usual += dot
  }
  return [usual, troubled]
}
