import type { AlertSeverity } from '../contract/alert-words.ts';
import type { KeptAlert } from './alert-desk.ts';

const COLORS: Readonly<Record<AlertSeverity, string>> = {
  info: '#2f80ed',
  warning: '#e2a200',
  critical: '#d92d20',
};

/** Names that clients chose must not become mentions or links. */
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** JSON as Slack's incoming webhooks take it, and Mattermost, Rocket.Chat and Discord (`/slack`) with them. */
export function webhookMessage(alert: KeptAlert): string {
  const title = escaped(alert.title);
  const fields = [
    { title: 'App', value: alert.appName ?? '', short: true },
    { title: 'Kind', value: alert.kind, short: true },
  ].filter(({ value }) => value !== '');
  return JSON.stringify({
    text: `Tollgate: ${title}`,
    attachments: [
      {
        fallback: title,
        color: COLORS[alert.severity],
        text: escaped(alert.detail),
        fields: fields.map((field) => ({ ...field, value: escaped(field.value) })),
        ts: Math.floor(alert.atMs / 1000),
      },
    ],
  });
}
