import { X } from 'lucide-react'
import {
  use,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
} from 'react'
import { createPortal } from 'react-dom'
import { Button } from './button.tsx'
import { PanelSlot } from './panel-slot.ts'
import { prefer, usePreferences } from './preferences.ts'
import styles from './side-panel.module.css'
import { useInertRest } from './use-inert-rest.ts'
import { useShortcuts } from './use-shortcuts.ts'

const [LEAST, MOST] = [360, 640]
/** Where it covers the page (side-panel.module.css). */
const SHEET = '(max-width: 900px)'
const within = (width: number): number => Math.min(MOST, Math.max(LEAST, Math.round(width)))

/**
 * Details beside the page: a complementary landmark, as wide as the viewer wants it, and a sheet over the page where that
 * is narrow. Esc closes it. Only a sheet takes the focus, and keeps it; when the panel goes, who opened it has it again.
 */
export function SidePanel({
  label,
  title,
  onClose,
  children,
}: {
  readonly label: string
  /** What stands at its top; the label when there is nothing else. */
  readonly title?: ReactNode
  readonly onClose: () => void
  readonly children: ReactNode
}) {
  const slot = use(PanelSlot)
  const panel = useRef<HTMLElement>(null)
  const opener = useRef<Element | null>(null)
  useShortcuts('Panel', { Escape: { label: 'Close the panel', run: onClose } })
  // Before the rest is inert, and after it no longer is: what is inert loses the focus, and takes none.
  useLayoutEffect(() => {
    opener.current = document.activeElement
  }, [])
  useInertRest(panel, SHEET)
  useEffect(() => {
    // As a sheet it covers the page, which then is no place for the focus.
    if (window.matchMedia(SHEET).matches) panel.current?.focus({ preventScroll: true })
    return () => {
      // The focus would be lost with the panel.
      const hasFocus = document.activeElement === document.body || document.activeElement === null
      const before = opener.current
      const canHaveIt = before instanceof HTMLElement || before instanceof SVGElement
      if (hasFocus && canHaveIt && before.isConnected) before.focus()
    }
  }, [])
  const preferred = usePreferences(({ panelWidth }) => within(panelWidth))
  const [dragged, setDragged] = useState<number>()
  const width = dragged ?? preferred
  if (slot === null) return null
  return createPortal(
    <aside
      ref={panel}
      tabIndex={-1}
      aria-label={label}
      className={styles['panel']}
      style={{ '--panel-width': `${width}px` }}
    >
      <Splitter width={width} onDrag={setDragged} />
      <header className={styles['header']}>
        <h2 className={styles['title']}>{title ?? label}</h2>
        <Button kind="quiet" label="Close" onPress={onClose}>
          <X size={16} aria-hidden="true" />
        </Button>
      </header>
      <div className={styles['body']}>{children}</div>
    </aside>,
    slot,
  )
}

/** Its left edge, which can be dragged, or moved by arrows. */
function Splitter({ width, onDrag }: { readonly width: number; readonly onDrag: (width: number | undefined) => void }) {
  const keep = (wanted: number): void => {
    prefer({ panelWidth: within(wanted) })
    onDrag(undefined)
  }
  const widthAt = (event: PointerEvent): number => {
    const right = event.currentTarget.parentElement?.getBoundingClientRect().right ?? window.innerWidth
    return within(right - event.clientX)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const wider = { ArrowLeft: width + 16, ArrowRight: width - 16, Home: LEAST, End: MOST }[event.key]
    if (wider === undefined) return
    event.preventDefault()
    keep(wider)
  }
  return (
    <div
      role="separator"
      tabIndex={0}
      aria-label="Width of the panel"
      aria-orientation="vertical"
      aria-valuemin={LEAST}
      aria-valuemax={MOST}
      aria-valuenow={width}
      className={styles['splitter']}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.preventDefault()
        event.currentTarget.setPointerCapture(event.pointerId)
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) onDrag(widthAt(event))
      }}
      onPointerUp={(event) => {
        keep(widthAt(event))
      }}
      onPointerCancel={() => {
        onDrag(undefined)
      }}
    />
  )
}
