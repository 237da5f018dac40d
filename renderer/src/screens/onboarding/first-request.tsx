import { Anchor } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { AppView } from '../../../../proxy/contract/apps.ts';
import type { RequestView } from '../../../../proxy/contract/requests.ts';
import { api } from '../../api/client.ts';
import { useLiveEvents } from '../../api/live-events.ts';
import { money } from '../../format/money.ts';
import { onboardingText } from '../../text/onboarding.ts';

const text = onboardingText.connect;

/** Waits for the first request of an app, and says how it went the moment it does. */
export function FirstRequest({ app }: { readonly app: AppView }): ReactNode {
  const queries = useQueryClient();
  const options = api.requests.list.queryOptions({ input: { app: app.id, limit: 1 } });
  const latest = useQuery(options).data?.requests[0];
  useLiveEvents('requests', (events) => {
    const own = events.flatMap(({ requests }) => requests).filter(({ appId }) => appId === app.id);
    const now = own.at(-1);
    if (now) queries.setQueryData(options.queryKey, { requests: [now], next: null, searchedTo: null });
  });
  const [state, words] = latest ? outcome(latest) : (['waiting', text.waiting] as const);
  return (
    <div className="tg-first" data-state={state} role="status">
      <span className="tg-first-light" aria-hidden="true" />
      <div>
        <b>{words}</b>
        {latest ? (
          <Anchor component={Link} to={`/requests/${latest.id}`} fz="xs">
            {text.look}
          </Anchor>
        ) : (
          <span className="tg-dim">{text.waitingMore}</span>
        )}
      </div>
    </div>
  );
}

function outcome({ outcome: end, model, costNanoUsd, reason }: RequestView): readonly [string, string] {
  if (end === 'open') return ['waiting', text.underWay(model)];
  if (end === 'refused') return ['refused', text.refused(reason ?? end)];
  return ['arrived', text.arrived(model, costNanoUsd === null ? text.unknownCost : money(costNanoUsd))];
}
