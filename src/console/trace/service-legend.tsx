import { memo } from 'react'
import styles from './trace-views.module.css'
import { toggleService } from './use-steps.ts'
import type { TraceState } from './use-trace-view.ts'

/** The services of a trace with their colours; pressing one hides what it did, or shows it again. */
export const ServiceLegend = memo(function ServiceLegend({
  model,
  hidden,
  url,
}: Pick<TraceState, 'model' | 'hidden' | 'url'>) {
  const byName = new Map(model.services.map((service) => [service.name, service]))
  if (byName.size < 2 && hidden.size === 0) return undefined
  return (
    <div className={styles['legend']} role="group" aria-label="Services: press to hide or show">
      {[...byName.values()].map(({ name, badge, colour }) => (
        <button
          key={name}
          type="button"
          className={styles['service']}
          aria-pressed={!hidden.has(name)}
          title={hidden.has(name) ? `Show ${name}` : `Hide ${name}`}
          style={{ '--service': `var(--service-${colour})` }}
          onClick={() => {
            toggleService({ hidden, url }, name)
          }}
        >
          <span className={styles['badge']} aria-hidden="true">
            {badge}
          </span>
          <bdi className={styles['serviceName']}>{name}</bdi>
        </button>
      ))}
    </div>
  )
})
