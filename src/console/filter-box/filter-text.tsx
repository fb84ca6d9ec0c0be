import { useEffect, useRef, useState } from 'react'
import type * as editorModule from './edit-filter.ts'
import type { FilterEditing, FilterEditor, FilterLabels } from './edit-filter.ts'
import styles from './filter-box.module.css'

type Editor = typeof editorModule

/**
 * Text that is a filter: a plain text area until the editor has come. The editor takes over text, cursor and focus, so
 * that who is typing need not notice.
 */
export function FilterText({
  text,
  labels,
  editing,
}: {
  readonly text: string
  readonly labels: FilterLabels
  readonly editing: FilterEditing
}) {
  const module = useEditorModule()
  const place = useRef<HTMLDivElement>(null)
  const editor = useRef<FilterEditor>(null)
  const current = useRef({ text, labels, editing })
  useEffect(() => {
    current.current = { text, labels, editing }
  })
  useEffect(() => {
    if (module === undefined || place.current === null) return
    const { text: now, labels: named } = current.current
    const at = hadFocus.get(module)
    hadFocus.delete(module)
    const made = module.editFilter(
      place.current,
      { text: now, labels: named, at },
      {
        onChange: (next) => {
          current.current.editing.onChange(next)
        },
        onOffer: (isOpen) => current.current.editing.onOffer(isOpen),
        onRun: (next) => {
          current.current.editing.onRun(next)
        },
        onAddress: (address) => {
          current.current.editing.onAddress(address)
        },
        sources: () => current.current.editing.sources(),
      },
    )
    editor.current = made
    const offer = (): void => {
      if (made.view.state.doc.length === 0) module.offerCompletions(made)
    }
    made.view.contentDOM.addEventListener('focus', offer)
    return () => {
      editor.current = null
      made.view.destroy()
    }
  }, [module])
  useEffect(() => editor.current?.setText(text), [text])
  const { label, hint, describedBy, isInvalid } = labels
  useEffect(
    () => editor.current?.setLabels({ label, hint, describedBy, isInvalid }),
    [label, hint, describedBy, isInvalid],
  )
  if (module !== undefined) return <div ref={place} className={styles['editor']} />
  return (
    <textarea
      className={styles['plain']}
      rows={1}
      aria-label={label}
      aria-describedby={describedBy}
      aria-invalid={isInvalid}
      placeholder={hint}
      spellCheck={false}
      autoCapitalize="off"
      value={text}
      data-filter-text
      onChange={(event) => {
        editing.onChange(event.target.value)
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
        event.preventDefault()
        editing.onRun(text)
      }}
    />
  )
}

/** Where the cursor was in the plain text area when the editor came, if it was there at all. */
const hadFocus = new WeakMap<Editor, number>()

function useEditorModule(): Editor | undefined {
  const [module, setModule] = useState<Editor>()
  useEffect(() => {
    let isGone = false
    const load = async (): Promise<void> => {
      const loaded = await import('./edit-filter.ts')
      if (isGone) return
      const active = document.activeElement
      if (active instanceof HTMLTextAreaElement && active.matches('[data-filter-text]')) {
        hadFocus.set(loaded, active.selectionStart)
      }
      setModule(loaded)
    }
    // Without the editor the text area goes on, so a chunk that does not come is no reason to fail.
    load().catch(() => undefined)
    return () => {
      isGone = true
    }
  }, [])
  return module
}
