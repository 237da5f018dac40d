import { Anchor } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { memo, type ReactNode } from 'react';
import { api } from '../../api/client.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { LoadingRows } from '../../components/loading-rows.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { overviewText as text } from '../../text/overview.ts';

const SHOWN = 5;

/** What the user was told last. */
export const RecentAlerts = memo(function RecentAlerts(): ReactNode {
  const query = useQuery(api.alerts.list.queryOptions({ input: { limit: SHOWN } }));
  const { alerts } = text;
  return (
    <section className="tg-card tg-top" aria-label={alerts.title}>
      <header className="tg-section-head">
        <h2>{alerts.title}</h2>
        <Anchor component={Link} to="/alerts" fz="xs">
          {alerts.all}
        </Anchor>
      </header>
      {query.isPending ? (
        <LoadingRows rows={SHOWN} />
      ) : query.isError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data.alerts.length === 0 ? (
        <p className="tg-dim">{alerts.none}</p>
      ) : (
        <ul className="tg-alerts">
          {query.data.alerts.map(({ id, title, severity, lastAt, acknowledgedAt }) => (
            <li key={id} data-severity={severity} data-seen={acknowledgedAt !== null || undefined}>
              <Link to="/alerts">{title}</Link>
              <span className="tg-dim">
                <RelativeTime at={lastAt} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
});
