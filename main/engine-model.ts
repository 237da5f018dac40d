import type { AppView, LimitView, Spent } from '../proxy/contract/apps.ts';
import type { EngineStatus } from '../proxy/contract/engine-status.ts';
import type { ControlEvent } from '../proxy/contract/events.ts';
import type { PlacedLimit } from '../proxy/contract/usage.ts';

/** What the tray needs to know of a running engine. */
export interface EngineModel {
  readonly status: EngineStatus;
  readonly total: Pick<Spent, 'todayNanoUsd' | 'monthNanoUsd'>;
  readonly apps: readonly AppSummary[];
  /** Limits of the whole key. */
  readonly keyLimits: readonly LimitView[];
}

export interface AppSummary {
  readonly id: string;
  readonly name: string;
  readonly isPaused: boolean;
  readonly todayNanoUsd: number;
  readonly limits: readonly LimitView[];
}

export function summarize(app: AppView): AppSummary {
  return {
    id: app.id,
    name: app.name,
    isPaused: app.mode === 'paused',
    todayNanoUsd: app.spent.todayNanoUsd,
    limits: app.limits,
  };
}

/** The model after an event; the same object where nothing of it has changed. */
export function applyEvent(model: EngineModel, event: ControlEvent): EngineModel {
  switch (event.kind) {
    case 'engine':
      return { ...model, status: event.status };
    case 'spend':
      return applySpend(model, event);
    case 'alert':
      return { ...model, status: { ...model.status, openAlerts: event.openAlerts } };
    default:
      return model;
  }
}

function applySpend(model: EngineModel, event: Extract<ControlEvent, { kind: 'spend' }>): EngineModel {
  const { inFlight, waiting, total, limits } = event;
  const spent = new Map(event.apps.map((app) => [app.id, app.spent]));
  return {
    status: { ...model.status, inFlight, waiting },
    total,
    keyLimits: withChanged(
      model.keyLimits,
      limits.filter(({ appId }) => appId === null),
    ),
    apps: model.apps.map((app) => ({
      ...app,
      todayNanoUsd: spent.get(app.id)?.todayNanoUsd ?? app.todayNanoUsd,
      limits: withChanged(
        app.limits,
        limits.filter(({ appId }) => appId === app.id),
      ),
    })),
  };
}

function withChanged(limits: readonly LimitView[], changed: readonly PlacedLimit[]): readonly LimitView[] {
  if (changed.length === 0) return limits;
  return limits.map((limit) => changed.find(({ id }) => id === limit.id) ?? limit);
}
