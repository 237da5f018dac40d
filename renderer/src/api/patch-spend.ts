import type { QueryClient } from '@tanstack/react-query';
import type { AppView, LimitView } from '../../../proxy/contract/apps.ts';
import type { ControlEvent } from '../../../proxy/contract/events.ts';
import type { PlacedLimit } from '../../../proxy/contract/usage.ts';
import { api } from './client.ts';

type SpendEvent = Extract<ControlEvent, { kind: 'spend' }>;

/** Puts where budgets stand now into everything that shows them. */
export function patchSpend(queries: QueryClient, event: SpendEvent): void {
  const limits = new Map(event.limits.map((limit) => [limit.id, limit]));
  const apps = new Map(event.apps.map((app) => [app.id, app]));

  const patchApp = (view: AppView): AppView => {
    const seen = apps.get(view.id);
    if (!seen && !view.limits.some(({ id }) => limits.has(id))) return view;
    return {
      ...view,
      ...(seen ? { spent: seen.spent, lastSeenAt: seen.lastSeenAt } : {}),
      limits: view.limits.map((limit) => patchLimit(limit, limits)),
    };
  };
  queries.setQueryData(api.apps.list.queryKey(), (list) => list && { apps: list.apps.map(patchApp) });
  queries.setQueriesData<AppView>({ queryKey: api.apps.get.key() }, (view) => view && patchApp(view));
  queries.setQueryData(
    api.limits.list.queryKey(),
    (list) => list && { limits: list.limits.map((limit) => patchLimit(limit, limits)) },
  );
  queries.setQueryData(
    api.engine.status.queryKey(),
    (status) => status && { ...status, inFlight: event.inFlight, waiting: event.waiting },
  );
  queries.setQueryData(
    api.usage.overview.queryKey(),
    (overview) =>
      overview && {
        ...overview,
        at: event.at,
        heldNanoUsd: event.heldNanoUsd,
        today: { ...overview.today, costNanoUsd: event.total.todayNanoUsd },
        month: { ...overview.month, costNanoUsd: event.total.monthNanoUsd },
        forecasts: overview.forecasts.map((forecast) => {
          const limit = patchLimit(forecast.limit, limits);
          return limit === forecast.limit ? forecast : { ...forecast, limit };
        }),
      },
  );
}

function patchLimit<View extends LimitView>(view: View, limits: ReadonlyMap<number, PlacedLimit>): View {
  const now = limits.get(view.id);
  if (!now) return view;
  const { settled, held, free, resetsAt } = now;
  return { ...view, settled, held, free, resetsAt };
}
