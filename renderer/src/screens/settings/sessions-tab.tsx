import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { SessionView } from '../../../../proxy/contract/sessions.ts';
import { api } from '../../api/client.ts';
import { showError } from '../../api/show-error.ts';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { LoadingRows } from '../../components/loading-rows.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { Section } from '../../components/section.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { settingsText } from '../../text/settings.ts';
import { browserName } from './browser-name.ts';

const { sessions: text } = settingsText;

/** Every browser that is let in, and the way to let it in no more. */
export function SessionsTab(): ReactNode {
  const query = useQuery(api.sessions.list.queryOptions());
  const queries = useQueryClient();
  const revoke = useMutation(
    api.sessions.revoke.mutationOptions({
      onSuccess: (list) => queries.setQueryData(api.sessions.list.queryKey(), list),
      onError: showError,
    }),
  );
  const sessions = query.data?.sessions ?? [];
  const others = sessions.filter(({ current }) => !current);
  return (
    <Section
      title={text.title}
      lead={text.lead}
      isFlush
      actions={
        others.length > 0 && (
          <ConfirmButton
            question={text.endOthersQuestion}
            confirmLabel={text.end}
            loading={revoke.isPending}
            onConfirm={() => revoke.mutate({ id: 'others' })}
          >
            {text.endOthers}
          </ConfirmButton>
        )
      }
    >
      {query.isPending ? (
        <div className="tg-settings-pad">
          <LoadingRows rows={3} height={52} />
        </div>
      ) : query.isError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <ul className="tg-rows">
          {sessions.length === 0 && <li className="tg-dim">{text.empty}</li>}
          {[...sessions]
            .sort((a, b) => Number(b.current) - Number(a.current))
            .map((session) => (
              <Session
                key={session.id}
                session={session}
                isBusy={revoke.isPending}
                onEnd={() => revoke.mutate({ id: session.id })}
              />
            ))}
        </ul>
      )}
    </Section>
  );
}

function Session(props: {
  readonly session: SessionView;
  readonly isBusy: boolean;
  onEnd(): void;
}): ReactNode {
  const { id, browser, current, createdAt, lastSeenAt, idleEndsAt } = props.session;
  return (
    <li className="tg-row" data-session={id}>
      <div>
        <div className="tg-row-title" title={browser}>
          {browserName(browser)} {current && <StatusBadge tone="accent">{text.current}</StatusBadge>}
        </div>
        <div className="tg-dim tg-row-facts">
          <span>
            {text.opened} <RelativeTime at={createdAt} />
          </span>
          <span>
            {text.seen} <RelativeTime at={lastSeenAt} />
          </span>
          <span>
            {text.ends} <RelativeTime at={idleEndsAt} />
          </span>
        </div>
      </div>
      <ConfirmButton
        question={current ? text.endCurrentQuestion : text.endQuestion}
        confirmLabel={text.end}
        disabled={props.isBusy}
        onConfirm={props.onEnd}
      >
        {text.end}
      </ConfirmButton>
    </li>
  );
}
