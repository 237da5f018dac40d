import { parseWebhook } from '../alerts/webhook-address.ts';
import type { AlertKind } from '../contract/alert-words.ts';
import type { AlertSettings, AlertView, WebhookView } from '../contract/alerts.ts';
import { AppError } from '../contract/errors.ts';
import { requireApp } from './app-commands.ts';
import type { ControlDeps } from './control-deps.ts';
import { nowOf, readAhead } from './instants.ts';
import { alertView } from './views.ts';

export interface AlertsWanted {
  readonly state: 'open' | 'all';
  readonly kind?: AlertKind | undefined;
  readonly app?: string | undefined;
  readonly limit: number;
  readonly before?: number | undefined;
}

export async function listAlerts(deps: ControlDeps, wanted: AlertsWanted) {
  await deps.alerting.desk.settled();
  await deps.journal.flush();
  const found = await deps.reports.query('alerts', {
    onlyOpen: wanted.state === 'open',
    kind: wanted.kind ?? null,
    appNum: wanted.app === undefined ? null : requireApp(deps, wanted.app).num,
    beforeId: wanted.before ?? null,
    limit: wanted.limit + 1,
  });
  const alerts = found.slice(0, wanted.limit).map(alertView);
  const next = found.length > wanted.limit ? (alerts.at(-1)?.id ?? null) : null;
  return { alerts, next, open: deps.alerting.desk.open };
}

/** @throws AppError `alert_unknown` or `input_invalid` */
export async function snoozeAlert(deps: ControlDeps, id: number, until: string | null): Promise<AlertView> {
  const untilMs = until === null ? null : await snoozeEnd(deps, id, until);
  const alert = await deps.alerting.desk.snooze(id, untilMs);
  if (!alert) throw new AppError('alert_unknown', { id });
  return alertView(alert);
}

async function snoozeEnd(deps: ControlDeps, id: number, until: string): Promise<number> {
  if (until !== 'window') return readAhead(deps, until);
  const [alert] = await deps.reports.query('alerts', {
    onlyOpen: false,
    kind: null,
    appNum: null,
    beforeId: id + 1,
    limit: 1,
  });
  if (alert?.id !== id) throw new AppError('alert_unknown', { id });
  const endsAtMs = alert.windowEndsAtMs;
  if (endsAtMs === null || endsAtMs <= nowOf(deps)) {
    throw new AppError('input_invalid', { problem: 'this alert is about no window that is still to end' });
  }
  return endsAtMs;
}

export async function changeAlertSettings(
  deps: ControlDeps,
  patch: { readonly [Name in keyof AlertSettings]?: AlertSettings[Name] | undefined },
): Promise<AlertSettings> {
  const { desk } = deps.alerting;
  const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
  const settings: AlertSettings = { ...desk.settings, ...given };
  settings.thresholds = [...new Set(settings.thresholds)].sort((a, b) => a - b);
  await deps.memory.set('alert_settings', JSON.stringify(settings));
  desk.settings = settings;
  deps.signals.send({ kind: 'changed', what: 'alert-settings', appId: null });
  return settings;
}

/** Null takes it away. @throws AppError `webhook_invalid` */
export async function setWebhook(deps: ControlDeps, text: string | null): Promise<WebhookView> {
  const url = text === null ? null : parseWebhook(text);
  await deps.memory.set('webhook_url', url?.href ?? '');
  deps.webhook.use(url);
  deps.signals.send({ kind: 'changed', what: 'alert-settings', appId: null });
  return deps.webhook.view;
}

/** @throws AppError `webhook_missing` */
export async function testWebhook(deps: ControlDeps): Promise<WebhookView> {
  if (!deps.webhook.isSet) throw new AppError('webhook_missing');
  const atMs = nowOf(deps);
  await deps.webhook.test({
    id: 0,
    kind: 'threshold',
    severity: 'info',
    atMs,
    appNum: null,
    appId: null,
    appName: null,
    title: 'This is a test',
    detail: 'Alerts of Tollgate will arrive here.',
    limit: null,
    threshold: null,
    windowEndsAtMs: null,
    count: 1,
    lastAtMs: atMs,
    acknowledgedAtMs: null,
    snoozedUntilMs: null,
    delivered: true,
  });
  return deps.webhook.view;
}
