import { QueryCache, QueryClient } from '@tanstack/react-query'
import { AskError } from './ask.ts'

/** What the console remembers of the server's answers. What the client did wrong is not asked again. */
export function createQueries(): QueryClient {
  const queryCache = new QueryCache({
    onError: (error, { queryKey }) => {
      // Who finds the server gone tells the frame, which then waits for it.
      if (error instanceof AskError && error.status === 0 && queryKey[0] !== 'status') {
        void queries.invalidateQueries({ queryKey: ['status'] })
      }
    },
  })
  const queries = new QueryClient({
    queryCache,
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        // The server may be on this very machine, whatever the browser thinks of the network.
        networkMode: 'always',
        refetchOnWindowFocus: false,
        retry: (failures, error) => failures < 2 && !(error instanceof AskError && error.isFinal),
      },
    },
  })
  return queries
}
