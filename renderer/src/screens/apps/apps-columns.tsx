import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { AppView } from '../../../../proxy/contract/apps.ts';
import { appScreen } from '../../../../proxy/contract/screens.ts';
import { useZone } from '../../api/queries.ts';
import { AppStateBadge, isUsedUp, stateOf, tightestLimit, usedShare } from '../../components/app-state.tsx';
import { Money } from '../../components/money.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { capOf, SpendBar } from '../../components/spend-bar.tsx';
import type { Column } from '../../components/table-columns.ts';
import { shortCount } from '../../format/count.ts';
import { briefAmountOf } from '../../format/limit-words.ts';
import { briefMoney } from '../../format/money.ts';
import { useNow } from '../../format/now.ts';
import { nearTime } from '../../format/time.ts';
import { appsText as text } from '../../text/apps.ts';
import { limitText } from '../../text/limits.ts';
import { AppRowActions } from './app-row-actions.tsx';

const STATE_ORDER = ['over', 'enforce', 'observe', 'paused'];

export const APPS_COLUMNS: readonly Column<AppView>[] = [
  {
    id: 'name',
    header: text.columns.name,
    width: 'minmax(120px, 1.2fr)',
    cell: (app) => <NameCell app={app} />,
    sortBy: ({ name }) => name.toLowerCase(),
  },
  {
    id: 'state',
    header: text.columns.state,
    width: '152px',
    cell: (app) => <StateCell app={app} />,
    sortBy: (app) => STATE_ORDER.indexOf(stateOf(app)),
  },
  {
    id: 'spend',
    header: text.columns.spend,
    width: 'minmax(172px, 2fr)',
    cell: (app) => <SpendCell app={app} />,
    sortBy: ({ limits }) => {
      const tightest = tightestLimit(limits);
      return tightest && usedShare(tightest);
    },
  },
  {
    id: 'today',
    header: text.columns.today,
    width: '92px',
    align: 'right',
    cell: ({ spent }) => <Money nanoUsd={spent.todayNanoUsd} />,
    sortBy: ({ spent }) => spent.todayNanoUsd,
  },
  {
    id: 'seen',
    header: text.columns.seen,
    width: '108px',
    align: 'right',
    hiddenBelow: 820,
    cell: ({ lastSeenAt }) => <RelativeTime at={lastSeenAt} never={text.never} />,
    sortBy: ({ lastSeenAt }) => lastSeenAt,
  },
  {
    id: 'stop',
    header: '',
    width: '68px',
    align: 'right',
    cell: (app) => <AppRowActions app={app} />,
  },
];

function NameCell({ app }: { readonly app: AppView }): ReactNode {
  return (
    <div className="tg-app-name">
      <Link to={appScreen(app.id)}>{app.name}</Link>
      <span className="tg-dim">
        {text.limits(app.limits.length)}
        {app.tokens === 0 && ` · ${text.noToken}`}
      </span>
    </div>
  );
}

function StateCell({ app }: { readonly app: AppView }): ReactNode {
  return (
    <div className="tg-app-state">
      <AppStateBadge app={app} />
      <StateNote app={app} />
    </div>
  );
}

/** What the state means for the next request, where its name alone does not say. */
function StateNote({ app }: { readonly app: AppView }): ReactNode {
  const { zone } = useZone();
  const nowMs = useNow();
  const state = stateOf(app);
  if (state === 'enforce') return null;
  if (state === 'observe') return <span className="tg-dim">{text.modes.nothing}</span>;
  if (state === 'paused') return <span className="tg-dim">{text.modes[app.modeWhenResumed]}</span>;
  const ends = app.limits.filter(isUsedUp).map(({ resetsAt }) => resetsAt);
  const last = ends.includes(null)
    ? null
    : (ends
        .filter((at) => at !== null)
        .sort(byTime)
        .at(-1) ?? null);
  const words = last === null ? text.modes.refusesForever : text.modes.refuses(nearTime(last, zone, nowMs));
  return <span className="tg-dim">{words}</span>;
}

function byTime(a: string, b: string): number {
  return Date.parse(a) - Date.parse(b);
}

function SpendCell({ app }: { readonly app: AppView }): ReactNode {
  const limit = tightestLimit(app.limits);
  if (!limit) return <span className="tg-dim">{text.noLimit}</span>;
  const words = (amount: number): string =>
    limit.metric === 'usd' ? briefMoney(amount) : shortCount(amount);
  return (
    <div className="tg-app-spend">
      <SpendBar limit={limit} />
      <div className="tg-num" aria-hidden="true">
        <span>
          <b>{words(limit.settled)}</b>{' '}
          {text.of(limitText.per[limit.window](briefAmountOf(limit.metric, capOf(limit))))}
        </span>
        <span>
          {limit.held > 0 && `${text.held(words(limit.held))} · `}
          {text.free(words(Math.max(0, limit.free)))}
        </span>
      </div>
    </div>
  );
}
