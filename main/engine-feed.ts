import { setTimeout as delay } from 'node:timers/promises';
import { getEventMeta } from '@orpc/client';
import type { ControlClient, Logger } from '../proxy/client.ts';
import type { AlertSettings, AlertView } from '../proxy/contract/alerts.ts';
import type { ControlEvent } from '../proxy/contract/events.ts';
import type { Settings } from '../proxy/contract/settings.ts';
import { applyEvent, type EngineModel, summarize } from './engine-model.ts';

export interface FeedListener {
  onModel(model: EngineModel): void;
  /** An alert that is new and to be delivered. */
  onAlert(alert: AlertView): void;
  onSettings(settings: Settings): void;
  onAlertSettings(settings: AlertSettings): void;
  /** The engine does not answer. */
  onLost(client: ControlClient): void;
}

export interface FeedOptions {
  readonly client: ControlClient;
  readonly listener: FeedListener;
  readonly logger: Pick<Logger, 'warn'>;
  readonly signal: AbortSignal;
}

/** Alerts, spending and changes; requests are the page's business. */
const KINDS = ['spend', 'alert', 'changed'] as const;
const RETRY_MS = 1_000;

/**
 * Keeps a model of a running engine and passes on what it tells, until the signal. When the stream breaks
 * it goes on behind the last event that was seen, so that no alert is lost and none is told twice.
 */
export async function followEngine(options: FeedOptions): Promise<void> {
  const { client, listener, logger, signal } = options;
  let lastEventId: string | undefined;
  while (!signal.aborted) {
    try {
      const events = await client.events.follow(
        { kinds: [...KINDS] },
        { signal, ...(lastEventId === undefined ? {} : { lastEventId }) },
      );
      // Read behind the start of the stream: what changes from here on is told.
      let model = await readModel(client, signal);
      await readSettings(options);
      listener.onModel(model);
      for await (const event of events) {
        lastEventId = getEventMeta(event)?.id ?? lastEventId;
        model = await nextModel(options, model, event);
      }
    } catch (error) {
      if (signal.aborted) return;
      logger.warn({ err: error }, 'the events of the engine broke off');
    }
    if (signal.aborted) return;
    listener.onLost(client);
    await delay(RETRY_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function nextModel(
  options: FeedOptions,
  before: EngineModel,
  event: ControlEvent,
): Promise<EngineModel> {
  const { client, listener, signal } = options;
  const what = event.kind === 'changed' ? event.what : null;
  if (event.kind === 'heartbeat') return before;
  if (what === 'settings' || what === 'alert-settings' || event.kind === 'resync')
    await readSettings(options);
  const isStale = what === 'apps' || what === 'limits' || event.kind === 'resync';
  const model = isStale ? await readModel(client, signal) : applyEvent(before, event);
  if (model === before) return model;
  listener.onModel(model);
  if (event.kind === 'alert' && event.isNew && event.alert.delivered) listener.onAlert(event.alert);
  return model;
}

async function readSettings({ client, listener, signal }: FeedOptions): Promise<void> {
  const [settings, alertSettings] = await Promise.all([
    client.settings.get(undefined, { signal }),
    client.alerts.settings(undefined, { signal }),
  ]);
  listener.onSettings(settings);
  listener.onAlertSettings(alertSettings);
}

async function readModel(client: ControlClient, signal: AbortSignal): Promise<EngineModel> {
  const [status, { apps }, { limits }, overview] = await Promise.all([
    client.engine.status(undefined, { signal }),
    client.apps.list(undefined, { signal }),
    client.limits.list(undefined, { signal }),
    client.usage.overview(undefined, { signal }),
  ]);
  return {
    status,
    total: { todayNanoUsd: overview.today.costNanoUsd, monthNanoUsd: overview.month.costNanoUsd },
    apps: apps.map(summarize),
    keyLimits: limits,
  };
}
