import { Loader } from '@mantine/core';
import { IconCircleCheckFilled } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { AppView } from '../../../proxy/contract/apps.ts';
import { api } from '../api/client.ts';
import { money } from '../format/money.ts';
import { tokenText as text } from '../text/token.ts';

/** Waits for the first request of an app, and turns green when it is there. */
export function FirstRequest({ app }: { readonly app: AppView }): ReactNode {
  const live = useQuery(api.apps.get.queryOptions({ input: { app: app.id }, initialData: app })).data;
  if (live.lastSeenAt === null) {
    return (
      <span className="tg-first" role="status">
        <Loader size={14} aria-hidden="true" />
        {text.waiting}
      </span>
    );
  }
  return (
    <span className="tg-first" data-arrived role="status">
      <IconCircleCheckFilled size={16} aria-hidden="true" />
      {text.arrived(live.spent.requestsToday, money(live.spent.todayNanoUsd))}
    </span>
  );
}
