import { Center, Loader } from '@mantine/core';
import { lazy, type ReactNode, Suspense, useEffect } from 'react';
import { startLiveEvents, stopLiveEvents } from '../api/live-events.ts';
import { queryClient } from '../api/query-client.ts';
import { openSession, session } from '../api/session.ts';
import { useStore } from '../api/store.ts';
import { sessionText } from '../text/session.ts';

const SessionClosed = lazy(() => import('./session-closed.tsx'));

/** Shows the page to whoever has a session, and to everybody else how to get one. */
export function SessionGate({ children }: { readonly children: ReactNode }): ReactNode {
  const state = useStore(session);
  useEffect(() => {
    void openSession();
    // A new link opened in the same tab changes the fragment alone.
    const onLink = (): void => void openSession();
    window.addEventListener('hashchange', onLink);
    return () => window.removeEventListener('hashchange', onLink);
  }, []);
  useEffect(() => {
    if (state.state !== 'open') return undefined;
    startLiveEvents();
    return () => {
      stopLiveEvents();
      // What a session has read is not for whoever comes after it.
      queryClient.clear();
    };
  }, [state.state]);
  if (state.state === 'open') return children;
  const opening = (
    <Center h="100vh">
      <Loader size="sm" aria-label={sessionText.opening} />
    </Center>
  );
  if (state.state === 'opening') return opening;
  return (
    <Suspense fallback={opening}>
      <SessionClosed problem={state.problem} />
    </Suspense>
  );
}
