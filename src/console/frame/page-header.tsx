import { useEffect, type ReactNode } from 'react'
import styles from './page-header.module.css'

/**
 * The head of a page: its heading, one line of truth about what it shows, and what can be done with it. The title of the
 * document is `documentTitle`, or the heading where that is a text.
 */
export function PageHeader({
  title,
  truth,
  documentTitle,
  children,
}: {
  readonly title: ReactNode
  readonly truth?: ReactNode
  readonly documentTitle?: string | undefined
  readonly children?: ReactNode
}) {
  const name = documentTitle ?? (typeof title === 'string' ? title : undefined)
  useEffect(() => {
    if (name !== undefined) document.title = `${name} – Radiograph`
  }, [name])
  return (
    <header className={styles['header']}>
      <h1 className={styles['title']}>{title}</h1>
      <p className={styles['truth']}>{truth}</p>
      {children === undefined ? undefined : <div className={styles['actions']}>{children}</div>}
    </header>
  )
}
