import { Link } from '@tanstack/react-router'
import { RotateCw } from 'lucide-react'
import { Button } from './button.tsx'
import { carrySearch } from './carry-search.ts'
import { PAGES } from './pages.ts'
import styles from './rail.module.css'

/** The ways to the pages, at the left: words and icons, icons alone where it is narrow. */
export function Rail({ newVersion }: { readonly newVersion: string | undefined }) {
  return (
    <nav aria-label="Pages" className={styles['rail']}>
      <div className={styles['logo']}>
        <Logo />
        <span className={styles['word']}>Radiograph</span>
      </div>
      <PageLinks />
      <div className={styles['rest']} />
      {newVersion === undefined ? undefined : <ReloadButton version={newVersion} />}
    </nav>
  )
}

/** The links of the rail and of the drawer. */
export function PageLinks({ onFollow }: { readonly onFollow?: () => void }) {
  return (
    <ul className={styles['links']}>
      {PAGES.map(({ to, label, icon: Icon }) => (
        <li key={to}>
          <Link
            to={to}
            search={carrySearch}
            activeOptions={{ includeSearch: false }}
            className={styles['link']}
            title={label}
            {...(onFollow === undefined ? {} : { onClick: onFollow })}
          >
            <Icon size={18} aria-hidden="true" />
            <span className={styles['word']}>{label}</span>
          </Link>
        </li>
      ))}
    </ul>
  )
}

/** The server runs another version than this page is of. */
export function ReloadButton({ version }: { readonly version: string }) {
  return (
    <div className={styles['reload']}>
      <Button
        kind="quiet"
        label={`Reload for ${version}`}
        onPress={() => {
          window.location.reload()
        }}
      >
        <RotateCw size={14} aria-hidden="true" />
        <span className={styles['word']}>Reload for {version}</span>
      </Button>
    </div>
  )
}

/** The mark of Radiograph. */
function Logo() {
  return (
    <svg width="22" height="22" viewBox="0 0 24 24" aria-hidden="true" className={styles['mark']}>
      <path
        d="M12 1.5 22.5 12 12 22.5 1.5 12Z M12 7l5 5-5 5-5-5Z"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinejoin="round"
      />
    </svg>
  )
}
