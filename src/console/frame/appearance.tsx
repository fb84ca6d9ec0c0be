import { Moon, Sun } from 'lucide-react'
import { DialogTrigger, Popover } from 'react-aria-components'
import styles from './bar.module.css'
import { Button } from './button.tsx'
import menuStyles from './menu.module.css'
import { prefer, usePreferences } from './preferences.ts'
import { Segmented } from './segmented.tsx'

/** Light or dark, and how dense lists are. */
export function Appearance() {
  const theme = usePreferences((preferences) => preferences.theme)
  const density = usePreferences((preferences) => preferences.density)
  return (
    <DialogTrigger>
      <Button kind="quiet" label="Appearance">
        <Sun size={16} aria-hidden="true" className={styles['sun']} />
        <Moon size={16} aria-hidden="true" className={styles['moon']} />
      </Button>
      <Popover aria-label="Appearance" className={menuStyles['popover'] ?? ''} placement="bottom end">
        <div className={styles['dialog']}>
          <div className={styles['setting']}>
            <span aria-hidden="true">Theme</span>
            <Segmented
              label="Theme"
              value={theme}
              options={[
                { id: 'system', label: 'System' },
                { id: 'light', label: 'Light' },
                { id: 'dark', label: 'Dark' },
              ]}
              onChange={(chosen) => {
                prefer({ theme: chosen })
              }}
            />
          </div>
          <div className={styles['setting']}>
            <span aria-hidden="true">Rows</span>
            <Segmented
              label="Rows"
              value={density}
              options={[
                { id: 'comfortable', label: 'Comfortable' },
                { id: 'compact', label: 'Compact' },
              ]}
              onChange={(chosen) => {
                prefer({ density: chosen })
              }}
            />
          </div>
        </div>
      </Popover>
    </DialogTrigger>
  )
}
