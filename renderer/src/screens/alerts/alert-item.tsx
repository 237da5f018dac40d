import { Button, Menu, Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconBellOff, IconCheck, IconFlame, IconInfoCircle } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { AlertSettings, AlertView, WebhookView } from '../../../../proxy/contract/alerts.ts';
import { useZone } from '../../api/queries.ts';
import { RelativeTime } from '../../components/relative-time.tsx';
import { limitWords } from '../../format/limit-words.ts';
import { useNow } from '../../format/now.ts';
import { shortTime } from '../../format/time.ts';
import { alertsText as text } from '../../text/alerts.ts';
import { destinationOf } from './alert-words.ts';
import type { AlertActions } from './use-alert-actions.ts';

const ICONS = { info: IconInfoCircle, warning: IconAlertTriangle, critical: IconFlame } as const;
const SPANS = ['1h', '4h', '24h', '7d'] as const;

export interface Channels {
  readonly settings: AlertSettings | undefined;
  readonly webhook: WebhookView | undefined;
}

export interface AlertItemProps {
  readonly alert: AlertView;
  readonly channels: Channels;
  readonly actions: AlertActions;
}

/** One alert: what happened, about whom, who was told, and what can be done. */
export function AlertItem({ alert, channels, actions }: AlertItemProps): ReactNode {
  const { severity, kind, count } = alert;
  const Icon = ICONS[severity];
  const to = destinationOf(alert);
  const isSeen = alert.acknowledgedAt !== null;
  return (
    <div className="tg-alert" data-severity={severity} data-seen={isSeen || undefined}>
      <Icon
        size={18}
        stroke={1.8}
        className="tg-alert-icon"
        aria-label={text.severity[severity]}
        role="img"
      />
      <div className="tg-alert-text">
        <h2 className="tg-alert-title">{alert.title}</h2>
        <p>{alert.detail}</p>
        <div className="tg-alert-facts">
          <RelativeTime at={alert.lastAt} />
          {count > 1 && <span>{text.times(count)}</span>}
          <span>{text.kinds[kind]}</span>
          {alert.limit && <span>{limitWords(alert.limit)}</span>}
          <span>{alert.app ?? text.allApps}</span>
          <SnoozedUntil alert={alert} />
          <DeliveredTo alert={alert} channels={channels} />
          <Link className="tg-alert-link" {...to.link}>
            {to.label}
          </Link>
        </div>
      </div>
      <div className="tg-alert-actions">
        <SnoozeControl alert={alert} actions={actions} />
        {isSeen ? (
          <span className="tg-alert-seen">
            <IconCheck size={14} aria-hidden="true" />
            {text.acknowledged}
          </span>
        ) : (
          <Button variant="default" onClick={() => actions.acknowledge(alert.id)}>
            {text.actions.acknowledge}
          </Button>
        )}
      </div>
    </div>
  );
}

function isAhead(at: string | null, nowMs: number): at is string {
  return at !== null && Date.parse(at) > nowMs;
}

function SnoozedUntil({ alert }: Pick<AlertItemProps, 'alert'>): ReactNode {
  const { zone } = useZone();
  const nowMs = useNow();
  if (!isAhead(alert.snoozedUntil, nowMs)) return null;
  return <span>{text.snoozed(shortTime(alert.snoozedUntil, zone))}</span>;
}

function SnoozeControl({ alert, actions }: Pick<AlertItemProps, 'alert' | 'actions'>): ReactNode {
  const nowMs = useNow();
  const words = text.actions;
  if (isAhead(alert.snoozedUntil, nowMs)) {
    return (
      <Button variant="light" leftSection={<IconBellOff size={14} />} onClick={() => actions.wake(alert.id)}>
        {words.wake}
      </Button>
    );
  }
  return (
    <Menu>
      <Menu.Target>
        <Button variant="subtle" color="gray">
          {words.snooze}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{words.snoozeWhat}</Menu.Label>
        {SPANS.map((span) => (
          <Menu.Item key={span} onClick={() => actions.snooze(alert.id, span)}>
            {words.for[span]}
          </Menu.Item>
        ))}
        {isAhead(alert.windowEndsAt, nowMs) && (
          <Menu.Item onClick={() => actions.snooze(alert.id, 'window')}>{words.for.window}</Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

/** The engine keeps whether an alert was sent, not to where: that is told by the channels of today. */
function DeliveredTo({ alert, channels }: Pick<AlertItemProps, 'alert' | 'channels'>): ReactNode {
  const words = text.delivered;
  if (!alert.delivered) return <span>{words.kept}</span>;
  const { settings, webhook } = channels;
  if (!settings || !webhook) return null;
  const hasWebhook = webhook.address !== null;
  const where = settings.desktop
    ? hasWebhook
      ? words.both
      : words.desktop
    : hasWebhook
      ? words.webhook
      : words.page;
  return (
    <Tooltip label={words.why}>
      <span>{where}</span>
    </Tooltip>
  );
}
