import type { ReactNode, Ref } from 'react'
import { Button as AriaButton } from 'react-aria-components'
import styles from './button.module.css'

/** A button. One without words needs a `label`, which is its tooltip, too. */
export function Button({
  kind = 'plain',
  label,
  isDisabled = false,
  isPressed,
  isExpanded,
  isSubmit = false,
  onPress,
  children,
  ref,
}: {
  /** `plain` has a border, `quiet` has none, `primary` is the one thing to do. */
  readonly kind?: 'plain' | 'quiet' | 'primary' | undefined
  readonly label?: string | undefined
  readonly isDisabled?: boolean | undefined
  /** Of a button that is on or off. */
  readonly isPressed?: boolean | undefined
  /** Of a button that shows or hides something. */
  readonly isExpanded?: boolean | undefined
  /** Of the button that sends a form. */
  readonly isSubmit?: boolean | undefined
  readonly onPress?: (() => void) | undefined
  readonly children: ReactNode
  readonly ref?: Ref<HTMLButtonElement> | undefined
}) {
  return (
    <AriaButton
      ref={ref}
      className={`${styles['button']} ${styles[kind]}`}
      isDisabled={isDisabled}
      type={isSubmit ? 'submit' : 'button'}
      {...(label === undefined ? {} : { 'aria-label': label })}
      {...(isPressed === undefined ? {} : { 'aria-pressed': isPressed })}
      {...(isExpanded === undefined ? {} : { 'aria-expanded': isExpanded })}
      {...(onPress === undefined ? {} : { onPress })}
      render={(props) => <button {...props} title={label} />}
    >
      {children}
    </AriaButton>
  )
}
