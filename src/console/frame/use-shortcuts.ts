import { useEffect, useRef } from 'react'
import { create } from 'zustand'
import { usePreferences } from './preferences.ts'
import { isCharacter, nameOfKey } from './read-key.ts'

/** What a key does, and how the help sheet says it. */
export type Shortcut = { readonly label: string; readonly run: () => void }
export type Shortcuts = { readonly [key: string]: Shortcut }

/** Where the keys of the frame stand. */
const ANYWHERE = 'Anywhere'

/** The keys of one place. */
export type Layer = { readonly where: string; readonly keys: { readonly current: Shortcuts } }

/** What can be pressed now; of layers that have the same key, the last one's counts. */
export const useLayers = create<{ readonly layers: readonly Layer[] }>(() => ({ layers: [] }))

/**
 * Makes keys do things while a component is shown. `where` is the heading they stand under in the help sheet. Keys are
 * named as `KeyboardEvent.key` does, with `Mod+` (Ctrl or ⌘), `Alt+` and, unless the key is a character, `Shift+` before
 * it; `g m` is a sequence. Characters obey the preference and do nothing where text is typed (console §4.14).
 */
export function useShortcuts(where: string, keys: Shortcuts): void {
  const current = useRef(keys)
  useEffect(() => {
    current.current = keys
  })
  useEffect(() => {
    const layer: Layer = { where, keys: current }
    // What holds anywhere gives way to what holds here, whichever came first.
    useLayers.setState(({ layers }) => ({ layers: where === ANYWHERE ? [layer, ...layers] : [...layers, layer] }))
    return () => {
      useLayers.setState(({ layers }) => ({ layers: layers.filter((other) => other !== layer) }))
    }
  }, [where])
}

/** How long the second key of a sequence is waited for. */
const SEQUENCE_MS = 1_200

/** Listens to the keyboard for all shortcuts. Returns how to stop. */
export function listenToKeys(target: Document): () => void {
  let first: { readonly key: string; readonly untilMs: number } | undefined
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return
    const key = nameOfKey(event)
    if (isCharacter(key) && (!usePreferences.getState().shortcuts || takesText(event.target))) return
    const sequence = first !== undefined && event.timeStamp < first.untilMs ? `${first.key} ${key}` : undefined
    const shortcut = (sequence === undefined ? undefined : find(sequence)) ?? find(key)
    first = undefined
    if (shortcut !== undefined) {
      event.preventDefault()
      shortcut.run()
    } else if (isCharacter(key) && startsSequence(key)) {
      first = { key, untilMs: event.timeStamp + SEQUENCE_MS }
    }
  }
  target.addEventListener('keydown', onKeyDown)
  return () => {
    target.removeEventListener('keydown', onKeyDown)
  }
}

function find(key: string): Shortcut | undefined {
  return useLayers.getState().layers.findLast((layer) => Object.hasOwn(layer.keys.current, key))?.keys.current[key]
}

function startsSequence(key: string): boolean {
  return useLayers
    .getState()
    .layers.some((layer) => Object.keys(layer.keys.current).some((k) => k.startsWith(`${key} `)))
}

/** Where characters mean themselves: fields, and lists and dialogs that jump to what is typed. */
function takesText(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false
  const field = target.closest(
    'input, textarea, select, [contenteditable], [role=textbox], [role=combobox], [role=menu], [role=listbox], [role=dialog]',
  )
  return (
    field !== null &&
    !(field instanceof HTMLInputElement && ['checkbox', 'radio', 'range', 'button'].includes(field.type))
  )
}
