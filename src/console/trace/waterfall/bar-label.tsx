import type { BarShape } from './bar-shape.ts'
import styles from './waterfall-bar.module.css'

/** What stands beside a bar, on the side where there is room: behind it, before it, or on its middle. */
export function BarLabel({ shape, text }: { readonly shape: BarShape; readonly text: string }) {
  if (shape.at !== 'inside') {
    const isBefore = shape.at === 'before'
    return (
      <span className={`${styles['outside']} ${isBefore ? styles['outsideLeft'] : styles['outsideRight']}`}>
        {isBefore ? `◂ ${text}` : `${text} ▸`}
      </span>
    )
  }
  const end = shape.left + shape.width
  if (end <= 82) {
    return (
      <span className={styles['label']} style={{ left: `${end}%` }}>
        {text}
      </span>
    )
  }
  if (shape.left >= 18) {
    return (
      <span className={styles['label']} style={{ right: `${100 - shape.left}%` }}>
        {text}
      </span>
    )
  }
  return (
    <span
      className={`${styles['label']} ${styles['labelOn']}`}
      style={{ left: `${shape.left + shape.width / 2}%`, transform: 'translateX(-50%)' }}
    >
      {text}
    </span>
  )
}
