import { useRouter } from '@tanstack/react-router'
import { ErrorState } from './states.tsx'

/** Instead of a page that failed; the frame goes on. */
export function PageError({ error, reset }: { readonly error: unknown; readonly reset: () => void }) {
  const router = useRouter()
  return (
    <section>
      <h1 className="visually-hidden">This page failed</h1>
      <ErrorState
        error={error}
        onRetry={() => {
          reset()
          void router.invalidate()
        }}
      />
    </section>
  )
}
