import { QueryClient } from '@tanstack/react-query';
import { isUnreachable } from './errors.ts';

/**
 * What was read stays true until an event says otherwise, so nothing is read again by time or by focus.
 * While the engine is gone nothing is tried either: the event stream notices when it is back.
 */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 60_000,
      gcTime: 10 * 60_000,
      networkMode: 'always',
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      retry: (count, error) => isUnreachable(error) && count < 2,
      retryDelay: (count) => 300 * 2 ** count,
    },
    mutations: { networkMode: 'always', retry: false },
  },
});
