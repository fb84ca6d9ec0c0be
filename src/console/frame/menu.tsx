import { ChevronDown } from 'lucide-react'
import type { ReactNode } from 'react'
import { Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import { Button } from './button.tsx'
import styles from './menu.module.css'

/** A thing that a menu offers. */
export type MenuChoice = {
  readonly id: string
  readonly label: string
  readonly onAction: () => void
  /** Said below it. */
  readonly hint?: string | undefined
  readonly isDisabled?: boolean | undefined
}

/** A button that opens a menu. With `children`, such as an icon, the label is for screen readers and the tooltip. */
export function MenuButton({
  label,
  items,
  kind = 'plain',
  children,
}: {
  readonly label: string
  readonly items: readonly MenuChoice[]
  readonly kind?: 'plain' | 'quiet' | undefined
  readonly children?: ReactNode
}) {
  return (
    <MenuTrigger>
      <Button kind={kind} label={children === undefined ? undefined : label}>
        {children ?? label}
        {children === undefined ? <ChevronDown size={14} aria-hidden="true" /> : undefined}
      </Button>
      <Popover className={styles['popover'] ?? ''} placement="bottom end">
        <Menu aria-label={label} className={styles['menu'] ?? ''}>
          {items.map((item) => (
            <MenuItem
              key={item.id}
              id={item.id}
              textValue={item.label}
              className={styles['item'] ?? ''}
              isDisabled={item.isDisabled ?? false}
              onAction={item.onAction}
            >
              <span>{item.label}</span>
              {item.hint === undefined ? undefined : <span className={styles['hint']}>{item.hint}</span>}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
