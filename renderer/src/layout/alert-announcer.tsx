import { notifications } from '@mantine/notifications';
import { type ReactNode, useState } from 'react';
import type { AlertSeverity } from '../../../proxy/contract/alert-words.ts';
import { useLiveEvents } from '../api/live-events.ts';

const COLOURS: Readonly<Record<AlertSeverity, string>> = { info: 'toll', warning: 'yellow', critical: 'red' };
const SHOWN_MS = 8_000;

/** Shows new alerts for a while, and says them aloud: the only thing on the page that speaks by itself. */
export function AlertAnnouncer(): ReactNode {
  const [spoken, setSpoken] = useState('');
  useLiveEvents('alert', (events) => {
    const fresh = events.filter(({ isNew, alert }) => isNew && alert.delivered).map(({ alert }) => alert);
    for (const { id, title, detail, severity } of fresh.slice(-3)) {
      notifications.show({
        id: `alert-${id}`,
        title,
        message: detail,
        color: COLOURS[severity],
        role: 'presentation',
        autoClose: severity === 'critical' ? false : SHOWN_MS,
      });
    }
    if (fresh.length > 0) setSpoken(fresh.map(({ title }) => title).join('. '));
  });
  return (
    <div className="tg-hidden" aria-live="polite">
      {spoken}
    </div>
  );
}
