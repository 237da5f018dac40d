import type { QueryClient } from '@tanstack/react-query';
import type { AppView } from '../../../proxy/contract/apps.ts';
import { api } from './client.ts';

/** Shows an app as a call has just returned it, before the event that says so has come. */
export function putApp(queries: QueryClient, app: AppView): void {
  queries.setQueryData(api.apps.get.queryKey({ input: { app: app.id } }), app);
  queries.setQueryData(api.apps.list.queryKey(), (list) => {
    if (!list) return list;
    const isKnown = list.apps.some(({ id }) => id === app.id);
    return {
      apps: isKnown ? list.apps.map((each) => (each.id === app.id ? app : each)) : [...list.apps, app],
    };
  });
}

export function dropApp(queries: QueryClient, appId: string): void {
  queries.setQueryData(
    api.apps.list.queryKey(),
    (list) => list && { apps: list.apps.filter(({ id }) => id !== appId) },
  );
}
