import { Appearance } from './appearance.tsx'
import styles from './bar.module.css'
import { Drawer } from './drawer.tsx'
import { GroupPicker } from './group-picker.tsx'
import { Help } from './help.tsx'
import { Omnibox } from './omnibox.tsx'
import { TimePicker } from './time-picker.tsx'
import { usePageTime } from './use-page-time.ts'

/** What stands above every page: where to go, whose traces, which time. */
export function Bar({ newVersion }: { readonly newVersion: string | undefined }) {
  const { hasTime } = usePageTime()
  return (
    <header className={styles['bar']}>
      <Drawer newVersion={newVersion} />
      <Omnibox />
      <div className={styles['pickers']}>
        {hasTime ? <GroupPicker /> : undefined}
        <TimePicker />
      </div>
      <div className={styles['settings']}>
        <Help />
        <Appearance />
      </div>
    </header>
  )
}
