import { Button } from '@mantine/core';
import { IconKey, IconPlus, IconRefresh } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo } from 'react';
import type { AppView } from '../../../../proxy/contract/apps.ts';
import type { TokenView } from '../../../../proxy/contract/tokens.ts';
import { api } from '../../api/client.ts';
import { DataTable } from '../../components/data-table.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { LoadingRows } from '../../components/loading-rows.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import type { Column } from '../../components/table-columns.ts';
import { appTokensText as text } from '../../text/app-tokens.ts';
import { IssueTokenDialog } from './issue-token-dialog.tsx';
import type { PartProps } from './limits-part.tsx';
import { RevokeButton } from './revoke-button.tsx';
import { RotateDialog } from './rotate-dialog.tsx';

/** The tokens of an app that work: made, rotated and revoked here, and shown never again. */
// biome-ignore lint/style/noDefaultExport: React.lazy takes a default export
export default function TokensPart({ app, open, onOpen }: PartProps): ReactNode {
  const query = useQuery(api.tokens.list.queryOptions({ input: { app: app.id } }));
  const columns = useMemo(() => columnsFor(app), [app]);
  const close = (): void => onOpen(null);
  const tokens = query.data?.tokens ?? [];
  const isRotatable = tokens.some(({ kind }) => kind === 'app');
  const create = (
    <Button leftSection={<IconPlus size={14} />} onClick={() => onOpen('new')}>
      {text.create}
    </Button>
  );
  return (
    <section className="tg-part" aria-labelledby="app-tokens">
      <header className="tg-part-head">
        <div>
          <h2 id="app-tokens">{text.title}</h2>
          <p className="tg-dim">{text.lead}</p>
        </div>
        {tokens.length > 0 && (
          <div className="tg-part-actions">
            {isRotatable && (
              <Button
                variant="default"
                leftSection={<IconRefresh size={14} />}
                onClick={() => onOpen('rotate')}
              >
                {text.rotate}
              </Button>
            )}
            {create}
          </div>
        )}
      </header>
      {query.isPending ? (
        <LoadingRows rows={3} height={44} />
      ) : query.isError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : tokens.length === 0 ? (
        <div className="tg-card">
          <EmptyState
            icon={<IconKey size={22} stroke={1.6} />}
            title={text.empty.title}
            what={text.empty.what}
            next={create}
          />
        </div>
      ) : (
        <DataTable
          label={text.title}
          rows={tokens}
          columns={columns}
          rowKey={({ id }) => String(id)}
          rowHeight={44}
        />
      )}
      {open === 'new' && <IssueTokenDialog app={app} onClose={close} />}
      {open === 'rotate' && <RotateDialog app={app} onClose={close} />}
    </section>
  );
}

export function tokenName({ label, kind }: TokenView): string {
  return label ?? (kind === 'run' ? text.run : text.noLabel);
}

function columnsFor(app: AppView): readonly Column<TokenView>[] {
  return [
    {
      id: 'label',
      header: text.columns.label,
      width: 'minmax(120px, 1fr)',
      cell: (token) => (
        <span className={token.label === null ? 'tg-dim' : undefined}>{tokenName(token)}</span>
      ),
      sortBy: tokenName,
    },
    {
      id: 'created',
      header: text.columns.created,
      width: '130px',
      hiddenBelow: 640,
      cell: ({ createdAt }) => <RelativeTime at={createdAt} />,
      sortBy: ({ createdAt }) => createdAt,
    },
    {
      id: 'used',
      header: text.columns.used,
      width: '130px',
      cell: ({ lastUsedAt }) => <RelativeTime at={lastUsedAt} never={text.unused} />,
      sortBy: ({ lastUsedAt }) => lastUsedAt,
    },
    {
      id: 'expires',
      header: text.columns.expires,
      width: '130px',
      cell: ({ expiresAt }) => <RelativeTime at={expiresAt} never={text.never} />,
      sortBy: ({ expiresAt }) => expiresAt,
    },
    {
      id: 'revoke',
      header: '',
      width: '92px',
      align: 'right',
      cell: (token) => <RevokeButton app={app} token={token} />,
    },
  ];
}
