import { Link } from '@tanstack/react-router'
import { carrySearch } from './carry-search.ts'
import { PageHeader } from './page-header.tsx'
import { PAGES } from './pages.ts'
import { EmptyState } from './states.tsx'

/** For addresses that no page has. */
export function NotFoundPage() {
  return (
    <section>
      <PageHeader title="There is no such page" />
      <EmptyState title="Nothing is at this address">
        <p>It may belong to another version of the console, or have been cut short. These pages exist:</p>
        <p>
          {PAGES.map(({ to, label }, position) => (
            <span key={to}>
              {position === 0 ? '' : ' · '}
              <Link to={to} search={carrySearch}>
                {label}
              </Link>
            </span>
          ))}
        </p>
      </EmptyState>
    </section>
  )
}
