import { LoadingState } from './states.tsx'

/** While the code of a page is loaded. */
export function LoadingPage() {
  return <LoadingState label="Loading the page" rows={10} />
}
