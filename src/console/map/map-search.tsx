import { Search } from 'lucide-react'
import { useRef, useState } from 'react'
import { ComboBox, Input, ListBox, ListBoxItem, Popover } from 'react-aria-components'
import type { OwnNode } from '../../wire/own/graph.ts'
import { useShortcuts } from '../frame/use-shortcuts.ts'
import { KindGlyph } from './graph-glyphs.tsx'
import styles from './map-page.module.css'
import { titleOf } from './map-words.ts'
import { kindOf, typeText } from './node-kind.ts'

const MOST_OFFERED = 50

/** Finds a service by a part of its name; `/` goes here. */
export function MapSearch({
  nodes,
  onFind,
}: {
  readonly nodes: readonly OwnNode[]
  readonly onFind: (key: string) => void
}) {
  const input = useRef<HTMLInputElement>(null)
  const [text, setText] = useState('')
  useShortcuts('Map', { '/': { label: 'Find a service', run: () => input.current?.focus() } })
  const wanted = text.trim().toLowerCase()
  const found = nodes
    .filter((node) => titleOf(node).toLowerCase().includes(wanted) || (node.type ?? '').toLowerCase().includes(wanted))
    .slice(0, MOST_OFFERED)
  return (
    <ComboBox
      aria-label="Find a service"
      className={styles['search'] ?? ''}
      items={found}
      inputValue={text}
      onInputChange={setText}
      selectedKey={null}
      menuTrigger="focus"
      allowsEmptyCollection
      onSelectionChange={(key) => {
        if (typeof key !== 'string') return
        setText('')
        onFind(key)
      }}
    >
      <Search size={14} aria-hidden="true" />
      <Input ref={input} placeholder="Find a service" className={styles['searchInput'] ?? ''} />
      <Popover className={styles['offers'] ?? ''} placement="bottom start">
        <ListBox renderEmptyState={() => <p className={styles['muted']}>No service has that in its name</p>}>
          {(node: OwnNode) => (
            <ListBoxItem id={node.key} textValue={titleOf(node)} className={styles['offer'] ?? ''}>
              <KindGlyph kind={kindOf(node)} size={14} />
              <bdi>{titleOf(node)}</bdi>
              <span className={styles['muted']}>{typeText(node)}</span>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  )
}
