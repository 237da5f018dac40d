import type { AlertKind } from '../proxy/contract/alert-words.ts';
import type { AlertView } from '../proxy/contract/alerts.ts';
import { appScreen, SCREENS } from '../proxy/contract/screens.ts';
import { plainText } from './plain-text.ts';

/** What a notification says, and where a click on it leads. */
export interface NotificationText {
  readonly title: string;
  readonly body: string;
  readonly screen: string;
  readonly urgency: 'low' | 'normal' | 'critical';
}

const MAX_TITLE = 80;
const MAX_BODY = 200;

/** Those that are about what an app spends. */
const ABOUT_AN_APP = new Set<AlertKind>([
  'threshold',
  'forecast',
  'unusual-spend',
  'refusals',
  'overage',
  'unpriced-model',
  'usage-problem',
]);
const ABOUT_THE_KEY = new Set<AlertKind>(['key-rejected', 'key-unavailable']);
const URGENCY = { info: 'low', warning: 'normal', critical: 'critical' } as const;

export function notificationOf(alert: AlertView): NotificationText {
  return {
    title: plainText(alert.title, MAX_TITLE),
    body: plainText(alert.detail, MAX_BODY),
    screen: screenOf(alert),
    urgency: URGENCY[alert.severity],
  };
}

function screenOf({ kind, appId }: AlertView): string {
  if (ABOUT_THE_KEY.has(kind)) return SCREENS.key;
  return ABOUT_AN_APP.has(kind) && appId !== null ? appScreen(appId) : SCREENS.alerts;
}

/** In place of the rest, when many come at once. */
export function summaryOf(count: number): NotificationText {
  return {
    title: count === 1 ? '1 more alert' : `${count} more alerts`,
    body: 'Open Tollgate to see what happened.',
    screen: SCREENS.alerts,
    urgency: 'normal',
  };
}
