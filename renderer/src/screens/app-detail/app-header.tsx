import { Button } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { AppView } from '../../../../proxy/contract/apps.ts';
import { AppStateBadge } from '../../components/app-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { count } from '../../format/count.ts';
import { briefMoney, money } from '../../format/money.ts';
import { rememberedSearch } from '../../router/search.ts';
import { appDetailText as text } from '../../text/app-detail.ts';

export interface AppHeaderProps {
  readonly app: AppView;
  readonly isPending: boolean;
  onToggle(): void;
}

export function AppHeader({ app, isPending, onToggle }: AppHeaderProps): ReactNode {
  const { spent, lastSeenAt } = app;
  const isPaused = app.mode === 'paused';
  return (
    <>
      <nav className="tg-app-back">
        <Link to="/apps" search={rememberedSearch('/apps')}>
          {text.back}
        </Link>
      </nav>
      <PageHeader
        title={app.name}
        lead={
          <span className="tg-app-lead">
            <AppStateBadge app={app} />
            <span>
              {text.lead.today(money(spent.todayNanoUsd), spent.requestsToday, count(spent.requestsToday))}
            </span>
            <span>{text.lead.month(briefMoney(spent.monthNanoUsd))}</span>
            <span>
              {lastSeenAt !== null && `${text.lead.seen} `}
              <RelativeTime at={lastSeenAt} never={text.lead.never} />
            </span>
          </span>
        }
        actions={
          <Button
            variant={isPaused ? 'filled' : 'default'}
            leftSection={isPaused ? <IconPlayerPlay size={15} /> : <IconPlayerPause size={15} />}
            loading={isPending}
            onClick={onToggle}
          >
            {isPaused ? text.resume : text.pause}
          </Button>
        }
      />
    </>
  );
}
