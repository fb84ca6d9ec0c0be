import { X } from 'lucide-react'
import { Dialog, Heading } from 'react-aria-components'
import { Button } from './button.tsx'
import styles from './help-sheet.module.css'
import { prefer, usePreferences } from './preferences.ts'
import { useLayers, type Layer } from './use-shortcuts.ts'

/** The keys that do something on this page now, by where they do. */
export function HelpSheet() {
  const layers = useLayers((state) => state.layers)
  const isOn = usePreferences((preferences) => preferences.shortcuts)
  const places = keysByPlace(layers)
  return (
    <Dialog className={styles['sheet'] ?? ''}>
      {({ close }) => (
        <>
          <header className={styles['header']}>
            <Heading slot="title" className={styles['title'] ?? ''}>
              Keyboard shortcuts
            </Heading>
            <Button kind="quiet" label="Close" onPress={close}>
              <X size={16} aria-hidden="true" />
            </Button>
          </header>
          <div className={styles['places']}>
            {[...places].map(([where, labels]) => (
              <section key={where} className={styles['place']}>
                <h3>{where}</h3>
                <dl className={styles['keys']}>
                  {[...labels].map(([label, keys]) => (
                    <div key={label} className={styles['row']}>
                      <dt>
                        {keys.map((key) => (
                          <Keys key={key} name={key} />
                        ))}
                      </dt>
                      <dd>{label}</dd>
                    </div>
                  ))}
                </dl>
              </section>
            ))}
          </div>
          <label className={styles['setting']}>
            <input
              type="checkbox"
              checked={isOn}
              onChange={(event) => {
                prefer({ shortcuts: event.target.checked })
              }}
            />
            Letters and signs alone are shortcuts
          </label>
        </>
      )}
    </Dialog>
  )
}

/** By place and by what they do, the keys that do it. Of keys that several places have, only the one that counts. */
function keysByPlace(layers: readonly Layer[]): ReadonlyMap<string, ReadonlyMap<string, readonly string[]>> {
  const places = new Map<string, Map<string, string[]>>()
  const seen = new Set<string>()
  for (const { where, keys } of layers.toReversed()) {
    for (const [key, { label }] of Object.entries(keys.current)) {
      if (seen.has(key)) continue
      seen.add(key)
      const labels = places.get(where) ?? new Map<string, string[]>()
      places.set(where, labels)
      labels.set(label, [...(labels.get(label) ?? []), key])
    }
  }
  return places
}

const NAMES: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
  Mod: /mac|iphone|ipad/i.test(navigator.userAgent) ? '⌘' : 'Ctrl',
  PageUp: 'PgUp',
  PageDown: 'PgDn',
}

/** A key, several at once, or one after the other. */
function Keys({ name }: { readonly name: string }) {
  return (
    <span className={styles['combination']}>
      {name.split(/ |(?<=.)\+(?=.)/).map((key, position) => (
        <kbd key={`${position}`}>{NAMES[key] ?? (name.includes('Mod+') ? key.toUpperCase() : key)}</kbd>
      ))}
    </span>
  )
}
