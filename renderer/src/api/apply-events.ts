import { notifyManager, type QueryClient } from '@tanstack/react-query';
import type { Change } from '../../../proxy/contract/event-words.ts';
import type { ControlEvent } from '../../../proxy/contract/events.ts';
import { api } from './client.ts';
import { patchSpend } from './patch-spend.ts';

/** Sums over time (charts, top lists, forecasts) are read again at most this often while money flows. */
const SUMS_MS = 5_000;

/** Which queries are no longer true after each change. */
const READ_AGAIN: Readonly<Record<Change, readonly (readonly unknown[])[]>> = {
  apps: [api.apps.key(), api.tokens.key(), api.usage.key(), api.checklist.key(), api.requests.facets.key()],
  limits: [api.limits.key(), api.apps.key(), api.usage.key(), api.checklist.key()],
  tokens: [api.tokens.key(), api.apps.key(), api.checklist.key()],
  prices: [api.prices.key()],
  settings: [api.settings.key()],
  'alert-settings': [api.alerts.settings.key(), api.webhook.key(), api.apps.key(), api.limits.key()],
  sessions: [api.sessions.key()],
};

export interface EventCache {
  /** Everything that has come since the last painted frame, in order. */
  apply(events: readonly ControlEvent[]): void;
}

/** Keeps what was read in step with what happens. */
export function createEventCache(queries: QueryClient): EventCache {
  let sumsAtMs = 0;
  let sumsTimer: ReturnType<typeof setTimeout> | null = null;

  /** The last burst counts as well: what is too early now is read when its time has come. */
  const readSumsAgain = (): void => {
    if (sumsTimer !== null) return;
    sumsTimer = setTimeout(
      () => {
        sumsTimer = null;
        sumsAtMs = Date.now();
        void queries.invalidateQueries({ queryKey: api.usage.key() });
      },
      Math.max(0, sumsAtMs + SUMS_MS - Date.now()),
    );
  };

  const applyOne = (event: ControlEvent): void => {
    switch (event.kind) {
      case 'engine':
        queries.setQueryData(api.engine.status.queryKey(), event.status);
        queries.setQueryData(api.keys.status.queryKey(), event.status.key);
        break;
      case 'spend':
        patchSpend(queries, event);
        readSumsAgain();
        break;
      case 'alert':
        queries.setQueryData(
          api.engine.status.queryKey(),
          (status) => status && { ...status, openAlerts: event.openAlerts },
        );
        queries.setQueryData(
          api.usage.overview.queryKey(),
          (overview) => overview && { ...overview, openAlerts: event.openAlerts },
        );
        void queries.invalidateQueries({ queryKey: api.alerts.list.key() });
        break;
      case 'changed':
        for (const queryKey of READ_AGAIN[event.what]) void queries.invalidateQueries({ queryKey });
        break;
      case 'resync':
        void queries.invalidateQueries();
        break;
      default:
        break;
    }
  };

  return {
    apply: (events) => notifyManager.batch(() => events.forEach(applyOne)),
  };
}
