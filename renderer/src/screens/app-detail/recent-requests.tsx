import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { AppView } from '../../../../proxy/contract/apps.ts';
import type { RequestView } from '../../../../proxy/contract/requests.ts';
import { api } from '../../api/client.ts';
import { useLiveEvents } from '../../api/live-events.ts';
import { Count } from '../../components/count.tsx';
import { DataTable } from '../../components/data-table.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { LoadingRows } from '../../components/loading-rows.tsx';
import { Money } from '../../components/money.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { StatusBadge, type Tone } from '../../components/status-badge.tsx';
import type { Column } from '../../components/table-columns.ts';
import { appDetailText } from '../../text/app-detail.ts';

const { recent: text } = appDetailText;
const SHOWN = 8;

const TONES: Readonly<Record<RequestView['outcome'], Tone>> = {
  settled: 'good',
  estimated: 'warn',
  'charged-at-bound': 'warn',
  voided: 'quiet',
  refused: 'bad',
  open: 'accent',
};

const COLUMNS: readonly Column<RequestView>[] = [
  { id: 'at', header: text.columns.at, width: '104px', cell: ({ at }) => <RelativeTime at={at} /> },
  {
    id: 'endpoint',
    header: text.columns.endpoint,
    width: 'minmax(110px, 1fr)',
    hiddenBelow: 720,
    cell: ({ endpoint }) => <span className="tg-mono">{endpoint}</span>,
  },
  {
    id: 'model',
    header: text.columns.model,
    width: 'minmax(110px, 1fr)',
    cell: ({ servedModel, model }) => servedModel ?? model,
  },
  {
    id: 'outcome',
    header: text.columns.outcome,
    width: '132px',
    cell: ({ outcome }) => <StatusBadge tone={TONES[outcome]}>{text.outcomes[outcome]}</StatusBadge>,
  },
  {
    id: 'tokens',
    header: text.columns.tokens,
    width: '92px',
    align: 'right',
    cell: ({ inputTokens, outputTokens }) => (
      <Count
        value={
          inputTokens === null && outputTokens === null ? null : (inputTokens ?? 0) + (outputTokens ?? 0)
        }
      />
    ),
  },
  {
    id: 'cost',
    header: text.columns.cost,
    width: '104px',
    align: 'right',
    cell: ({ costNanoUsd }) => <Money nanoUsd={costNanoUsd} reason={text.unknownCost} />,
  },
];

/** The latest of the app as they begin and end; the whole list is on a screen of its own. */
export function RecentRequests({ app }: { readonly app: AppView }): ReactNode {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const input = { app: app.id, limit: SHOWN };
  const query = useQuery(api.requests.list.queryOptions({ input, staleTime: 0 }));
  useLiveEvents('requests', (events) => {
    const news = events.flatMap(({ requests }) => requests).filter(({ appId }) => appId === app.id);
    if (news.length === 0) return;
    queries.setQueryData(
      api.requests.list.queryKey({ input }),
      (page) => page && { ...page, requests: withNews(page.requests, news) },
    );
  });
  const search = { app: app.id };
  return (
    <section className="tg-part" aria-labelledby="app-recent">
      <header className="tg-part-head">
        <h2 id="app-recent">{text.title}</h2>
        <Link to="/requests" search={search}>
          {text.all}
        </Link>
      </header>
      {query.isPending ? (
        <LoadingRows rows={SHOWN} height={36} />
      ) : query.isError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data.requests.length === 0 ? (
        <p className="tg-dim tg-part-none">{text.none}</p>
      ) : (
        <DataTable
          label={text.title}
          rows={query.data.requests}
          columns={COLUMNS}
          rowKey={({ id }) => id}
          rowHeight={36}
          isMain
          onOpen={({ id }) => void navigate({ to: `/requests/${id}`, search })}
        />
      )}
    </section>
  );
}

/** Each request as it is now, the newest first. */
function withNews(shown: readonly RequestView[], news: readonly RequestView[]): RequestView[] {
  const all = new Map([...shown, ...news].map((request) => [request.id, request]));
  return [...all.values()].sort((a, b) => Date.parse(b.at) - Date.parse(a.at)).slice(0, SHOWN);
}
