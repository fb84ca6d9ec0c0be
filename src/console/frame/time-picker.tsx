import { ChevronDown, Clock } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { DialogTrigger, Popover } from 'react-aria-components'
import { sayWindow, windowZone } from '../words/say-window.ts'
import styles from './bar.module.css'
import { Button } from './button.tsx'
import menuStyles from './menu.module.css'
import { usePreferences } from './preferences.ts'
import { LoadingState, PanelBoundary } from './states.tsx'
import { usePageTime } from './use-page-time.ts'
import { useShortcuts } from './use-shortcuts.ts'

const TimePanel = lazy(async () => ({ default: (await import('./time-panel.tsx')).TimePanel }))

/** Which time the pages look at, and in which zone times are written. */
export function TimePicker() {
  const [isOpen, setOpen] = useState(false)
  const { window, look, hasTime } = usePageTime()
  const zone = usePreferences((preferences) => preferences.zone)
  useShortcuts('Anywhere', {
    t: {
      label: hasTime ? 'Choose the time' : 'Choose the zone of times',
      run: () => {
        setOpen(true)
      },
    },
  })
  const said = sayWindow(window, zone)
  const saidZone = windowZone(window, zone, Date.now())
  return (
    <DialogTrigger isOpen={isOpen} onOpenChange={setOpen}>
      <Button label={hasTime ? `Time: ${said} ${saidZone}` : `Zone of times: ${saidZone}`}>
        <Clock size={14} aria-hidden="true" />
        {hasTime ? <span className={styles['name']}>{said}</span> : undefined}{' '}
        <span className={styles['zone']}>{saidZone}</span>
        <ChevronDown size={14} aria-hidden="true" />
      </Button>
      <Popover
        aria-label="Time"
        className={menuStyles['popover'] ?? ''}
        placement="bottom end"
        style={{ maxWidth: 'calc(100vw - 16px)' }}
      >
        <div className={styles['dialog']}>
          <PanelBoundary>
            <Suspense fallback={<LoadingState label="Loading the calendar" />}>
              <TimePanel
                window={hasTime ? window : undefined}
                onChoose={(chosen) => {
                  setOpen(false)
                  look(chosen)
                }}
              />
            </Suspense>
          </PanelBoundary>
        </div>
      </Popover>
    </DialogTrigger>
  )
}
