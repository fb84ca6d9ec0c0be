import type { ReactNode } from 'react'
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components'
import styles from './segmented.module.css'

/** One of a few, all shown side by side: a group of radio buttons. */
export function Segmented<Id extends string>({
  label,
  options,
  value,
  onChange,
}: {
  readonly label: string
  readonly options: readonly { readonly id: Id; readonly label: string; readonly icon?: ReactNode }[]
  readonly value: Id
  readonly onChange: (id: Id) => void
}) {
  return (
    <ToggleButtonGroup
      aria-label={label}
      className={styles['group'] ?? ''}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[value]}
      onSelectionChange={(keys) => {
        const chosen = options.find((option) => keys.has(option.id))
        if (chosen !== undefined && chosen.id !== value) onChange(chosen.id)
      }}
    >
      {options.map((option) => (
        <ToggleButton
          key={option.id}
          id={option.id}
          className={styles['option'] ?? ''}
          {...(option.icon === undefined ? {} : { 'aria-label': option.label })}
          render={(props) => <button {...props} title={option.icon === undefined ? undefined : option.label} />}
        >
          {option.icon ?? option.label}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  )
}
