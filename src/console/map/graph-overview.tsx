import { memo, useEffect, useMemo, useRef, type PointerEvent } from 'react'
import type { Point } from './adjacency.ts'
import styles from './graph-overview.module.css'
import { isProblem } from './outcome-shares.ts'
import type { Box, Follow, View } from './pan-zoom.ts'
import type { PlacedNode } from './place-graph.ts'

/** Width and height that the whole map is fitted into, in pixels. */
const [MOST_WIDTH, MOST_HEIGHT] = [168, 104]
const SETTLED_MS = 150

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
  const seen = useRef<HTMLDivElement>(null)
  const scale = Math.min(MOST_WIDTH / box.width, MOST_HEIGHT / box.height)
  const isHeld = useRef(false)
  useEffect(() => {
    let settling: ReturnType<typeof setTimeout> | undefined
    const show = (view: View): void => {
      // It would tell nothing of a map that is seen whole, and stand in front of a part of it.
      if (frame.current !== null) frame.current.hidden = view.isFitted
      if (seen.current === null || view.isFitted) return
      const [x, y] = [(-view.x / view.scale - box.x) * scale, (-view.y / view.scale - box.y) * scale]
      seen.current.style.transform = `translate(${x}px, ${y}px)`
      seen.current.style.width = `${(view.width * scale) / view.scale}px`
      seen.current.style.height = `${(view.height * scale) / view.scale}px`
    }
    const leave = follow((view) => {
      clearTimeout(settling)
      // While the map is moved, frames are for the map; but not when it is moved from here.
      if (view.isFitted || isHeld.current) show(view)
      else settling = setTimeout(show, SETTLED_MS, view)
    })
    return () => {
      clearTimeout(settling)
      leave()
    }
  }, [follow, box, scale])
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
          isHeld.current = true
          go(event)
        }}
        onPointerMove={(event) => {
          if (event.currentTarget.hasPointerCapture(event.pointerId)) go(event)
        }}
        onLostPointerCapture={() => {
          isHeld.current = false
        }}
      >
        <path className={styles['usual']} d={usual} strokeWidth={3 / scale} />
        <path className={styles['troubled']} d={troubled} strokeWidth={4.5 / scale} />
      </svg>
      <div className={styles['area']}>
        <div ref={seen} className={styles['seen']} />
      </div>
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
